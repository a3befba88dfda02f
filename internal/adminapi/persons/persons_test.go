package persons_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/adminapi"
	"github.com/trueup-ledger/trueup/internal/adminapi/persons"
	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/openapi/check"
	"github.com/trueup-ledger/trueup/internal/people"
	"github.com/trueup-ledger/trueup/internal/principal"
	"github.com/trueup-ledger/trueup/internal/signin"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// harness is the admin API of a store with accounts 1 and 2 and their partner 10.
type harness struct {
	*testing.T
	handler     http.Handler
	store       *sqlstore.Store
	sid, secret string
}

func open(t *testing.T) *harness {
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
	event := store.AuditEvent{Actor: store.Actor{Source: store.SourceProgram, ID: "test"}, Operation: "test", At: time.Now()}
	for id := range int64(2) {
		_, err := st.Record(t.Context(), id+1, time.Now(), event, func(*program.Reference, time.Time) (store.ReferenceChange, error) {
			return store.ReferenceChange{Reference: program.Reference{
				Account:  program.Account{ID: id + 1, Name: "Shop", Currency: "USD", Zone: "UTC", ModificationLimit: program.DefaultModificationLimit},
				Partners: map[int64]program.Partner{10: {ID: 10, Name: "Partner", State: program.StateActive}},
			}}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	token, secret, err := store.TokenRequest{Account: store.Operator, Version: 14}.Issue(time.Now())
	if err == nil {
		err = st.SaveToken(t.Context(), token, event)
	}
	checker, documentErr := check.ForProgram()
	if err != nil || documentErr != nil {
		t.Fatal(err, documentErr)
	}
	log := slog.New(slog.DiscardHandler)
	api := adminapi.New(adminapi.Config{
		Store: st, Notifications: st, References: st, Bridges: st, Keys: st, Invoices: adminapi.Invoices{Store: st},
		Customers: adminapi.Customers{Store: st}, Queued: func(int64) {},
		Clock: adminapi.Clock{Guard: clockguard.New(time.Time{}, log), Log: st.LogClock}, Log: log, Additional: persons.Routes(st, st),
	})
	return &harness{t, checker.Wrap(api, func(err error) { t.Error(err) }), st, token.SID, secret}
}

// do sends a request and returns the status and the body.
func (h *harness) do(method, path, body string, header ...string) (int, string) {
	h.Helper()
	r := httptest.NewRequest(method, adminapi.Root+path, strings.NewReader(body))
	r.SetBasicAuth(h.sid, h.secret)
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

const invitation = `{"account":1,"email":"Ann@example.com","name":"Ann","role":"finance","reason":"new in the team"}`

// person is a person in a response.
type person struct {
	people.Person
	Link string
}

// change sends a request that must succeed and returns the person.
func (h *harness) change(path, body string, status int) (p person) {
	h.Helper()
	code, text := h.do("POST", path, body)
	if err := json.Unmarshal([]byte(text), &p); err != nil || code != status {
		h.Fatalf("%s: %d %s, error %v", path, code, text, err)
	}
	return p
}

// redeem redeems the link of a response.
func (h *harness) redeem(link string) error {
	secret, is := strings.CutPrefix(link, "/console/link?secret=")
	if !is {
		h.Errorf("the link is %q", link)
	}
	_, err := signin.New(h.store, time.Now).Redeem(h.Context(), secret)
	return err
}

func TestAnInvitedPersonRedeemsTheLinkAndIsListed(t *testing.T) {
	h := open(t)
	p := h.change("/people", invitation, 201)
	if p.ID != 1 || p.Email != "ann@example.com" || p.Password || p.TOTP || p.Disabled || !p.May(1, people.Finance) {
		t.Errorf("the person is %+v", p)
	}
	if err := h.redeem(p.Link); err != nil {
		t.Error(err)
	}
	if p := h.change("/people", `{"account":2,"email":"ann@example.com","name":"Ann","role":"viewer"}`, 201); p.Link != "" || len(p.Members) != 2 {
		t.Errorf("an invitation to a second account gives a link to the first: %+v", p)
	}
	h.change("/people/1/role", `{"account":2,"remove":true}`, 200)
	h.change("/people", `{"account":2,"email":"bo@example.com","name":"Bo","role":"partner","partner":10}`, 201)
	for path, want := range map[string][]string{"": {"ann", "bo"}, "?account=1": {"ann"}, "?account=2": {"bo"}, "?account=3": {}} {
		code, text := h.do("GET", "/people"+path, "")
		var list struct{ People []person }
		if err := json.Unmarshal([]byte(text), &list); err != nil || code != 200 || len(list.People) != len(want) || strings.Contains(text, "link") {
			t.Errorf("%s: %d %s, error %v", path, code, text, err)
			continue
		}
		for i, p := range list.People {
			if !strings.HasPrefix(p.Email, want[i]) {
				t.Errorf("%s lists %s", path, text)
			}
		}
	}
	events, err := h.store.AuditEvents(t.Context(), 1, 0, 1)
	if err != nil || events[0].Operation != store.OperationInvite || events[0].Reason != "new in the team" || events[0].Subject != "person 1, ann@example.com" ||
		events[0].Detail != "finance" || strings.Contains(events[0].Detail+events[0].Subject, p.Link) {
		t.Errorf("the event is %+v, %v", events, err)
	}
}

func TestAPersonSeesNoOtherAccountsOfMembers(t *testing.T) {
	h := open(t)
	h.change("/people", invitation, 201)
	h.change("/people", `{"account":2,"email":"ann@example.com","name":"Ann","role":"admin"}`, 201)
	if _, text := h.do("GET", "/people?account=1", ""); !strings.Contains(text, `"account":2`) {
		t.Errorf("an operator sees %s", text)
	}
	admin := principal.Principal{Account: 1, Scopes: []store.Scope{store.ScopeAdmin}, Permission: people.Administer}
	for path, status := range map[string]int{"?account=1": 200, "?account=2": 403, "": 403} {
		r := httptest.NewRequestWithContext(principal.With(t.Context(), admin), http.MethodGet, adminapi.Root+"/people"+path, nil)
		w := httptest.NewRecorder()
		h.handler.ServeHTTP(w, r)
		if w.Code != status || strings.Contains(w.Body.String(), `"account":2`) || strings.Contains(w.Body.String(), `"account":1,"role":"finance"`) != (status == 200) {
			t.Errorf("%s: an administrator of account 1 gets %d %s", path, w.Code, w.Body)
		}
	}
}

func TestALinkIsInOneResponseOnly(t *testing.T) {
	h := open(t)
	for _, path := range []string{"/people", "/people/1/reset"} {
		body := invitation
		if path != "/people" {
			body = `{}`
		}
		_, first := h.do("POST", path, body, "Idempotency-Key", "key "+path)
		_, again := h.do("POST", path, body, "Idempotency-Key", "key "+path)
		if !strings.Contains(first, `"link":"`) || strings.Contains(again, "link") || !strings.Contains(again, `"email":"ann@example.com"`) {
			t.Errorf("%s: first %s, again %s", path, first, again)
		}
	}
}

func TestRolesAreChangedAndPeopleResetAndDisabled(t *testing.T) {
	h := open(t)
	first := h.change("/people", invitation, 201)
	if p := h.change("/people/1/role", `{"account":1,"role":"partner","partner":10,"reason":"moves"}`, 200); p.Members[0].Partner != 10 || p.Link != "" {
		t.Errorf("after a change: %+v", p)
	}
	reset := h.change("/people/1/reset", `{"reason":"lost"}`, 200)
	if err := h.redeem(first.Link); err == nil {
		t.Error("the invitation is redeemed after a reset")
	}
	if p := h.change("/people/1/role", `{"account":1,"remove":true}`, 200); len(p.Members) != 0 {
		t.Errorf("without a role: %+v", p)
	}
	if p := h.change("/people/1/disable", `{"reason":"left"}`, 200); !p.Disabled || p.Link != "" {
		t.Errorf("disabled: %+v", p)
	}
	if err := h.redeem(reset.Link); err == nil {
		t.Error("the link of a disabled person is redeemed")
	}
	if code, text := h.do("POST", "/people/1/reset", `{}`); code != 409 || !strings.Contains(text, "invite the person again") {
		t.Errorf("a disabled person is reset: %d %s", code, text)
	}
	var got []string
	for _, account := range []int64{1, store.Operator} {
		events, err := h.store.AuditEvents(t.Context(), account, 0, 4)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if strings.HasPrefix(e.Subject, "person") {
				got = append(got, strings.TrimRight(string(e.Operation)+": "+e.Detail, ": "))
			}
		}
	}
	want := "set role: from partner 10 to none, set role: from finance to partner 10, invite person: finance, disable person, reset sign-in"
	if strings.Join(got, ", ") != want {
		t.Errorf("the events are %s, want %s", strings.Join(got, ", "), want)
	}
}

func TestInvalidRequestsNameTheField(t *testing.T) {
	h := open(t)
	h.change("/people", invitation, 201)
	with := func(key, value string) string {
		var fields map[string]any
		if err := json.Unmarshal([]byte(invitation), &fields); err != nil {
			t.Fatal(err)
		}
		if fields[key] = json.RawMessage(value); value == "" {
			delete(fields, key)
		}
		text, err := json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for name, test := range map[string]struct {
		path, body string
		status     int
		part       string
	}{
		"an invalid address":               {"/people", with("email", `"ann"`), 400, `ann@example.com`},
		"no address":                       {"/people", with("email", ""), 400, `email`},
		"no name":                          {"/people", with("name", ""), 400, `name`},
		"a name of two lines":              {"/people", with("name", `"a\nb"`), 400, `name`},
		"an unknown role":                  {"/people", with("role", `"owner"`), 400, `viewer, operator, finance, admin, partner`},
		"no role":                          {"/people", with("role", ""), 400, `role`},
		"a partner for another role":       {"/people", with("partner", `10`), 400, `Only for the role partner`},
		"a partner without an id":          {"/people", with("role", `"partner"`), 400, `partner`},
		"an unknown account":               {"/people", with("account", `3`), 400, `There is no account 3`},
		"an unknown field":                 {"/people", with("admin", `true`), 400, `admin`},
		"a member":                         {"/people", invitation, 409, `change the role instead`},
		"an unknown partner":               {"/people/1/role", `{"account":1,"role":"partner","partner":11}`, 400, `Account 1 has no partner 11`},
		"no member":                        {"/people/1/role", `{"account":2,"role":"viewer"}`, 409, `invite the person to it`},
		"a removal with a role":            {"/people/1/role", `{"account":1,"role":"viewer","remove":true}`, 400, `leave those out`},
		"a role for an unknown person":     {"/people/2/role", `{"account":1,"role":"viewer"}`, 404, ``},
		"a reset of an unknown person":     {"/people/2/reset", `{}`, 404, ``},
		"an unknown person is disabled":    {"/people/x/disable", `{}`, 404, ``},
		"a reason that is too long":        {"/people/1/reset", `{"reason":"` + strings.Repeat("a", store.MaxReason+1) + `"}`, 400, `reason`},
		"the list of an invalid account":   {"GET /people?account=x", "", 400, `account`},
		"the list by an unknown parameter": {"GET /people?role=x", "", 400, `role`},
	} {
		method, path := "POST", test.path
		if get, is := strings.CutPrefix(path, "GET "); is {
			method, path = "GET", get
		}
		if code, text := h.do(method, path, test.body); code != test.status || !strings.Contains(text, test.part) {
			t.Errorf("%s: %d %s, want %d with %q", name, code, text, test.status, test.part)
		}
	}
}
