package console_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/console"
	"github.com/trueup-ledger/trueup/internal/people"
)

func TestPagesRequireASignIn(t *testing.T) {
	s := newSite(t)
	b := s.visit(t)
	r := b.get("/console/a/1/actions?state=PENDING")
	if r.path != "/console/signin?next=%2Fconsole%2Fa%2F1%2Factions%3Fstate%3DPENDING" {
		t.Errorf("the browser is at %s", r.path)
	}
	r = b.post("/console/signin", url.Values{"email": {"viewer@example.com"}, "password": {"wrong"}})
	if r.status != http.StatusUnauthorized || !strings.Contains(r.body, "is wrong") {
		t.Errorf("a wrong password is a %d: %s", r.status, r.body)
	}
	r = b.post("/console/signin", url.Values{"email": {"viewer@example.com"}, "password": {password}, "next": {"/console/a/1/actions?state=PENDING"}})
	if r.path != "/console/a/1/actions?state=PENDING" || r.status != http.StatusOK {
		t.Errorf("after the sign-in the browser is at %s with %d", r.path, r.status)
	}
	b.post("/console/signout", url.Values{})
	if r := b.get("/console/a/1/actions"); !strings.HasPrefix(r.path, "/console/signin") {
		t.Errorf("after the sign-out the browser is at %s", r.path)
	}
}

func TestSignInLeadsToNoOtherSite(t *testing.T) {
	s := newSite(t)
	for _, next := range []string{"https://evil.example/", "//evil.example/", `/\evil.example`, "/console/a/../../x:y@evil", "javascript:alert(1)"} {
		r := s.visit(t).post("/console/signin", url.Values{"email": {"viewer@example.com"}, "password": {password}, "next": {next}})
		if !strings.HasPrefix(r.path, "/console/a/1/") {
			t.Errorf("next=%s leads to %s", next, r.path)
		}
	}
}

func TestSignInRenewsTheToken(t *testing.T) {
	s := newSite(t)
	b := s.as(t, "viewer@example.com")
	first := b.cookie()
	b.post("/console/signin", url.Values{"email": {"admin@example.com"}, "password": {password}})
	if second := b.cookie(); second == first || second == "" {
		t.Errorf("the token %q became %q", first, second)
	}
	// The token of before is worth nothing.
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/console/a/1/actions", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "trueup_console", Value: first})
	got, err := (&http.Client{}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	got.Body.Close()
	if got.Request.URL.Path != "/console/signin" {
		t.Errorf("the old token still opens %s", got.Request.URL.Path)
	}
}

func TestALinkWorksOnceAndByButtonOnly(t *testing.T) {
	s := newSite(t)
	for range 2 {
		if r := s.visit(t).get("/console/link?secret=viewer@example.com"); r.status != http.StatusOK || !strings.Contains(r.body, "Continue") {
			t.Errorf("the page of the link is a %d", r.status)
		}
	}
	link := url.Values{"secret": {"viewer@example.com"}}
	if r := s.visit(t).post("/console/link", link); r.path != "/console/a/1/actions" {
		t.Errorf("the link leads to %s", r.path)
	}
	if r := s.visit(t).post("/console/link", link); r.status != http.StatusGone {
		t.Errorf("the second use of the link is a %d", r.status)
	}
}

func TestResponsesForbidFramesAndForeignScripts(t *testing.T) {
	s := newSite(t)
	b := s.as(t, "admin@example.com")
	for _, path := range []string{"/console/signin", "/console/a/1/actions", s.example(t), "/console/nothing", "/console/a/2/actions"} {
		r := b.get(path)
		csp := r.header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "frame-ancestors 'none'", "script-src 'self'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: the policy lacks %s: %s", path, want, csp)
			}
		}
		if strings.Contains(csp, "unsafe") {
			t.Errorf("%s: the policy is %s", path, csp)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
			"Cache-Control": "no-store", "Content-Type": "text/html; charset=utf-8",
		} {
			if got := r.header.Get(name); !strings.HasPrefix(got, want) {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
	}
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	s := newSite(t)
	b := s.as(t, "admin@example.com")
	for _, header := range []http.Header{{"Sec-Fetch-Site": {"cross-site"}}, {"Origin": {"https://evil.example"}}} {
		for _, p := range console.Pages {
			if p.Method == http.MethodGet {
				continue
			}
			path := strings.ReplaceAll(strings.ReplaceAll("/console/a/1"+p.Path, "{action}", "1000.2240.1"), "{submission}", "x")
			if r := b.send(p.Method, path, url.Values{}, header); r.status != http.StatusForbidden {
				t.Errorf("%s with %v is a %d", path, header, r.status)
			}
		}
		if r := b.send(http.MethodPost, "/console/signout", url.Values{}, header); r.status != http.StatusForbidden {
			t.Errorf("a sign-out with %v is a %d", header, r.status)
		}
	}
}

func TestRolesLimitEachPage(t *testing.T) {
	s := newSite(t)
	for _, role := range people.Roles {
		b := s.as(t, string(role.Role)+"@example.com")
		for _, p := range console.Pages {
			path := strings.ReplaceAll(strings.ReplaceAll("/console/a/1"+p.Path, "{action}", "1000.2240.999999"), "{submission}", "x")
			form := url.Values(nil)
			if p.Method != http.MethodGet {
				form = url.Values{}
			}
			r := b.send(p.Method, path, form, http.Header{"Sec-Fetch-Site": {"same-origin"}})
			if refused := r.status == http.StatusForbidden; refused == role.Role.May(p.Permission) {
				t.Errorf("%s %s as %s is a %d", p.Method, p.Path, role.Role, r.status)
			}
		}
	}
}

func TestOnlyReadingPagesAreGETs(t *testing.T) {
	for _, p := range console.Pages {
		if reads := p.Permission == people.Read || p.Permission == people.ReadOwn; reads != (p.Method == http.MethodGet) {
			t.Errorf("%s %s requires permission %d", p.Method, p.Path, p.Permission)
		}
	}
}

func TestNoPageShowsAnotherAccount(t *testing.T) {
	s := newSite(t)
	b := s.as(t, "japan@example.com")
	for _, p := range console.Pages {
		for _, account := range []string{"1", "01", "0", "999", "x"} {
			path := strings.ReplaceAll(strings.ReplaceAll("/console/a/"+account+p.Path, "{action}", "1000.2240.1"), "{submission}", "x")
			if r := b.send(p.Method, path, nil, http.Header{"Sec-Fetch-Site": {"same-origin"}}); r.status != http.StatusNotFound {
				t.Errorf("%s %s is a %d", p.Method, path, r.status)
			}
		}
	}
	// The action of account 1 isn't reachable by the path of the own account either.
	path := strings.Replace(s.example(t), "/a/1/", "/a/2/", 1)
	if r := b.get(path); r.status != http.StatusNotFound {
		t.Errorf("%s is a %d", path, r.status)
	}
	next := url.QueryEscape("/Advertisers/IRTrueupDemoUSD0000000000000000001/Actions?PageSize=2")
	if r := b.get("/console/a/2/actions?page=" + next); strings.Contains(r.body, "data-row") {
		t.Errorf("a page URI of another account shows %s", r.body)
	}
}

func TestADisabledPersonIsSignedOut(t *testing.T) {
	s := newSite(t)
	b := s.as(t, "viewer@example.com")
	p := s.people.people["viewer@example.com"]
	p.Disabled = true
	s.people.add(p)
	if r := b.get("/console/a/1/actions"); !strings.HasPrefix(r.path, "/console/signin") {
		t.Errorf("the browser is at %s", r.path)
	}
}

// arriving is a form that calls a function before its last part.
type arriving struct {
	io.Reader

	last func()
}

func (a *arriving) Read(b []byte) (int, error) {
	n, err := a.Reader.Read(b)
	if err != nil {
		a.last()
	}
	return n, err
}

func (*arriving) Close() error { return nil }

func TestARoleThatEndsWhileAFormArrivesPermitsNothing(t *testing.T) {
	for name, c := range map[string]struct {
		end  func(*people.Person)
		want int
	}{
		"nothing ends":           {func(*people.Person) {}, http.StatusBadRequest},
		"the role is another":    {func(p *people.Person) { p.Members[0].Role = people.RoleViewer }, http.StatusForbidden},
		"the person is disabled": {func(p *people.Person) { p.Disabled = true }, http.StatusSeeOther},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			path := s.accept(t, unknown("NONE-1"))[0] + "/park"
			b := s.as(t, "operator@example.com")
			body := &arriving{strings.NewReader("note=&key=k"), func() {
				p := s.people.people["operator@example.com"]
				c.end(&p)
				s.people.add(p)
			}}
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, body)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.AddCookie(&http.Cookie{Name: "trueup_console", Value: b.cookie()})
			w := httptest.NewRecorder()
			s.Config.Handler.ServeHTTP(w, r)
			if w.Code != c.want {
				t.Errorf("the form is a %d, want %d: %s", w.Code, c.want, w.Body)
			}
		})
	}
}

func TestFormsHaveAMaximumSize(t *testing.T) {
	s := newSite(t)
	large := url.Values{"note": {strings.Repeat("x", 17<<10)}}
	b := s.as(t, "operator@example.com")
	b.want(b.post("/console/signin", large), http.StatusBadRequest, "at most 16 KiB")
	large.Set("note", strings.Repeat("x", 1<<20))
	b.want(b.post(s.example(t)+"/preview", large), http.StatusBadRequest, "at most 1024 KiB")
}

func TestBrowsersThatUseTLSStayWithIt(t *testing.T) {
	s := newSite(t)
	b := s.visit(t)
	for proto, want := range map[string]string{"https": "max-age=31536000", "http": "", "": ""} {
		r := b.send(http.MethodGet, "/console/signin", nil, http.Header{"X-Forwarded-Proto": {proto}})
		if got := r.header.Get("Strict-Transport-Security"); got != want {
			t.Errorf("by %q the header is %q, want %q", proto, got, want)
		}
	}
}
