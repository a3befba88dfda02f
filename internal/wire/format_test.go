package wire_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
)

func TestSection1AParameterOverridesTheMethod(t *testing.T) {
	cases := map[string]struct {
		method, query, want string
	}{
		"PUT":                              {"POST", "_method=PUT", "PUT"},
		"DELETE in lower case":             {"POST", "_METHOD=delete", "DELETE"},
		"no override":                      {"POST", "a=1", "POST"},
		"GET cannot become another":        {"GET", "_method=DELETE", "GET"},
		"another method is rejected":       {"POST", "_method=PATCH", ""},
		"different overrides are rejected": {"POST", "_method=PUT&_method=DELETE", ""},
		"equal overrides are accepted":     {"POST", "_method=PUT&_method=put", "PUT"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := wire.Method(c.method, wiretest.Params(t, c.query))
			if c.want == "" {
				wiretest.CheckErrors(t, err, "_method: ")
			} else if err != nil || got != c.want {
				t.Errorf("method is %s (%v), want %s", got, err, c.want)
			}
		})
	}
}

func TestSection1OnlyJSONAndXMLAreFormatSuffixes(t *testing.T) {
	cases := map[string]struct {
		rest   string
		format wire.Format
		found  bool
	}{
		"/Actions.json":                    {"/Actions", wire.JSON, true},
		"/Actions/1000.4636.158133.JSON":   {"/Actions/1000.4636.158133", wire.JSON, true},
		"/Actions/1000.4636.158133.xml":    {"/Actions/1000.4636.158133", wire.XML, true},
		"/Actions/1000.4636.158133":        {"/Actions/1000.4636.158133", wire.XML, false},
		"/Actions/1.2.3/Items/shirt%2Exml": {"/Actions/1.2.3/Items/shirt%2Exml", wire.XML, false},
		"/Actions.csv":                     {"/Actions.csv", wire.XML, false},
		"":                                 {"", wire.XML, false},
	}
	for path, want := range cases {
		rest, format, found := wire.CutFormatSuffix(path)
		if rest != want.rest || found != want.found || found && format != want.format {
			t.Errorf("CutFormatSuffix(%q) = %q, %v, %v", path, rest, format, found)
		}
	}
}

func TestSection3TheVersionIsNegotiated(t *testing.T) {
	cases := map[string]struct {
		query, header string
		want          int
	}{
		"the version of the token by default": {"", "", 12},
		"a parameter":                         {"IrVersion=13", "", 13},
		"a parameter with a hyphen":           {"ir-version=11", "", 11},
		"a parameter in another letter case":  {"IRVERSION=14", "", 14},
		"a header":                            {"", "13", 13},
		"the parameter overrides the header":  {"IrVersion=11", "13", 11},
		"an unknown version":                  {"IrVersion=15", "", 0},
		"a version that is too old":           {"", "10", 0},
		"not a number":                        {"", "v13", 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := wire.Version(wiretest.Params(t, c.query), c.header, 12)
			if c.want == 0 {
				if wiretest.Errors(t, err) == nil {
					t.Error("accepted")
				}
			} else if err != nil || got != c.want {
				t.Errorf("version is %d (%v), want %d", got, err, c.want)
			}
		})
	}
}
