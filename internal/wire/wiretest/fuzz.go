package wiretest

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/wire"
)

// exportAll makes [cmp.Diff] compare unexported fields, too.
var exportAll = cmp.Exporter(func(reflect.Type) bool { return true })

// FuzzDecoder checks that a Decode function never panics, that its errors name fields, and
// that the payload of a decoded request decodes to the same value.
func FuzzDecoder[T any](f *testing.F, decode func(*wire.Params, wire.Env) (T, error)) {
	f.Add("_method=PUT", "application/json", []byte(`{"ActionId":"1.2.3","Sku":"a","Quantity":1.0,"Reason":"ORDER_UPDATE"}`))
	f.Add("a=%ff", Form, []byte("Sku1=%00&Amount=1e5"))
	f.Fuzz(func(t *testing.T, parameters, contentType string, body []byte) {
		p, err := wire.ParseParams(parameters, contentType, body)
		if err != nil {
			var e *wire.Error
			if !errors.As(err, &e) || e.Status != 400 && e.Status != 415 {
				t.Fatalf("error is %v", err)
			}
			return
		}
		got, err := decode(p, Env)
		if header := p.Ignored(); len(header) > 1100 || strings.Trim(header, "\r\n") != header || strings.ContainsAny(header, "\r\n\x00") {
			t.Fatalf("unsafe header %q", header)
		}
		if err != nil {
			if len(Errors(t, err)) == 0 {
				t.Fatalf("%v names no field", err)
			}
			return
		}
		again, err := wire.ParseParams(p.Payload(), "", nil)
		if err != nil {
			t.Fatalf("payload %q: %v", p.Payload(), err)
		}
		same, err := decode(again, Env)
		if diff := cmp.Diff(got, same, exportAll); err != nil || diff != "" {
			t.Fatalf("payload %q: %v\n%s", p.Payload(), err, diff)
		}
	})
}
