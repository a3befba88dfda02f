package console_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/alexedwards/scs/v2/memstore"

	"github.com/trueup-ledger/trueup/internal/adminapi"
	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/console"
	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/ingest"
	"github.com/trueup-ledger/trueup/internal/people"
	"github.com/trueup-ledger/trueup/internal/signin"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/waiter"
	"github.com/trueup-ledger/trueup/ledger"
)

// password is that of all people of the tests.
const password = "correct horse battery"

// directory signs in the people of the tests. A link is the e-mail address of its person.
type directory struct {
	mu     sync.Mutex
	people map[string]people.Person
	used   map[string]bool
}

func newDirectory() *directory {
	d := &directory{people: make(map[string]people.Person), used: make(map[string]bool)}
	for i, role := range people.Roles {
		m := people.Membership{Account: demo.Account, Role: role.Role}
		if role.Role == people.RolePartner {
			m.Partner = 10001
		}
		d.add(people.Person{ID: int64(i + 1), Email: string(role.Role) + "@example.com", Name: "Ms. " + string(role.Role), Password: true, Members: []people.Membership{m}})
	}
	d.add(people.Person{ID: 99, Email: "japan@example.com", Name: "日本", Password: true, Members: []people.Membership{{Account: demo.AccountJapan, Role: people.RoleAdmin}}})
	return d
}

func (d *directory) add(p people.Person) { d.people[p.Email] = p }

func (d *directory) SignIn(_ context.Context, a signin.Attempt) (people.Person, error) {
	p, found := d.people[a.Email]
	if !found || a.Password != password {
		return people.Person{}, signin.ErrCredentials
	}
	return p, nil
}

func (d *directory) Redeem(_ context.Context, secret string) (people.Person, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, found := d.people[secret]
	if !found || d.used[secret] {
		return people.Person{}, signin.ErrLink
	}
	d.used[secret] = true
	return p, nil
}

func (d *directory) Person(_ context.Context, id int64) (people.Person, error) {
	for _, p := range d.people {
		if p.ID == id {
			return p, nil
		}
	}
	return people.Person{}, ledger.ErrNotFound
}

func (d *directory) SetPassword(_ context.Context, p people.Person, _ string) (people.Person, error) {
	return p, nil
}

// seeded is the demo's database. It is created once, and each test uses a copy.
var seeded = sync.OnceValues(func() (database []byte, err error) {
	dir, err := os.MkdirTemp("", "trueup-console-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	st, err := sqlstore.OpenSQLite(context.Background(), dir)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(demo.Seed(context.Background(), st, time.Now()), st.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, sqldb.SQLiteFiles()[0]))
})

// site is a console with the demo's data.
type site struct {
	*httptest.Server
	store  *sqlstore.Store
	people *directory
}

// newSite returns a console on the pieces of a server, in which the people of a directory sign in.
func newSite(t *testing.T) *site {
	t.Helper()
	d := newDirectory()
	s := newSiteWith(t, func(*sqlstore.Store, func() time.Time) (console.SignIn, scs.CtxStore) {
		return d, sessions{memstore.NewWithCleanupInterval(0)}
	})
	s.people = d
	return s
}

// newSiteWith is like newSite with another service and store of sessions.
func newSiteWith(t *testing.T, with func(*sqlstore.Store, func() time.Time) (console.SignIn, scs.CtxStore)) *site {
	t.Helper()
	database, err := seeded()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, sqldb.SQLiteFiles()[0]), database, 0o600); err != nil {
		t.Fatal(err)
	}
	st, err := sqlstore.OpenSQLite(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	log, roles := slog.New(slog.NewTextHandler(t.Output(), nil)), st.Roles()
	clock := clockguard.New(time.Time{}, log)
	waiters := waiter.New(roles.Applied, log)
	accepter := ingest.New(roles, ingest.Config{Decide: ledger.Decide, Now: clock.Now, Queued: func(int64) {}, Applied: waiters.Notify, Log: log})
	inbox := batchfile.New(roles, clock.Now, log, func(int64) {})
	service, stored := with(st, clock.Now)
	s := &site{store: st}
	s.Server = httptest.NewServer(console.New(console.Config{
		API: httpapi.New(roles, accepter, waiters, inbox, clock.Now, log),
		Admin: adminapi.New(adminapi.Config{
			Store: roles, Notifications: roles, References: roles, Bridges: roles, Keys: roles, Invoices: adminapi.Invoices{Store: roles},
			Customers: adminapi.Customers{Store: roles}, Queued: accepter.Notify,
			Clock: adminapi.Clock{Guard: clock, Log: roles.LogClock}, Log: log,
		}),
		AdminRoot: adminapi.Root, SignIn: service, Sessions: stored, Now: clock.Now, Log: log,
	}))
	t.Cleanup(func() {
		s.Close()
		waiters.Stop()
		accepter.Stop(context.Background())
		inbox.Stop(context.Background())
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// sessions is a store of sessions in memory.
type sessions struct{ scs.Store }

func (s sessions) FindCtx(_ context.Context, token string) ([]byte, bool, error) {
	return s.Find(token)
}

func (s sessions) CommitCtx(_ context.Context, token string, b []byte, expiry time.Time) error {
	return s.Commit(token, b, expiry)
}

func (s sessions) DeleteCtx(_ context.Context, token string) error { return s.Delete(token) }

// browser is a browser without JavaScript.
type browser struct {
	*testing.T
	site   *site
	client *http.Client
}

// visit returns a browser in which nobody is signed in.
func (s *site) visit(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t, s, &http.Client{Jar: jar}}
}

// as returns a browser in which a person is signed in.
func (s *site) as(t *testing.T, email string) *browser {
	t.Helper()
	b := s.visit(t)
	r := b.post("/console/signin", url.Values{"email": {email}, "password": {password}})
	if r.status != http.StatusOK && r.status != http.StatusForbidden { // a partner has no page yet
		t.Fatalf("the sign-in of %s is %d: %s", email, r.status, r.body)
	}
	return b
}

// response is a response after redirects, with the path that it is from.
type response struct {
	status int
	path   string
	header http.Header
	body   string
}

func (b *browser) get(path string) response {
	b.Helper()
	return b.send(http.MethodGet, path, nil, nil)
}

func (b *browser) post(path string, form url.Values) response {
	b.Helper()
	return b.send(http.MethodPost, path, form, http.Header{"Sec-Fetch-Site": {"same-origin"}})
}

func (b *browser) send(method, path string, form url.Values, header http.Header) response {
	b.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(b.Context(), method, b.site.URL+path, body)
	if err != nil {
		b.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, values := range header {
		r.Header[name] = values
	}
	got, err := b.client.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		b.Fatal(err)
	}
	return response{got.StatusCode, got.Request.URL.RequestURI(), got.Header, string(text)}
}

// cookie returns the token of the session.
func (b *browser) cookie() string {
	u, _ := url.Parse(b.site.URL + console.Root)
	for _, c := range b.client.Jar.Cookies(u) {
		if c.Name == "trueup_console" {
			return c.Value
		}
	}
	return ""
}

// example returns the path of the action of the demo's example.
func (s *site) example(t *testing.T) string {
	t.Helper()
	id, err := demo.ExampleAction(t.Context(), s.store)
	if err != nil {
		t.Fatal(err)
	}
	return "/console/a/1/actions/" + id.String()
}

func TestAPersonOfSeveralAccountsSeesTheirNames(t *testing.T) {
	s := newSite(t)
	p := s.people.people["viewer@example.com"]
	p.Members = append(p.Members, people.Membership{Account: demo.AccountJapan, Role: people.RolePartner, Partner: 1})
	s.people.add(p)
	b := s.as(t, "viewer@example.com")
	b.want(b.get("/console/a/1/actions"), http.StatusOK, `<a href="/console/a/2/">Account 2</a>`, "Times of America/Los_Angeles")
	p.Members[1] = people.Membership{Account: demo.AccountJapan, Role: people.RoleViewer}
	s.people.add(p)
	other := s.as(t, "japan@example.com").get("/console/a/2/actions")
	_, name, _ := strings.Cut(other.body, `<strong dir="auto">`)
	name, _, _ = strings.Cut(name, "<")
	b.want(b.get("/console/a/1/actions"), http.StatusOK, `<a href="/console/a/2/"><bdi>`+name+`</bdi> <small>Account 2</small></a>`)
}
