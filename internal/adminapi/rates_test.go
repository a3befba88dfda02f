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

func TestRatesAreImported(t *testing.T) {
	h := open(t)
	const path = "/accounts/1/rate_tables"
	const file = `{"content":"Date,USD,JPY,CYP,\n2026-11-02,1.0956,169.5,N/A,\n2026-11-01,1.1,N/A,0.58,\n"`
	const facts = `{"rates":3,"days":2,"new":3,"changed":0,"last":{"date":"2026-11-02","base":"EUR","currency":"JPY","rate":"169.5"},"ignored":["CYP"],"dry_run":`
	for _, c := range []struct {
		name, body string
		status     int
		has        string
	}{
		{"a dry run", file + `,"dry_run":true}`, 200, facts + "true}"},
		{"a file", file + `,"reason":"of the bank"}`, 200, facts + "false}"},
		{"a changed rate", `{"content":"date,currency,rate\n2026-11-02,USD,1.2\n","base":"EUR","per_base":true}`, 200, `"new":0,"changed":1,` +
			`"last":{"date":"2026-11-02","base":"EUR","currency":"USD","rate":"1.2"},"changes":["2026-11-02: 1 EUR was 1.0956 USD, is 1.2 USD"],`},
		{"an invalid rate", `{"content":"date,currency,rate\n2026-11-02,EUR,x\n"}`, 400, "Not a decimal number above 0 (line 2, column 16)"},
		{"an invalid base", `{"content":"date,currency,rate\n","base":"XXY"}`, 400, `"Field":"base"`},
		{"no content", `{}`, 400, `"Field":"content"`},
	} {
		if code, got := h.do("POST", path+"/import", c.body); code != c.status || !strings.Contains(got, c.has) {
			t.Errorf("%s: %d %s, want %d with %s", c.name, code, got, c.status, c.has)
		}
	}
	if _, got := h.do("GET", path+"?limit=1", ""); !strings.Contains(got, `"rates":{"JPY":"169.5","USD":"1.2"}`) {
		t.Errorf("the newest table is %s", got)
	}
	if e := h.auditEvents(1)[1]; e.Operation != "record" || e.Reason != "of the bank" {
		t.Errorf("the audit event is %+v", e)
	}
	if code, _ := h.do("POST", "/accounts/9/rate_tables/import", file+"}"); code != 404 {
		t.Errorf("an unknown account: %d", code)
	}
}
