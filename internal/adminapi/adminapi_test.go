package adminapi_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"github.com/trueup-ledger/trueup/internal/adminapi"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
)

// office is an operator at work: a token, and accounts 1 and 2 that are alike.
type office struct {
	*testing.T
	http.Handler
	store       *sqlstore.Store
	sid, secret string
	woken       []int64
}

const program = `accounts:
  - &shop
    id: 1
    name: Shop
    currency: USD
    zone: America/Los_Angeles
    campaigns: [{id: 1000, name: All}]
    event_types: [{id: 2240, campaign: 1000, name: Sale, code: SALE}]
    partners: [{id: 10, name: Partner}]
    promo_codes: [{campaign: 1000, code: SAVE10, partner: 10}]
    contracts: [{id: 77, campaign: 1000, partner: 10, start: 2026-01-01, terms: [
      {event_type: 2240, level: ITEM, default: {rate: 4}, locking: {days: 30}}]}]
`

func open(t *testing.T) *office {
	t.Helper()
	st, err := sqlstore.OpenSQLite(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	o := &office{T: t, store: st}
	for _, text := range []string{program, strings.Replace(program, "id: 1\n", "id: 2\n", 1)} {
		file, err := refdata.Parse("f.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.Record(t.Context(), st, time.Now().Add(-time.Hour), byTest); err != nil {
			t.Fatal(err)
		}
	}
	o.sid, o.secret = o.token(store.Grant{Account: store.Operator, Name: "ada", Version: 14})
	o.Handler = adminapi.New(st, func(account int64) { o.woken = append(o.woken, account) }, time.Now, slog.New(slog.DiscardHandler))
	return o
}

var byTest = store.AuditEvent{Actor: store.Actor{Source: store.SourceProgram, ID: "test"}, Operation: "test", At: time.Now()}

func (o *office) token(g store.Grant) (sid, secret string) {
	o.Helper()
	token, secret, err := g.Token(time.Now())
	if err == nil {
		err = o.store.SaveToken(o.Context(), token, byTest)
	}
	if err != nil {
		o.Fatal(err)
	}
	return token.SID, secret
}

// do asks for a path below the root and answers the status and the body.
func (o *office) do(method, path, body string) (int, string) {
	o.Helper()
	r := httptest.NewRequest(method, adminapi.Root+path, strings.NewReader(body))
	r.SetBasicAuth(o.sid, o.secret)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	o.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func (o *office) deeds(account int64) []store.AuditEvent {
	o.Helper()
	deeds, err := o.store.AuditEvents(o.Context(), account, 0, 100)
	if err != nil {
		o.Fatal(err)
	}
	return deeds
}

func TestOnlyATokenOfTheOperatorOpensIt(t *testing.T) {
	o := open(t)
	shop, shopSecret := o.token(store.Grant{Account: 1, Version: 14})
	gone, goneSecret := o.token(store.Grant{Account: store.Operator, Version: 14})
	if code, text := o.do("POST", "/tokens/"+gone+"/disable", ""); code != 200 {
		t.Fatal(code, text)
	}
	for name, c := range map[string]struct {
		sid, secret string
		status      int
	}{
		"the operator's": {o.sid, o.secret, 200},
		"a wrong secret": {o.sid, "x", 401},
		"nobody's":       {"", "", 401},
		"an account's":   {shop, shopSecret, 403},
		"one disabled":   {gone, goneSecret, 403},
	} {
		r := httptest.NewRequest(http.MethodGet, adminapi.Root+"/accounts", nil)
		r.SetBasicAuth(c.sid, c.secret)
		w := httptest.NewRecorder()
		o.ServeHTTP(w, r)
		if w.Code != c.status || w.Header().Get("X-Request-Id") == "" || (w.Code == 401) != (w.Header().Get("WWW-Authenticate") != "") {
			t.Errorf("%s: %d %s, want %d", name, w.Code, w.Body, c.status)
		}
	}
}

func TestAnEntryIsPutReadAndEndedInItsAccountAlone(t *testing.T) {
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
			o := open(t)
			if code, text := o.do("GET", "/accounts/1"+path, ""); code != 404 {
				t.Errorf("before: %d %s", code, text)
			}
			for i, want := range []string{`{"recorded":1}`, `{"recorded":0}`} {
				if code, text := o.do("PUT", "/accounts/1"+path, c.put); code != 200 || text != want {
					t.Errorf("put %d: %d %s", i+1, code, text)
				}
			}
			if code, text := o.do("GET", "/accounts/1"+path, ""); code != 200 || text != c.read {
				t.Errorf("read: %d %s", code, text)
			}
			if code, text := o.do("POST", "/accounts/1"+path+"/end", c.end); code != 200 || text != `{"recorded":1}` {
				t.Errorf("end: %d %s", code, text)
			}
			if _, text := o.do("GET", "/accounts/1"+path, ""); !strings.Contains(text, c.ended) {
				t.Errorf("ended: %s", text)
			}
			if code, text := o.do("GET", "/accounts/2"+path, ""); code != 404 {
				t.Errorf("the other account: %d %s", code, text)
			}
			if d := o.deeds(1)[0]; d.Operation != store.OperationEnd || d.Actor != (store.Actor{Source: store.SourceAdminAPI, ID: o.sid, Name: "ada"}) {
				t.Errorf("the deed is %+v", d)
			}
			if len(o.deeds(2)) != 1 {
				t.Error("the other account has a deed of it")
			}
		})
	}
}

func TestAWholeAccountThatIsReadCanBePutBack(t *testing.T) {
	o := open(t)
	_, text := o.do("GET", "/accounts/1", "")
	if code, answer := o.do("PUT", "/accounts/1", text); code != 200 || answer != `{"recorded":0}` {
		t.Errorf("%d %s\n%s", code, answer, text)
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
	if code, answer := o.do("PUT", "/accounts/3", string(other)); code != 200 || answer != `{"recorded":7}` {
		t.Errorf("as another account: %d %s", code, answer)
	}
	if code, answer := o.do("GET", "/accounts", ""); code != 200 || strings.Count(answer, `"name":"Shop"`) != 3 {
		t.Errorf("all: %d %s", code, answer)
	}
}

func TestBadInputNamesItsFieldAndChangesNothing(t *testing.T) {
	o := open(t)
	long := `{"reason":"` + strings.Repeat("x", store.MaxReason+1) + `"}`
	type bad struct {
		method, path, body string
		status             int
		answer             string
	}
	cases := map[string]bad{
		"no JSON":                           {"PUT", "/accounts/1/campaigns/1", `{`, 400, "not valid JSON"},
		"YAML":                              {"PUT", "/accounts/1/campaigns/1", "name: x", 400, "not valid JSON"},
		"too large":                         {"PUT", "/accounts/1/campaigns/1", `"` + strings.Repeat("x", 1<<20) + `"`, 413, "1 MiB"},
		"an account that is not there":      {"PUT", "/accounts/9/campaigns/1", `{"name":"x"}`, 404, ""},
		"an account's id that is none":      {"GET", "/accounts/x", "", 404, ""},
		"a path of nothing":                 {"GET", "/nothing", "", 404, ""},
		"another method":                    {"DELETE", "/accounts/1/campaigns/1000", "", 405, "GET, HEAD, PUT"},
		"an unknown key":                    {"PUT", "/accounts/1/campaigns/1", `{"name":"x","nom":1}`, 400, `"Field":"nom","Message":"Unknown key: here are id, name, state, type, fee_rate, pricing (line 1, column 13)"`},
		"two faults at once":                {"PUT", "/accounts/1/event_types/1", `{"state":"x"}`, 400, `"Field":"campaign"`},
		"another id than the path's":        {"PUT", "/accounts/1/partners/11", `{"id":12,"name":"x"}`, 400, `"Field":"id"`},
		"an event type of no campaign":      {"PUT", "/accounts/1/event_types/1", `{"campaign":7,"name":"x"}`, 400, `"Field":"campaign"`},
		"another currency":                  {"PUT", "/accounts/1", `{"name":"x","currency":"EUR","zone":"UTC"}`, 400, `"Field":"currency"`},
		"another account in the body":       {"PUT", "/accounts/1", `{"id":2,"name":"x","currency":"USD","zone":"UTC"}`, 400, `"Field":"id"`},
		"a click of nobody":                 {"PUT", "/accounts/1/clicks/c", `{"campaign":1000,"partner":7,"at":"2026-01-01"}`, 400, `"Field":"partner"`},
		"the end of nothing":                {"POST", "/accounts/1/campaigns/7/end", `{}`, 404, ""},
		"an end by being active":            {"POST", "/accounts/1/campaigns/1000/end", `{"state":"ACTIVE"}`, 400, `"Field":"state"`},
		"a contract ended before its start": {"POST", "/accounts/1/contracts/77/end", `{"at":"2025-01-01"}`, 400, `"Field":"end"`},
		"a reason that is too long":         {"POST", "/accounts/1/contracts/77/end", long, 400, `"Field":"reason"`},
		"a cap without a reason":            {"POST", "/accounts/1/actions/1000.2240.1/cap", `{"cap":2000}`, 400, `"Field":"reason"`},
		"a cap that is no number":           {"POST", "/accounts/1/actions/1000.2240.1/cap", `{"cap":"many","reason":"x"}`, 400, `"Field":"cap"`},
		"a cap below the account's":         {"POST", "/accounts/1/actions/1000.2240.1/cap", `{"cap":5,"reason":"x"}`, 400, `"Field":"cap"`},
		"a cap of another account's action": {"POST", "/accounts/2/actions/1000.2240.1/cap", `{"cap":2000,"reason":"x"}`, 404, ""},
		"a cap of an id that is none":       {"POST", "/accounts/1/actions/1/cap", `{"cap":2000,"reason":"x"}`, 404, ""},
		"parking without a reason":          {"POST", "/accounts/1/submissions/A-1/park", `{}`, 400, `"Field":"reason"`},
		"parking what is not there":         {"POST", "/accounts/1/submissions/A-1/park", `{"reason":"x"}`, 404, ""},
		"retrying what is not there":        {"POST", "/accounts/1/submissions/A-1/retry", ``, 404, ""},
		"a token of nobody":                 {"POST", "/tokens", `{}`, 400, `"Field":"account"`},
		"a token of no account":             {"POST", "/tokens", `{"account":9}`, 400, `"Field":"account"`},
		"a token of an account and admin":   {"POST", "/tokens", `{"account":1,"admin":true}`, 400, `"Field":"account"`},
		"a token of an unknown scope":       {"POST", "/tokens", `{"account":1,"scopes":["everything"]}`, 400, `"Field":"scope`},
		"a token that is over":              {"POST", "/tokens", `{"account":1,"expires":"2020-01-01"}`, 400, `"Field":"expires"`},
		"a version that is none":            {"POST", "/tokens", `{"account":1,"version":99}`, 400, `"Field":"version"`},
		"rotating nobody's token":           {"POST", "/tokens/IRx/rotate", `{}`, 404, ""},
		"an overlap that is none":           {"POST", "/tokens/IRx/rotate", `{"overlap":"soon"}`, 400, `"Field":"overlap"`},
		"an overlap that is too long":       {"POST", "/tokens/IRx/rotate", `{"overlap":"2161h"}`, 400, `from 0s to 2160h`},
		"an inquiry of no campaign":         {"POST", "/accounts/1/inquiries", `{"OrderId":"x"}`, 400, `"Field":"CampaignId"`},
		"an inquiry that is not there":      {"GET", "/accounts/1/inquiries/5", "", 404, ""},
		"a page of deeds that is too long":  {"GET", "/deeds?limit=5000", "", 400, `"Field":"limit"`},
		"a page of no deeds":                {"GET", "/deeds?limit=0", "", 400, `"Field":"limit"`},
		"an account below zero":             {"GET", "/deeds?account=-1", "", 400, `"Field":"account"`},
		"a parameter that nobody knows":     {"GET", "/deeds?acount=1", "", 400, `"Field":"acount"`},
		"a parameter that is there twice":   {"GET", "/deeds?account=1&account=2", "", 400, `"Field":"account"`},
	}
	o.track()
	before := len(o.deeds(0)) + len(o.deeds(1)) + len(o.deeds(2))
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			code, text := o.do(c.method, c.path, c.body)
			if code != c.status || c.status != 405 && !strings.Contains(text, c.answer) {
				t.Errorf("%d %s; want %d with %s", code, text, c.status, c.answer)
			}
		})
	}
	if after := len(o.deeds(0)) + len(o.deeds(1)) + len(o.deeds(2)); after != before {
		t.Errorf("%d deeds, %d before", after, before)
	}
}

func TestOnlyJSONIsTaken(t *testing.T) {
	o := open(t)
	r := httptest.NewRequest(http.MethodPost, adminapi.Root+"/tokens", strings.NewReader(`{"account":1}`))
	r.SetBasicAuth(o.sid, o.secret)
	r.Header.Set("Content-Type", "text/plain")
	w := httptest.NewRecorder()
	if o.ServeHTTP(w, r); w.Code != 415 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// track makes action 1000.2240.1 of account 1, and a submission that failed, which it answers.
func (o *office) track() (failed store.SubmissionID) {
	o.Helper()
	reversal := ledger.Reversal{Address: ledger.Address{EventType: 2240, Order: "none"}, Reason: "REJECTED"}
	conversion := ledger.Conversion{
		Campaign: 1000, EventType: 2240, EventDate: time.Now().Add(-time.Minute), Order: "a", Partner: 10,
		Lines: []ledger.ConversionLine{{Number: 1, SKU: "A"}},
	}
	accepted, err := o.store.Accept(o.Context(), 1, time.Now(), []store.Submission{
		{Submission: ledger.Submission{Command: conversion}}, {Submission: ledger.Submission{Command: reversal}},
	})
	if err == nil {
		_, err = o.store.Apply(o.Context(), 1, time.Now(), 10, ledger.Decide)
	}
	if err != nil {
		o.Fatal(err)
	}
	return accepted[1].ID
}

func TestACapAParkAndARetryAreKeptWithTheirReasons(t *testing.T) {
	o := open(t)
	failed := string(o.track())
	if code, text := o.do("POST", "/accounts/1/actions/1000.2240.1/cap", `{"cap":2000,"reason":"a loop"}`); code != 200 {
		t.Fatal(code, text)
	}
	code, text := o.do("POST", "/accounts/1/submissions/"+failed+"/retry", `{"reason":"again"}`)
	var again struct{ BatchId string }
	if err := json.Unmarshal([]byte(text), &again); err != nil || code != 200 || len(o.woken) != 1 || o.woken[0] != 1 {
		t.Fatal(code, text, err, o.woken)
	}
	if code, text := o.do("POST", "/accounts/1/submissions/"+failed+"/retry", ""); code != 409 || !strings.Contains(text, again.BatchId) {
		t.Errorf("retried twice: %d %s", code, text)
	}
	if code, text := o.do("POST", "/accounts/1/submissions/"+again.BatchId+"/retry", ""); code != 409 {
		t.Errorf("retried while it is queued: %d %s", code, text)
	}
	if code, text := o.do("POST", "/accounts/1/submissions/"+again.BatchId+"/park", `{"reason":"wait"}`); code != 200 {
		t.Errorf("parked: %d %s", code, text)
	}
	if code, text := o.do("POST", "/accounts/1/submissions/"+failed+"/park", `{"reason":"wait"}`); code != 409 {
		t.Errorf("parked when complete: %d %s", code, text)
	}
	var got []string
	for _, d := range o.deeds(1)[:3] {
		got = append(got, d.Operation+": "+d.Reason)
	}
	if want := "park: wait, retry: again, set cap: a loop"; strings.Join(got, ", ") != want {
		t.Errorf("deeds %s", got)
	}
}

func TestTokensAreCreatedRotatedAndDisabledAndNoDeedHasASecret(t *testing.T) {
	o := open(t)
	code, text := o.do("POST", "/tokens", `{"account":1,"name":"shop","scopes":["actions:read"],"limit":100,"expires":"2999-01-01"}`)
	var made struct{ SID, Secret string }
	if err := json.Unmarshal([]byte(text), &made); err != nil || code != 201 {
		t.Fatal(code, text, err)
	}
	opens := func(secret string) bool {
		_, err := store.Authenticate(t.Context(), o.store, made.SID, secret, time.Now())
		return err == nil
	}
	first := made.Secret
	if code, text = o.do("POST", "/tokens/"+made.SID+"/rotate", `{"overlap":"0s","reason":"leaked"}`); code != 200 {
		t.Fatal(code, text)
	}
	if err := json.Unmarshal([]byte(text), &made); err != nil || opens(first) || !opens(made.Secret) {
		t.Errorf("after the rotation: %s %v", text, err)
	}
	if code, text := o.do("POST", "/tokens/"+made.SID+"/disable", ""); code != 200 || strings.Contains(text, "secret\"") {
		t.Errorf("disable: %d %s", code, text)
	}
	if code, text := o.do("POST", "/tokens/"+made.SID+"/rotate", ""); code != 409 {
		t.Errorf("rotate what is disabled: %d %s", code, text)
	}
	code, text = o.do("GET", "/tokens?account=1", "")
	if code != 200 || !strings.Contains(text, `"scopes":["actions:read"],"limit":100`) || strings.Contains(text, made.Secret) {
		t.Errorf("list: %d %s", code, text)
	}
	_, text = o.do("GET", "/deeds?account=1", "")
	for _, secret := range []string{first, made.Secret} {
		if strings.Contains(text, secret) {
			t.Errorf("a secret is in %s", text)
		}
	}
}

func TestDeedsArePagedNewestFirst(t *testing.T) {
	o := open(t)
	for _, name := range []string{"a", "b", "c"} {
		if code, text := o.do("PUT", "/accounts/1/partners/11", `{"name":"`+name+`"}`); code != 200 {
			t.Fatal(code, text)
		}
	}
	for limit, pages := range map[int]int{1: 4, 2: 2, 3: 2, 4: 1} {
		next, seen, read := fmt.Sprintf("/deeds?account=1&limit=%d", limit), "", 0
		for ; next != ""; read++ {
			_, text := o.do("GET", next, "")
			var page struct {
				Deeds []struct{ Number int64 }
				Next  string
			}
			if err := json.Unmarshal([]byte(text), &page); err != nil {
				t.Fatal(err)
			}
			for _, d := range page.Deeds {
				seen += string(rune('0' + d.Number))
			}
			next = strings.TrimPrefix(page.Next, adminapi.Root)
		}
		if seen != "4321" || read != pages {
			t.Errorf("by %d: numbers %s on %d pages, want %d", limit, seen, read, pages)
		}
	}
}

func TestAnInquiryIsCreatedAndRead(t *testing.T) {
	o := open(t)
	claim := `{"CampaignId":1000,"MediaPartnerId":10,"OrderId":"lost","TransactionDate":"2026-05-01T10:00:00Z","InquiryType":"UNTRACKED"}`
	if code, text := o.do("POST", "/accounts/1/inquiries", claim); code != 201 || !strings.Contains(text, `"id":1`) {
		t.Fatal(code, text)
	}
	for path, want := range map[string]string{
		"/accounts/1/inquiries":   `"total":1`,
		"/accounts/1/inquiries/1": `"order":"lost"`,
		"/accounts/2/inquiries":   `"total":0`,
	} {
		if code, text := o.do("GET", path, ""); code != 200 || !strings.Contains(text, want) {
			t.Errorf("%s: %d %s", path, code, text)
		}
	}
	if d := o.deeds(1)[0]; d.Operation != store.OperationCreateInquiry || d.Subject != "inquiry 1" {
		t.Errorf("the deed is %+v", d)
	}
}
