package adminapi_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/adminapi"
	"github.com/trueup-ledger/trueup/internal/store"
)

func TestOnlyAnAdminTokenIsAccepted(t *testing.T) {
	h := open(t)
	shop, shopSecret := h.token(store.TokenRequest{Account: 1, Version: 14})
	disabled, disabledSecret := h.token(store.TokenRequest{Account: store.Operator, Version: 14})
	if code, text := h.do("POST", "/tokens/"+disabled+"/disable", ""); code != 200 {
		t.Fatal(code, text)
	}
	for name, c := range map[string]struct {
		sid, secret string
		status      int
	}{
		"an admin token":   {h.sid, h.secret, 200},
		"a wrong secret":   {h.sid, "x", 401},
		"no credentials":   {"", "", 401},
		"an account token": {shop, shopSecret, 403},
		"a disabled token": {disabled, disabledSecret, 403},
	} {
		r := httptest.NewRequest(http.MethodGet, adminapi.Root+"/accounts", nil)
		r.SetBasicAuth(c.sid, c.secret)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.status || w.Header().Get("X-Request-Id") == "" || (w.Code == 401) != (w.Header().Get("WWW-Authenticate") != "") {
			t.Errorf("%s: %d %s, want %d", name, w.Code, w.Body, c.status)
		}
	}
}

func TestEntriesArePutReadAndEndedInOneAccount(t *testing.T) {
	for path, c := range map[string]struct{ put, read, end, ended string }{
		"/campaigns/2000":   {`{"name":"B","fee_rate":2.5}`, `{"id":2000,"name":"B","state":"ACTIVE","fee_rate":"2.5","pricing":"current"}`, `{}`, `"state":"ENDED"`},
		"/event_types/2241": {`{"campaign":1000,"name":"Lead"}`, `{"id":2241,"campaign":1000,"name":"Lead","state":"ACTIVE","duplicate_days":365}`, `{"state":"PAUSED"}`, `"state":"PAUSED"`},
		"/partners/11":      {`{"name":"P"}`, `{"id":11,"name":"P","state":"ACTIVE","currency":"USD","zone":"America/Los_Angeles"}`, `{"reason":"left"}`, `"state":"ENDED"`},
		"/notifications/5": {
			`{"campaign":1000,"method":"POST","url":"https://example.com/","format":"form","body":"id={ActionId}"}`,
			`{"id":5,"campaign":1000,"method":"POST","url":"https://example.com/","body":"id={ActionId}","format":"form","state":"ACTIVE"}`, `{}`, `"state":"ENDED"`,
		},
		"/promo_codes/1000/TEN": {`{"partner":10}`, `{"campaign":1000,"code":"TEN","partner":10}`, `{"at":"2026-03-01"}`, `"end":"2026-03-01T00:00:00Z"`},
		"/contracts/S-78":       {`{"campaign":1000,"partner":10,"start":"2026-01-01"}`, `{"id":78,"campaign":1000,"partner":10,"start":"2026-01-01T08:00:00Z"}`, `{"at":"2026-03-01T00:00:00Z"}`, `"end":"2026-03-01T00:00:00Z"`},
	} {
		t.Run(path, func(t *testing.T) {
			h := open(t)
			if code, text := h.do("GET", "/accounts/1"+path, ""); code != 404 {
				t.Errorf("before: %d %s", code, text)
			}
			for i, want := range []string{`{"recorded":1}`, `{"recorded":0}`} {
				if code, text := h.do("PUT", "/accounts/1"+path, c.put); code != 200 || text != want {
					t.Errorf("put %d: %d %s", i+1, code, text)
				}
			}
			if code, text := h.do("GET", "/accounts/1"+path, ""); code != 200 || text != c.read {
				t.Errorf("read: %d %s", code, text)
			}
			if code, text := h.do("POST", "/accounts/1"+path+"/end", c.end); code != 200 || text != `{"recorded":1}` {
				t.Errorf("end: %d %s", code, text)
			}
			if _, text := h.do("GET", "/accounts/1"+path, ""); !strings.Contains(text, c.ended) {
				t.Errorf("ended: %s", text)
			}
			if code, text := h.do("GET", "/accounts/2"+path, ""); code != 404 {
				t.Errorf("the other account: %d %s", code, text)
			}
			if e := h.auditEvents(1)[0]; e.Operation != store.OperationEnd || e.Actor != (store.Actor{Source: store.SourceAdminAPI, ID: h.sid, Name: "ada"}) {
				t.Errorf("audit event %+v", e)
			}
			if len(h.auditEvents(2)) != 1 {
				t.Error("the other account has an audit event")
			}
		})
	}
}

func TestAReadAccountCanBePutBack(t *testing.T) {
	h := open(t)
	_, text := h.do("GET", "/accounts/1", "")
	if code, body := h.do("PUT", "/accounts/1", text); code != 200 || body != `{"recorded":0}` {
		t.Errorf("%d %s\n%s", code, body, text)
	}
	var whole map[string]any
	if err := json.Unmarshal([]byte(text), &whole); err != nil {
		t.Fatal(err)
	}
	delete(whole, "id")
	other, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	if code, body := h.do("PUT", "/accounts/3", string(other)); code != 200 || body != `{"recorded":7}` {
		t.Errorf("as another account: %d %s", code, body)
	}
	if code, body := h.do("GET", "/accounts", ""); code != 200 || strings.Count(body, `"name":"Shop"`) != 3 {
		t.Errorf("all: %d %s", code, body)
	}
}

func TestInvalidInputNamesTheFieldAndChangesNothing(t *testing.T) {
	h := open(t)
	long := `{"reason":"` + strings.Repeat("x", store.MaxReason+1) + `"}`
	cases := map[string]struct {
		method, path, body string
		status             int
		want               string
	}{
		"invalid JSON":                         {"PUT", "/accounts/1/campaigns/1", `{`, 400, "not valid JSON"},
		"YAML":                                 {"PUT", "/accounts/1/campaigns/1", "name: x", 400, "not valid JSON"},
		"too large":                            {"PUT", "/accounts/1/campaigns/1", `"` + strings.Repeat("x", 1<<20) + `"`, 413, "1 MiB"},
		"an unknown account":                   {"PUT", "/accounts/9/campaigns/1", `{"name":"x"}`, 404, ""},
		"an invalid account id":                {"GET", "/accounts/x", "", 404, ""},
		"an unknown path":                      {"GET", "/nothing", "", 404, ""},
		"another method":                       {"DELETE", "/accounts/1/campaigns/1000", "", 405, "GET, HEAD, PUT"},
		"an unknown key":                       {"PUT", "/accounts/1/campaigns/1", `{"name":"x","nom":1}`, 400, `"Field":"nom","Message":"Unknown key: the keys are id, name, state, type, fee_rate, pricing, fallback_partner, profile (line 1, column 13)."`},
		"two errors":                           {"PUT", "/accounts/1/event_types/1", `{"state":"x"}`, 400, `"Field":"campaign"`},
		"an id that differs from the path":     {"PUT", "/accounts/1/partners/11", `{"id":12,"name":"x"}`, 400, `"Field":"id"`},
		"an event type of an unknown campaign": {"PUT", "/accounts/1/event_types/1", `{"campaign":7,"name":"x"}`, 400, `"Field":"campaign"`},
		"another currency":                     {"PUT", "/accounts/1", `{"name":"x","currency":"EUR","zone":"UTC"}`, 400, `"Field":"currency"`},
		"another account in the body":          {"PUT", "/accounts/1", `{"id":2,"name":"x","currency":"USD","zone":"UTC"}`, 400, `"Field":"id"`},
		"a click of an unknown partner":        {"PUT", "/accounts/1/clicks/c", `{"campaign":1000,"partner":7,"at":"2026-01-01"}`, 400, `"Field":"partner"`},
		"the end of an unknown entry":          {"POST", "/accounts/1/campaigns/7/end", `{}`, 404, ""},
		"an end by state ACTIVE":               {"POST", "/accounts/1/campaigns/1000/end", `{"state":"ACTIVE"}`, 400, `"Field":"state"`},
		"a contract ended before its start":    {"POST", "/accounts/1/contracts/77/end", `{"at":"2025-01-01"}`, 400, `"Field":"end"`},
		"a reason that is too long":            {"POST", "/accounts/1/contracts/77/end", long, 400, `"Field":"reason"`},
		"a cap without a reason":               {"POST", "/accounts/1/actions/1000.2240.1/cap", `{"cap":2000}`, 400, `"Field":"reason"`},
		"a cap that is not a number":           {"POST", "/accounts/1/actions/1000.2240.1/cap", `{"cap":"many","reason":"x"}`, 400, `"Field":"cap"`},
		"a cap below the account's":            {"POST", "/accounts/1/actions/1000.2240.1/cap", `{"cap":5,"reason":"x"}`, 400, `"Field":"cap"`},
		"a cap below the present one":          {"POST", "/accounts/1/actions/1000.2240.1/cap", `{"cap":999,"reason":"x"}`, 400, `the present limit is 1000`},
		"a cap of another account's action":    {"POST", "/accounts/2/actions/1000.2240.1/cap", `{"cap":2000,"reason":"x"}`, 404, ""},
		"a cap of an invalid action id":        {"POST", "/accounts/1/actions/1/cap", `{"cap":2000,"reason":"x"}`, 404, ""},
		"parking without a reason":             {"POST", "/accounts/1/submissions/A-1/park", `{}`, 400, `"Field":"reason"`},
		"parking an unknown submission":        {"POST", "/accounts/1/submissions/A-1/park", `{"reason":"x"}`, 404, ""},
		"retrying an unknown submission":       {"POST", "/accounts/1/submissions/A-1/retry", ``, 404, ""},
		"a token without account and admin":    {"POST", "/tokens", `{}`, 400, `"Field":"account"`},
		"a token of an unknown account":        {"POST", "/tokens", `{"account":9}`, 400, `"Field":"account"`},
		"a token of an account and admin":      {"POST", "/tokens", `{"account":1,"admin":true}`, 400, `"Field":"account"`},
		"a token with an unknown scope":        {"POST", "/tokens", `{"account":1,"scopes":["everything"]}`, 400, `"Field":"scope`},
		"a token that has expired":             {"POST", "/tokens", `{"account":1,"expires":"2020-01-01"}`, 400, `"Field":"expires"`},
		"an invalid version":                   {"POST", "/tokens", `{"account":1,"version":99}`, 400, `"Field":"version"`},
		"rotating an unknown token":            {"POST", "/tokens/IRx/rotate", `{}`, 404, ""},
		"an invalid overlap":                   {"POST", "/tokens/IRx/rotate", `{"overlap":"soon"}`, 400, `"Field":"overlap"`},
		"an overlap that is too long":          {"POST", "/tokens/IRx/rotate", `{"overlap":"2161h"}`, 400, `from 0s to 2160h`},
		"an inquiry without a campaign":        {"POST", "/accounts/1/inquiries", `{"OrderId":"x"}`, 400, `"Field":"CampaignId"`},
		"an unknown inquiry":                   {"GET", "/accounts/1/inquiries/5", "", 404, ""},
		"too large a page of the audit log":    {"GET", "/audit?limit=5000", "", 400, `"Field":"limit"`},
		"an empty page of the audit log":       {"GET", "/audit?limit=0", "", 400, `"Field":"limit"`},
		"a negative account":                   {"GET", "/audit?account=-1", "", 400, `"Field":"account"`},
		"an unknown parameter":                 {"GET", "/audit?acount=1", "", 400, `"Field":"acount"`},
		"a repeated parameter":                 {"GET", "/audit?account=1&account=2", "", 400, `"Field":"account"`},
	}
	h.track()
	before := len(h.auditEvents(0)) + len(h.auditEvents(1)) + len(h.auditEvents(2))
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			code, text := h.do(c.method, c.path, c.body)
			if code != c.status || c.status != 405 && !strings.Contains(text, c.want) {
				t.Errorf("%d %s; want %d with %s", code, text, c.status, c.want)
			}
		})
	}
	if after := len(h.auditEvents(0)) + len(h.auditEvents(1)) + len(h.auditEvents(2)); after != before {
		t.Errorf("%d audit events, %d before", after, before)
	}
}

func TestImplausibleTermsNeedForce(t *testing.T) {
	h := open(t)
	terms := `"terms":[{"event_type":2240,"level":"ITEM","default":{"rate":400},"locking":{"days":30}}]`
	contract := `{"campaign":1000,"partner":10,"start":"2026-01-01",` + terms + `}`
	account := `{"name":"Shop","currency":"USD","zone":"America/Los_Angeles","contracts":[{"id":77,"campaign":1000,"partner":10,"start":"2026-01-01",` + terms + `}]}`
	for _, c := range []struct {
		path, body string
		status     int
		want       string
	}{
		{"/accounts/1/contracts/77", contract, 400, `"Field":"default","Message":"The rate of the default payout of contract 77, event type 2240, is 400 %, over 100 %`},
		{"/accounts/1/contracts/77?force=false", contract, 400, "force=true"},
		{"/accounts/1/contracts/77?force=yes", contract, 400, `"Field":"force"`},
		{"/accounts/1/contracts/77?forced=true", contract, 400, `"Field":"forced"`},
		{"/accounts/1", account, 400, "contract 77, event type 2240"},
		{"/accounts/1/contracts/77?force=true", contract, 200, `{"recorded":1}`},
		{"/accounts/1/contracts/77", contract, 200, `{"recorded":0}`},
		{"/accounts/2?force=true", account, 200, `{"recorded":`},
	} {
		if code, text := h.do("PUT", c.path, c.body); code != c.status || !strings.Contains(text, c.want) {
			t.Errorf("%s: %d %s, want %d with %s", c.path, code, text, c.status, c.want)
		}
	}
}

func TestOtherContentTypesAreRejected(t *testing.T) {
	h := open(t)
	r := httptest.NewRequest(http.MethodPost, adminapi.Root+"/tokens", strings.NewReader(`{"account":1}`))
	r.SetBasicAuth(h.sid, h.secret)
	r.Header.Set("Content-Type", "text/plain")
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, r); w.Code != 415 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
