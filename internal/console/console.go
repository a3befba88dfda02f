// Package console serves the web console. It is a client of the server: its pages call the protocol
// and the admin API within the program, on behalf of the person who is signed in. It has no rule of
// its own and no access to the store.
package console

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/client/admin"
	"github.com/trueup-ledger/trueup/internal/console/assets"
	"github.com/trueup-ledger/trueup/internal/console/page"
	"github.com/trueup-ledger/trueup/internal/console/view"
	"github.com/trueup-ledger/trueup/internal/inprocess"
	"github.com/trueup-ledger/trueup/internal/people"
	"github.com/trueup-ledger/trueup/internal/principal"
	"github.com/trueup-ledger/trueup/internal/signin"
	"github.com/trueup-ledger/trueup/internal/store"
)

// Root is the path of the console.
const Root = "/console/"

// SignIn signs people in. [signin.Service] implements it.
type SignIn interface {
	SignIn(ctx context.Context, a signin.Attempt) (people.Person, error)
	Redeem(ctx context.Context, secret string) (people.Person, error)
	Person(ctx context.Context, id int64) (people.Person, error)
	SetPassword(ctx context.Context, p people.Person, password string) (people.Person, error)
}

// Config configures a console.
type Config struct {
	// API and Admin are the handlers of the protocol and of the admin API. They must identify
	// callers by package principal.
	API, Admin http.Handler
	// AdminRoot is the path of the admin API.
	AdminRoot string
	SignIn    SignIn
	// Sessions stores the sessions.
	Sessions scs.CtxStore
	Now      func() time.Time
	Log      *slog.Logger
}

// console serves the pages.
type console struct {
	Config

	client   *client.Client
	admin    *admin.Client
	sessions *scs.SessionManager
}

// New returns the handler of all paths below [Root].
func New(c Config) http.Handler {
	s := &console{Config: c, sessions: newSessions(c)}
	s.connect()
	mux := http.NewServeMux()
	mux.Handle("GET "+assets.Root, assets.Handler())
	pages := http.NewServeMux()
	s.handleSignIn(pages)
	for _, p := range Pages {
		pages.Handle(p.Method+" "+Root+"a/{account}"+p.Path, s.handler(p))
	}
	pages.HandleFunc("GET "+Root+"{$}", s.start)
	pages.HandleFunc("GET "+Root+"a/{account}/{$}", s.start)
	pages.HandleFunc(Root, func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, page.NotFound) })
	mux.Handle(Root, s.withForm(s.withSession(pages)))
	return withHeaders(http.NewCrossOriginProtection().Handler(mux))
}

// withForm reads the form of a request before its session is loaded: a session may end, or a role
// change, while the form arrives.
func (s *console) withForm(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			limit := int64(maxSignIn)
			if strings.HasPrefix(r.URL.Path, Root+"a/") {
				limit = page.MaxForm
			}
			if err := page.ReadForm(w, r, limit); err != nil {
				s.fail(w, r, err)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// encrypted reports whether the browser uses TLS, also by way of a proxy.
func encrypted(r *http.Request) bool {
	return r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https"
}

// connect creates the clients. Their credentials are those of no token: each request has a context
// with the person.
func (s *console) connect() {
	const base = "http://" + principal.SID
	options := client.Options{
		BaseURL: base, SID: principal.SID, Token: "in process", Retry: client.Retry{MaxAttempts: 3},
		HTTPClient: &http.Client{Transport: inprocess.Transport{Handler: s.API}},
	}
	var err, adminErr error
	s.client, err = client.New(options)
	s.admin, adminErr = admin.New(admin.Options{
		BaseURL: base + s.AdminRoot, SID: principal.SID, Token: options.Token, Retry: options.Retry,
		HTTPClient: &http.Client{Transport: inprocess.Transport{Handler: s.Admin}},
	})
	if err := errors.Join(err, adminErr); err != nil {
		panic(err) // the options are constants
	}
}

// csp forbids everything but the console's own scripts, styles, images and requests. No markup that
// somebody smuggles into a page can run or load anything.
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// withHeaders adds the headers that all responses have.
func withHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", csp)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY") // for browsers that don't know frame-ancestors
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if encrypted(r) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		h.Set("Content-Type", "text/html; charset=utf-8")
		next.ServeHTTP(w, r)
	})
}

// person returns the person of the session, or one without an id. A session of an earlier epoch
// than the person's was ended.
func (s *console) person(r *http.Request) (people.Person, error) {
	id := s.sessions.GetInt64(r.Context(), signin.SessionPerson)
	if id == 0 {
		return people.Person{}, nil
	}
	p, err := s.SignIn.Person(r.Context(), id)
	if err != nil {
		return people.Person{}, err
	}
	if p.Disabled || p.Epoch != s.sessions.GetInt64(r.Context(), signin.SessionEpoch) {
		return people.Person{}, s.sessions.Destroy(r.Context())
	}
	return p, nil
}

// start leads to the first page that the person may see.
func (s *console) start(w http.ResponseWriter, r *http.Request) {
	p, err := s.person(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if p.ID == 0 {
		toSignIn(w, r)
		return
	}
	members := p.Members
	if account := r.PathValue("account"); account != "" {
		m, is := memberOf(p, account)
		if !is {
			s.fail(w, r, page.NotFound)
			return
		}
		members = []people.Membership{m}
	}
	for _, m := range members {
		if nav := navigation(m, ""); len(nav) > 0 {
			http.Redirect(w, r, nav[0].Path, http.StatusSeeOther)
			return
		}
	}
	s.fail(w, r, &page.Problem{Status: http.StatusForbidden, Message: "There is nothing for you here", Remedy: "Ask an administrator of your account for a role."})
}

// toSignIn leads to the sign-in page, and from there back to a page that was asked for.
func toSignIn(w http.ResponseWriter, r *http.Request) {
	target := Root + "signin"
	if r.Method == http.MethodGet && r.URL.Path != Root {
		target += "?next=" + url.QueryEscape(r.URL.RequestURI())
	}
	if r.Header.Get("HX-Request") != "" { // a part would show the sign-in page within a table
		w.Header().Set("HX-Redirect", target)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	http.Redirect(w, r, target, http.StatusSeeOther)
}

// memberOf returns the membership of a person in the account of a path.
func memberOf(p people.Person, account string) (people.Membership, bool) {
	id, err := strconv.ParseInt(account, 10, 64)
	if err != nil || strconv.FormatInt(id, 10) != account {
		return people.Membership{}, false
	}
	return p.Member(id)
}

// handler serves a page to people with its permission.
func (s *console) handler(p page.Page) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		person, err := s.person(r)
		switch {
		case err != nil:
			s.fail(w, r, err)
			return
		case person.ID == 0:
			toSignIn(w, r)
			return
		}
		member, is := memberOf(person, r.PathValue("account"))
		if !is { // whether the account exists is not for the person to know
			s.fail(w, r, page.NotFound)
			return
		}
		request, err := s.request(w, r, p, person, member)
		if err == nil && !member.Role.May(p.Permission) {
			err = &page.Problem{Status: http.StatusForbidden, Message: "Your role doesn't permit this", Remedy: "As " + string(member.Role) + " you can't use this page. Ask an administrator of the account."}
		}
		if err == nil {
			err = p.Handle(request)
		}
		if err != nil {
			s.failIn(request, w, r, err)
		}
	})
}

// request returns the request of a person for a page.
func (s *console) request(w http.ResponseWriter, r *http.Request, p page.Page, person people.Person, m people.Membership) (*page.Request, error) {
	caller := principal.Principal{Account: m.Account, Actor: signin.Actor(person), Scopes: scopes(p.Permission), Permission: p.Permission}
	r = r.WithContext(principal.With(r.Context(), caller))
	request := &page.Request{
		W: w, R: r, Person: person, Member: m, Account: m.Account, Now: s.Now(), Client: s.client, Admin: s.admin, Log: s.Log,
		ID: rand.Text()[:16], Sessions: s.sessions, Nav: navigation(m, p.Section), Title: p.Title, Zone: time.UTC,
	}
	if !m.Role.May(people.Read) {
		return request, nil
	}
	company, err := s.client.Company(r.Context())
	if err != nil {
		return request, err
	}
	request.Company = *company
	if zone, err := time.LoadLocation(company.Timezone); err == nil {
		request.Zone = zone
	}
	request.Accounts, err = s.accounts(r.Context(), person)
	return request, err
}

// maxNamed is the number of accounts whose names a page reads.
const maxNamed = 20

// accounts returns the accounts of a person who has several, with names.
func (s *console) accounts(ctx context.Context, p people.Person) (list []view.Account, err error) {
	if len(p.Members) == 1 {
		return nil, nil
	}
	for i, m := range p.Members {
		account := view.Account{ID: m.Account}
		if i < maxNamed && m.Role.May(people.Read) {
			of := principal.Principal{Account: m.Account, Actor: signin.Actor(p), Scopes: []store.Scope{store.ScopeRead}}
			company, err := s.client.Company(principal.With(ctx, of))
			if err != nil {
				return nil, err
			}
			account.Name = company.CompanyName
		}
		list = append(list, account)
	}
	return list, nil
}

// scopes returns what calls of the protocol by a page with a permission can do. The admin API checks
// the permission itself. Calls of a page to read can't write, whatever its handler calls.
func scopes(p people.Permission) []store.Scope {
	if p == people.Read || p == people.ReadOwn {
		return []store.Scope{store.ScopeRead, store.ScopeAdmin}
	}
	return []store.Scope{store.ScopeAll, store.ScopeAdmin}
}

// fail writes the page for an error.
func (s *console) fail(w http.ResponseWriter, r *http.Request, err error) { s.failIn(nil, w, r, err) }

// failIn writes the page for an error, within the layout of the account if there is a request.
func (s *console) failIn(in *page.Request, w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		panic(http.ErrAbortHandler) // the caller has disconnected
	}
	problem, logged := page.ProblemOf(err), ""
	if problem == nil {
		logged = rand.Text()[:16]
		if in != nil {
			logged = in.ID
		}
		s.Log.Error("a page of the console failed", "request", logged, "method", r.Method, "path", r.URL.Path, "error", err)
		problem = &page.Problem{Status: http.StatusInternalServerError, Message: "Something went wrong", Remedy: "Try again. If it stays, send the number below to the operator of the server."}
	}
	v := problemView(problem, logged, s.Now())
	if in != nil && in.Company.CompanyName != "" {
		v = in.View(v.Data)
		v.Title = problem.Message
	}
	w.WriteHeader(cmp.Or(problem.Status, http.StatusInternalServerError))
	if err := view.Problem.Render(w, v); err != nil {
		s.Log.Debug("writing a page failed", "error", err)
	}
}
