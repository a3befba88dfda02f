package wire_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
)

func TestSection7AFaultInJSONHasALineAndAColumn(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"a missing comma":                 {"{\n  \"OrderId\": \"A\"\n  \"Amount\": 1\n}", "The body is not valid JSON: see line 3, column 3"},
		"a comma at the end":              {"{\"OrderId\":\"A\",}", "The body is not valid JSON: see line 1, column 16"},
		"columns are characters":          {"{\"Note\":\"ü\" x}", "The body is not valid JSON: see line 1, column 13"},
		"a single quote":                  {"\n\n{'OrderId':1}", "The body is not valid JSON: see line 3, column 2"},
		"a body that ends early":          {"{\"OrderId\":\n\"A", "The body is not valid JSON: see line 2, column 3"},
		"a body without its closing mark": {"{\"OrderId\":\"A\"", "The body is not valid JSON: see line 1, column 15"},
		"an unknown word":                 {"{\"OrderId\":\n  None}", "The body is not valid JSON: see line 2, column 3"},
		"an array":                        {" [1]", "The body must be a JSON object"},
		"two objects":                     {"{}\n {}", "The body is not valid JSON: see line 2, column 2"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := wire.ParseParams("", "application/json", []byte(c.body))
			wiretest.CheckErrors(t, err, c.want)
		})
	}
	for body, want := range map[string]string{`{"a":1}`: "", `[1]`: "", "{\n\"a\":}": "The body is not valid JSON: see line 2, column 5"} {
		if err := wire.CheckJSON(body); (err == nil) != (want == "") {
			t.Errorf("%s: %v", body, err)
		} else if err != nil {
			wiretest.CheckErrors(t, err, want)
		}
	}
}
