package console_test

import (
	"cmp"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/console"
	"github.com/trueup-ledger/trueup/internal/console/browsertest"
	"github.com/trueup-ledger/trueup/internal/demo"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

// open returns a page in which a person has signed in.
func (s *site) open(t *testing.T, m browsertest.Mode, email string) *browsertest.Page {
	t.Helper()
	p := browsertest.NewIn(t, m, s.URL)
	p.Open("/console/")
	p.WaitPath("/console/signin")
	p.Fill("E-mail", email)
	p.Fill("Password", password)
	p.Click("button", "Sign in")
	p.Find("button", "Sign out").Wait()
	return p
}

// examples returns the paths of all pages, by a name for their pictures. Those of the table of pages
// have the parameters of the demo's example. Downloads are no pages.
func (s *site) examples(t *testing.T) map[string]string {
	t.Helper()
	failed := s.accept(t, unknown("NONE-1"))[0]
	s.apply(t)
	_, adjustment, _ := strings.Cut(s.as(t, "viewer@example.com").get(unpaid).body, `href="/console/a/1/adjustments/`)
	adjustment, _, _ = strings.Cut(adjustment, `"`)
	parameters := strings.NewReplacer("{action}", filepath.Base(s.example(t)), "{submission}", filepath.Base(failed),
		"{adjustment}", adjustment, "{invoice}", filepath.Base(overdue), "{partner}", "10003")
	paths := map[string]string{"missing": "/console/a/1/nothing", "forbidden": "/console/a/2/actions", "no-action": "/console/a/1/actions/1.2.3", "actions-none": "/console/a/1/actions?q=nothing"}
	for _, p := range console.Pages {
		if p.Method != http.MethodGet || slices.Contains([]string{"pdf", "csv", "export"}, filepath.Base(p.Path)) {
			continue
		}
		path := parameters.Replace(p.Path)
		if strings.Contains(path, "{") {
			t.Errorf("examples has no value for a parameter of %s", p.Path)
			continue
		}
		name := strings.NewReplacer("/", "-", "{", "", "}", "").Replace(strings.TrimPrefix(p.Path, "/"))
		paths[cmp.Or(name, "start")] = "/console/a/1" + path
	}
	return paths
}

// picture writes a picture of the page into the folder that make screenshots sets.
func picture(p *browsertest.Page, name string, m browsertest.Mode) {
	if folder := os.Getenv("TRUEUP_TEST_SCREENSHOTS"); folder != "" {
		p.Screenshot(filepath.Join(folder, name+"-"+m.Name+".png"))
	}
}

// TestEveryPageIsAccessible also writes the pictures of make screenshots.
func TestEveryPageIsAccessible(t *testing.T) {
	browsertest.Require(t)
	s := newSite(t)
	paths := s.examples(t)
	for _, m := range browsertest.Modes() {
		for name, path := range map[string]string{"signin": "/console/signin", "link": "/console/link?secret=a", "link-used": "/console/link"} {
			t.Run(name+" "+m.Name, func(t *testing.T) {
				p := browsertest.NewIn(t, m, s.URL)
				p.Open(path)
				p.FitsWidth()
				p.Axe()
				picture(p, name, m)
			})
		}
		t.Run(m.Name, func(t *testing.T) {
			p := s.open(t, m, "admin@example.com")
			p.AllowStatus(http.StatusNotFound)
			for name, path := range paths {
				p.Open(path)
				p.FitsWidth()
				p.Axe()
				picture(p, name, m)
			}
			p.Open("/console/password")
			p.FitsWidth()
			p.Axe()
			picture(p, "password", m)
		})
	}
}

// TestPagesFitTabletsAndSmallWindows covers the widths between a telephone and a desktop, in which
// tables are wider than the window.
func TestPagesFitTabletsAndSmallWindows(t *testing.T) {
	browsertest.Require(t)
	s := newSite(t)
	paths := s.examples(t)
	p := s.open(t, browsertest.Light, "admin@example.com")
	p.AllowStatus(http.StatusNotFound)
	for _, width := range []int64{800, 1024} {
		m := browsertest.Mode{Name: fmt.Sprint(width), Width: width, Height: 900}
		p.Show(m)
		for name, path := range paths {
			p.Open(path)
			p.FitsWidth()
			p.Axe()
			picture(p, name, m)
		}
	}
}

func TestAPersonSignsIn(t *testing.T) {
	browsertest.Require(t)
	s := newSite(t)
	p := browsertest.New(t, s.URL)
	p.AllowStatus(http.StatusUnauthorized)
	p.Open("/console/a/1/actions?state=PENDING")
	p.WaitPath("/console/signin")
	if got, want := p.Focused(), `textbox "E-mail"`; got != want {
		t.Errorf("the focus is on %s, want %s", got, want)
	}
	p.Fill("E-mail", "viewer@example.com")
	p.Fill("Password", "wrong")
	p.Press("Enter")
	p.See("wrong")
	p.Find("alert", "").Wait()
	p.Axe()
	p.Fill("Password", password)
	p.Click("button", "Sign in")
	p.WaitPath("/console/a/1/actions")
	if got, want := p.Path(), "/console/a/1/actions?state=PENDING"; got != want {
		t.Errorf("the person is at %s, want %s", got, want)
	}
	p.See("Ms. viewer")
	p.Click("button", "Sign out")
	p.WaitPath("/console/signin")
	p.Open("/console/a/1/actions")
	p.WaitPath("/console/signin")
}

func TestALinkSignsInOnce(t *testing.T) {
	browsertest.Require(t)
	s := newSite(t)
	p := browsertest.New(t, s.URL)
	p.Open("/console/link?secret=operator@example.com")
	p.Click("button", "Continue")
	p.WaitPath("/console/a/1/actions")
	again := browsertest.New(t, s.URL)
	again.AllowStatus(http.StatusGone)
	again.Open("/console/link?secret=operator@example.com")
	again.Click("button", "Continue")
	again.Find("heading", "The link is not valid").Wait()
	again.Axe()
}

func TestActionsAreFoundAndOpened(t *testing.T) {
	browsertest.Require(t)
	s := newSite(t)
	p := s.open(t, browsertest.Light, "viewer@example.com")
	p.Fill("Order, action or SKU", demo.ExampleOrder)
	p.Press("Enter")
	p.FindWith("row", demo.ExampleOrder).Find("link", demo.ExampleOrder).Click()
	p.WaitPath(s.example(t))
	p.Find("heading", demo.ExampleOrder).Wait()
	p.Find("heading", "Items").Wait()
}

func TestMoreActionsAreLoadedIntoTheList(t *testing.T) {
	browsertest.Require(t)
	s := newSite(t)
	p := s.open(t, browsertest.Light, "viewer@example.com")
	before := p.Count("row")
	if !strings.Contains(p.Text(), "Load more") {
		t.Fatalf("the demo has only %d rows", before)
	}
	p.Click("link", "Load more")
	if after := p.Count("row"); after < before+10 {
		t.Errorf("the list had %d rows and has %d", before, after)
	}
	if got, want := p.Path(), "/console/a/1/actions"; got != want {
		t.Errorf("the person is at %s, want %s", got, want)
	}
	p.Axe()
}

func TestActionsAreReadByKeyboardAlone(t *testing.T) {
	browsertest.Require(t)
	s := newSite(t)
	p := browsertest.New(t, s.URL)
	p.Open("/console/signin")
	p.Type("viewer@example.com")
	p.Press("Tab")
	p.Type(password)
	p.Press("Enter")
	p.WaitPath("/console/a/1/actions")
	p.Press("Tab")
	if got, want := p.Focused(), `link "Skip to the content"`; got != want {
		t.Errorf("the first element is %s, want %s", got, want)
	}
	p.Press("?")
	p.Find("dialog", "Keys").Wait()
	p.Press("Escape")
	p.Find("dialog", "Keys").Gone()
	p.Press("/")
	p.Type(demo.ExampleOrder)
	p.Press("Enter")
	p.WaitPath("/console/a/1/actions")
	p.Press("j")
	if got := p.Focused(); got != fmt.Sprintf("link %q", demo.ExampleOrder) {
		t.Fatalf("j leads to %s", got)
	}
	p.Press("Enter")
	p.WaitPath(s.example(t))
	p.Press("g", "a")
	p.WaitPath("/console/a/1/actions")
	p.Press("j", "j", "k")
	p.TabTo("button", "Sign out")
	p.Press("Enter")
	p.WaitPath("/console/signin")
}

func TestPagesReadWithoutJavaScript(t *testing.T) {
	browsertest.Require(t)
	s := newSite(t)
	p := s.open(t, browsertest.NoScript, "viewer@example.com")
	first := p.Count("row")
	p.Click("link", "Load more")
	if got := p.Path(); !strings.Contains(got, "page=") {
		t.Errorf("the next page is %s", got)
	}
	if got := p.Count("row"); got < 10 || got > first {
		t.Errorf("the next page has %d rows, the first %d", got, first)
	}
	p.Open("/console/a/1/actions")
	p.Fill("Order, action or SKU", demo.ExampleOrder)
	p.Click("button", "Search")
	p.FindWith("row", demo.ExampleOrder).Find("link", demo.ExampleOrder).Click()
	p.WaitPath(s.example(t))
	p.Find("heading", "Items").Wait()
	p.Click("button", "Sign out")
	p.WaitPath("/console/signin")
}

// TestTheFirstLoadIsSmall bounds what a browser without a cache loads to sign in and show the list of
// actions.
func TestTheFirstLoadIsSmall(t *testing.T) {
	browsertest.Require(t)
	s := newSite(t)
	p := s.open(t, browsertest.Light, "viewer@example.com")
	p.WaitPath("/console/a/1/actions")
	if got, most := p.Transferred(), int64(150<<10); got > most {
		t.Errorf("signing in and the list of actions load %d bytes, at most %d", got, most)
	}
}
