package ledger_test

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// storedTypes are the types whose JSON form is stored.
var storedTypes = []any{
	ledger.Conversion{},
	ledger.Modification{},
	ledger.Reversal{},
	ledger.Undo{},
	inquiry.Inquiry{},
	program.Account{},
	program.Campaign{},
	program.EventType{},
	program.Partner{},
	program.PartnerGroup{},
	program.PromoCode{},
	program.Contract{},
	program.Terms{},
	program.Notification{},
	program.Bridge{},
}

// filler sets every stored field of a value to a distinct non-zero value.
type filler struct{ n int64 }

func (f *filler) fill(v reflect.Value) {
	if v.Type() != reflect.TypeFor[ledger.Prices]() { // its fields were a conversion's own before
		f.n++
	}
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(time.Date(2026, 1, 2, 3, 4, int(f.n), 0, time.UTC)))
		return
	}
	if v.Type() == reflect.TypeFor[program.Profile]() {
		v.SetString(fmt.Sprintf(`{"Field":"text %d"}`, f.n))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("text %d", f.n))
	case reflect.Int, reflect.Int64:
		v.SetInt(f.n)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem())
	case reflect.Array:
		for i := range v.Len() {
			f.fill(v.Index(i))
		}
	case reflect.Uint8:
		v.SetUint(uint64(f.n) % 256)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		f.fill(v.Index(0))
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		f.fill(key)
		f.fill(value)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Tag.Get("json") != "-" {
				f.fill(v.Field(i))
			}
		}
	default:
		panic("cannot fill a " + v.Type().String())
	}
}

// TestStoredJSONNeverChanges pins the names, the order and the omission of the
// stored fields, because every store must stay readable.
func TestStoredJSONNeverChanges(t *testing.T) {
	const path = "testdata/stored.txt"
	var got strings.Builder
	for _, zero := range storedTypes {
		full := reflect.New(reflect.TypeOf(zero))
		new(filler).fill(full.Elem())
		for _, c := range []struct {
			name  string
			value any
		}{{"zero", zero}, {"full", full.Elem().Interface()}} {
			text, err := json.Marshal(c.value)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&got, "%s %s %s\n", full.Elem().Type().Name(), c.name, text)
			back := reflect.New(full.Elem().Type())
			if err := json.Unmarshal(text, back.Interface()); err != nil {
				t.Error(err)
			}
			if diff := cmp.Diff(c.value, back.Elem().Interface()); diff != "" {
				t.Errorf("%T is read back differently (-written +read):\n%s", zero, diff)
			}
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")); diff != "" {
		t.Errorf("stored JSON (-want +got):\n%s", diff)
	}
}

// TestUpdateSumNeverChanges pins the hash of an update: every chain ever written must
// stay verifiable.
func TestUpdateSumNeverChanges(t *testing.T) {
	for version, want := range map[int]string{
		1: "aed0204e946b7237343e0f1cf2a3fe7c53377f29885c46fce88ddf8490e90c30",
		2: "1f0919a146a17ab6240395f123c60f9d9bdf65c3c574a81372f4973b6e3b8716",
	} {
		var u ledger.Update
		new(filler).fill(reflect.ValueOf(&u).Elem())
		u.Version, u.SKU, u.Category = version, "a \"quoted\" sku", "tab\tand ü"
		if got := fmt.Sprintf("%x", u.Sum()); got != want {
			t.Errorf("sum of version %d is %s, want %s", version, got, want)
		}
	}
}
