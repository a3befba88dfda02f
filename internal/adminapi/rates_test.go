package adminapi_test

import (
	"strings"
	"testing"
)

func TestRateTables(t *testing.T) {
	h := open(t)
	const path = "/accounts/1/rate_tables"
	want := func(method, path, body, want string) {
		t.Helper()
		if code, got := h.do(method, path, body); code != 200 || strings.TrimSpace(got) != want {
			t.Errorf("%s %s: %d %s, want %s", method, path, code, got, want)
		}
	}
	want("PUT", path+"/2026-11-02/EUR", `{"rates":{"USD":1.0956,"GBP":"0.8601"}}`, `{"recorded":1}`)
	want("PUT", path+"/2026-11-02/EUR", `{"rates":{"USD":"1.09560"}}`, `{"recorded":0}`)
	want("PUT", path+"/2026-11-01/EUR", `{"rates":{"USD":1.1}}`, `{"recorded":1}`)
	const first = `{"date":"2026-11-02","base":"EUR","rates":{"GBP":"0.8601","USD":"1.0956"}}`
	want("GET", path, "", `{"rate_tables":[`+first+`,{"date":"2026-11-01","base":"EUR","rates":{"USD":"1.1"}}]}`)
	want("GET", path+"?limit=1", "", `{"rate_tables":[`+first+`]}`)
	want("GET", path+"?first=2026-11-02&last=2026-11-02", "", `{"rate_tables":[`+first+`]}`)
	want("GET", path+"?last=2026-10-01", "", `{"rate_tables":[]}`)
	for name, c := range map[string]struct{ method, path, body, want string }{
		"a rate of 0":            {"PUT", "/2026-11-02/EUR", `{"rates":{"USD":0}}`, "Not a decimal number above 0"},
		"a decimal comma":        {"PUT", "/2026-11-02/EUR", `{"rates":{"USD":"1,1"}}`, "Not a decimal number above 0: use a decimal point, and no comma"},
		"a currency":             {"PUT", "/2026-11-02/EUR", `{"rates":{"XXY":1}}`, "Must be an ISO 4217 code, such as USD"},
		"a currency twice":       {"PUT", "/2026-11-02/EUR", `{"rates":{"USD":1,"usd":1}}`, "Is listed twice"},
		"the base":               {"PUT", "/2026-11-02/EUR", `{"rates":{"EUR":1}}`, "Must not be the base"},
		"no rates":               {"PUT", "/2026-11-02/EUR", `{"rates":{}}`, "Must have a rate, such as USD: 1.0956"},
		"rates are left out":     {"PUT", "/2026-11-02/EUR", `{}`, "Required"},
		"a date in the path":     {"PUT", "/2026-02-30/EUR", `{"rates":{"USD":1}}`, "Must be a date"},
		"a date of the list":     {"GET", "?first=yesterday", "", `"Field":"first"`},
		"a limit of the list":    {"GET", "?limit=0", "", `"Field":"limit"`},
		"an unknown parameter":   {"GET", "?from=2026-01-01", "", `"Field":"from"`},
		"too many digits of it":  {"PUT", "/2026-11-02/EUR", `{"rates":{"USD":"1.0123456789012345"}}`, "More than 15 significant digits"},
		"a base that is unknown": {"PUT", "/2026-11-02/XXY", `{"rates":{"USD":1}}`, `"Field":"base"`},
	} {
		if code, got := h.do(c.method, path+c.path, c.body); code != 400 || !strings.Contains(got, c.want) {
			t.Errorf("%s: %d %s, want %s", name, code, got, c.want)
		}
	}
}
