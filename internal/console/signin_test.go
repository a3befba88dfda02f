package console_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/alexedwards/scs/v2/memstore"

	"github.com/trueup-ledger/trueup/internal/console"
	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/people"
	"github.com/trueup-ledger/trueup/internal/signin"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

const (
	annsEmail    = "ann@example.com"
	annsPassword = "Quartz-lantern 94 harbour"
)

var byTest = store.AuditEvent{Actor: store.Actor{Source: store.SourceProgram, ID: "test"}, Operation: "test"}

// newSiteWithPeople returns a console with the service that signs people in, a person with a
// password and a browser in which that person is signed in.
func newSiteWithPeople(t *testing.T) (*site, people.Person, *browser) {
	t.Helper()
	var service *signin.Service
	s := newSiteWith(t, func(st *sqlstore.Store, now func() time.Time) (console.SignIn, scs.CtxStore) {
		service = signin.New(st, now)
		return service, signin.SessionStore{Store: st}
	})
	link, _ := store.NewLink(people.PurposeInvitation, time.Now())
	e := byTest
	e.At = time.Now()
	p, err := s.store.InvitePerson(t.Context(), annsEmail, "Ann", people.Membership{Account: demo.Account, Role: people.RoleAdmin}, link, e)
	if err == nil {
		p, err = service.SetPassword(t.Context(), p, annsPassword)
	}
	if err != nil {
		t.Fatal(err)
	}
	b := s.visit(t)
	if r := b.post("/console/signin", url.Values{"email": {annsEmail}, "password": {annsPassword}}); r.path != "/console/a/1/actions" {
		t.Fatalf("the sign-in leads to %s", r.path)
	}
	return s, p, b
}

// change changes a person in the store.
func (s *site) change(t *testing.T, id int64, change signin.Change) {
	t.Helper()
	e := byTest
	e.At = time.Now()
	if _, err := s.store.ChangePerson(t.Context(), id, e, change); err != nil {
		t.Fatal(err)
	}
}

func TestAFormThatIsHeldBackDoesNotOutliveAReset(t *testing.T) {
	s, p, b := newSiteWithPeople(t)
	body, form := io.Pipe()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/console/password", body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	go func() {
		form.Write([]byte("password=Another-lantern+77+meadow"))
		link, _ := store.NewLink(people.PurposeReset, time.Now())
		s.change(t, p.ID, signin.Reset(link))
		form.Write([]byte("&again=Another-lantern+77+meadow"))
		form.Close()
	}()
	got, err := b.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	got.Body.Close()
	if got.Request.URL.Path != "/console/signin" {
		t.Errorf("the browser is at %s", got.Request.URL.Path)
	}
	if r, err := s.store.Person(t.Context(), p.ID); err != nil || r.Password {
		t.Errorf("after the reset the person is %+v, %v", r.Person, err)
	}
}

func TestPagesShowTheExactTextOfAProblem(t *testing.T) {
	s, p, b := newSiteWithPeople(t)
	s.change(t, p.ID, func(r store.PersonRecord) (store.PersonChange, error) {
		r.Secret = "JBSWY3DPEHPK3PXP"
		return store.PersonChange{Person: r}, nil
	})
	signIn := func(password, code string) url.Values {
		return url.Values{"email": {annsEmail}, "password": {password}, "code": {code}}
	}
	change := func(current, code, password, again string) url.Values {
		return url.Values{"current": {current}, "code": {code}, "password": {password}, "again": {again}}
	}
	const wrong, required = "The e-mail address, the password or the code is wrong.", "Enter the code of your authenticator app."
	const other = "Another-lantern 77 meadow"
	for _, test := range []struct {
		name, path string
		form       url.Values
		status     int
		text       string
	}{
		{"a wrong password", "signin", signIn("wrong", ""), 401, wrong},
		{"a right password without a code", "signin", signIn(annsPassword, ""), 401, required},
		{"a right password with a wrong code", "signin", signIn(annsPassword, "x"), 401, wrong},
		{"an unknown link", "link", url.Values{"secret": {"x"}}, 410, "The link was used or has expired: ask the operator of the server for another one."},
		{"two passwords", "password", change(annsPassword, "", other, "y"), 422, "The two passwords differ: enter the same one twice."},
		{"a short password", "password", change(annsPassword, "", "y", "y"), 422, "The password must have at least 12 characters; it has 1."},
		{"a wrong present password", "password", change("wrong", "", other, other), 401, wrong},
		{"a present password without a code", "password", change(annsPassword, "", other, other), 401, required},
		{"a present password with a wrong code", "password", change(annsPassword, "x", other, other), 401, wrong},
	} {
		r := b.post("/console/"+test.path, test.form)
		if r.status != test.status || !strings.Contains(r.body, ">"+test.text+"<") {
			t.Errorf("%s is a %d: %s", test.name, r.status, r.body)
		}
	}
}

// failing is a service whose calls fail.
type failing struct {
	*directory
	err error
}

func (f failing) SignIn(context.Context, signin.Attempt) (people.Person, error) {
	return people.Person{}, f.err
}

func TestErrorsOfTheStoreAreNotShown(t *testing.T) {
	for _, test := range []struct {
		name   string
		err    error
		status int
		retry  string
	}{
		{"an error of the store", errors.New("table people is broken"), http.StatusInternalServerError, ""},
		{"a full queue", signin.ErrBusy, http.StatusServiceUnavailable, "5"},
		{"a lock", &signin.LockedError{Until: time.Now().Add(90*24*time.Hour + time.Second)}, http.StatusTooManyRequests, "77760"},
	} {
		d := newDirectory()
		d.add(people.Person{ID: 50, Email: "sam@example.com", Name: "Sam", Password: true})
		s := newSiteWith(t, func(*sqlstore.Store, func() time.Time) (console.SignIn, scs.CtxStore) {
			return failing{d, test.err}, sessions{memstore.NewWithCleanupInterval(0)}
		})
		b := s.visit(t)
		b.post("/console/link", url.Values{"secret": {"sam@example.com"}})
		for path, form := range map[string]url.Values{
			"signin":   {"email": {"sam@example.com"}, "password": {"x"}},
			"password": {"current": {"x"}, "password": {annsPassword}, "again": {annsPassword}},
		} {
			r := b.post("/console/"+path, form)
			if r.status != test.status || strings.Contains(r.body, "broken") || !strings.HasPrefix(r.header.Get("Retry-After"), test.retry) {
				t.Errorf("%s: %s is a %d, Retry-After %q: %s", test.name, path, r.status, r.header.Get("Retry-After"), r.body)
			}
		}
	}
}

// brokenSessions counts the sessions that it stores, and stores none while it is broken.
type brokenSessions struct {
	sessions

	broken atomic.Bool
	stored atomic.Int64
}

func (b *brokenSessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	if b.broken.Load() {
		return errors.New("the disk is full")
	}
	b.stored.Add(1)
	return b.sessions.CommitCtx(ctx, token, data, expiry)
}

// age makes the idle time of all sessions as old as the duration.
func (b *brokenSessions) age(t *testing.T, d time.Duration) {
	t.Helper()
	memory, is := b.Store.(*memstore.MemStore)
	if !is {
		t.Fatalf("the sessions are in a %T", b.Store)
	}
	all, err := memory.All()
	if err != nil {
		t.Fatal(err)
	}
	for token, data := range all {
		deadline, values, err := scs.GobCodec{}.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		renewed, is := values["renewed"].(int64)
		if !is {
			t.Fatalf("the session has %v", values)
		}
		values["renewed"] = renewed - int64(d/time.Second)
		if data, err = (scs.GobCodec{}).Encode(deadline, values); err == nil {
			err = memory.Commit(token, data, deadline)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestAPageStoresTheSessionOnlyToRenewIt(t *testing.T) {
	stored := &brokenSessions{sessions: sessions{memstore.NewWithCleanupInterval(0)}}
	s := newSiteWith(t, func(*sqlstore.Store, func() time.Time) (console.SignIn, scs.CtxStore) { return newDirectory(), stored })
	b := s.as(t, "viewer@example.com")
	count := stored.stored.Load()
	for range 3 {
		b.get("/console/a/1/actions")
	}
	if stored.stored.Load() != count {
		t.Errorf("three pages stored %d sessions", stored.stored.Load()-count)
	}
	stored.age(t, 5*time.Minute)
	for range 3 {
		b.get("/console/a/1/actions")
	}
	if stored.stored.Load() != count+1 {
		t.Errorf("after five minutes, three pages stored %d sessions", stored.stored.Load()-count)
	}
	stored.age(t, 5*time.Minute)
	stored.broken.Store(true)
	r := b.get("/console/a/1/actions")
	if r.status != http.StatusServiceUnavailable || strings.TrimSpace(r.body) != "The store is unavailable: try again" {
		t.Errorf("a page without a stored session is a %d: %s", r.status, r.body)
	}
}
