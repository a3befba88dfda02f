package adminapi_test

import (
	"strings"
	"testing"
)

func TestAnEstimateOfOtherTermsChangesNothing(t *testing.T) {
	h := open(t)
	h.track()
	code, account := h.do("GET", "/accounts/1", "")
	if code != 200 || !strings.Contains(account, `"rate":"4"`) {
		t.Fatal(code, account)
	}
	before := len(h.auditEvents(1))
	five := strings.Replace(account, `"rate":"4"`, `"rate":"5"`, 1)
	for _, test := range []struct {
		name, path, body string
		status           int
		has              string
	}{
		{"other terms", "?since=2d", strings.Replace(five, `"default":{"rate":"5"}`, `"default":{"flat":2.5}`, 1), 200, `"orders":1,"revenue":0.00,"payout":0.00,"new_payout":2.50,"difference":2.50`},
		{"a span without orders", "?since=2d&until=2999-01-01", five, 200, `"orders":1`},
		{"an earlier span", "?since=2000-01-01&until=2001-01-01", five, 200, `"lines":[],"total":{"orders":0,"revenue":0.00,`},
		{"no since", "", five, 400, `"Field":"since"`},
		{"an until that is not later", "?since=1d&until=2000-01-01", five, 400, `"Field":"until"`},
		{"an unknown parameter", "?since=1d&partner=1", five, 400, `"Field":"partner"`},
		{"no terms", "?since=1d", `{"name":"Shop","currency":"USD","zone":"UTC"}`, 400, `"Field":"contracts"`},
		{"terms of an unknown contract", "?since=1d", strings.Replace(five, `"id":77`, `"id":78`, 1), 400, "recorded none"},
		{"invalid terms", "?since=1d", strings.Replace(five, `"level":"ITEM"`, `"level":"ITEMS"`, 1), 400, `"Field":"level"`},
	} {
		if code, text := h.do("POST", "/accounts/1/whatif"+test.path, test.body); code != test.status || !strings.Contains(text, test.has) {
			t.Errorf("%s: %d %s, want %d with %s", test.name, code, text, test.status, test.has)
		}
	}
	if code, _ := h.do("POST", "/accounts/9/whatif?since=1d", strings.Replace(five, `"id":1,`, `"id":9,`, 1)); code != 404 {
		t.Errorf("an unknown account: %d", code)
	}
	if _, same := h.do("GET", "/accounts/1", ""); same != account || len(h.auditEvents(1)) != before {
		t.Errorf("the account was changed: %s", same)
	}
}
