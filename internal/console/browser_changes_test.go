package console_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/console/browsertest"
	"github.com/trueup-ledger/trueup/internal/demo"
)

// openExample opens the page of the demo's example.
func (s *site) openExample(t *testing.T, m browsertest.Mode, email string) *browsertest.Page {
	t.Helper()
	p := s.open(t, m, email)
	p.Open(s.example(t))
	p.Find("heading", demo.ExampleOrder).Wait()
	return p
}

func TestAReturnIsPreviewedMadeAndUndone(t *testing.T) {
	browsertest.Require(t)
	s := newSite(t)
	p := s.openExample(t, browsertest.Light, "operator@example.com")
	before := p.Field("Quantity of 12345").Value()
	p.Fill("Quantity of 12345", "1")
	p.Find("heading", "Preview: Change items").Wait() // without a click
	p.Axe()
	picture(p, "preview", browsertest.Light)
	p.Find("button", "Make the change").Click() // which needs the reason
	if got, want := p.Focused(), `textbox "Reason for the audit trail"`; got != want {
		t.Errorf("the focus is on %s, want %s", got, want)
	}
	p.Fill("Reason for the audit trail", "returned <b>unworn</b> שלום 返品")
	p.Click("button", "Make the change")
	p.See("The change is made.")
	if got := p.Field("Quantity of 12345").Value(); got != "1" {
		t.Errorf("the quantity is %s", got)
	}
	p.See("returned <b>unworn</b> שלום 返品")
	p.Axe()
	p.Click("button", "Undo this change")
	p.Find("heading", "Preview: Undo a change").Wait()
	p.Fill("Reason for the audit trail", "a mistake")
	p.Click("button", "Make the change")
	p.See("a mistake")
	if got := p.Field("Quantity of 12345").Value(); got != before {
		t.Errorf("the quantity is %s, want %s", got, before)
	}
}

func TestAChangeOfSomethingNewerIsRefused(t *testing.T) {
	browsertest.Require(t)
	s := newSite(t)
	first, second := s.openExample(t, browsertest.Light, "operator@example.com"), s.openExample(t, browsertest.Light, "admin@example.com")
	for _, p := range []*browsertest.Page{first, second} {
		p.Fill("Quantity of 12345", "1")
		p.Find("heading", "Preview: Change items").Wait()
		p.Fill("Reason for the audit trail", "returned")
	}
	first.Click("button", "Make the change")
	first.See("The change is made.")
	second.AllowStatus(http.StatusUnprocessableEntity)
	second.Click("button", "Make the change")
	second.See("Somebody else changed this order in the meantime.")
	if got := second.Field("Quantity of 12345").Value(); got != "1" {
		t.Errorf("the quantity is %s", got)
	}
	second.Axe()
}

func TestAnOrderIsReversedWithPreview(t *testing.T) {
	browsertest.Require(t)
	s := newSite(t)
	p := s.openExample(t, browsertest.Phone, "operator@example.com")
	p.Fill("Reverse the whole order because", "Item returned")
	p.Click("button", "Preview the reversal")
	p.Find("heading", "Preview: Reverse the whole order").Wait()
	p.FitsWidth()
	p.Axe()
	p.Fill("Reason for the audit trail", "sent back")
	p.Click("button", "Make the change")
	p.See("The order is reversed.")
	p.FitsWidth()
	p.Axe()
}

func TestAReturnIsMadeWithoutJavaScript(t *testing.T) {
	browsertest.Require(t)
	s := newSite(t)
	p := s.openExample(t, browsertest.NoScript, "operator@example.com")
	p.Fill("Quantity of 12345", "1")
	p.Click("button", "Preview the change")
	p.Find("heading", "Preview: Change items").Wait()
	p.Fill("Reason for the audit trail", "returned")
	p.Click("button", "Make the change")
	p.See("The change is made.")
}

func TestViewersSeeNoControls(t *testing.T) {
	browsertest.Require(t)
	s := newSite(t)
	p := s.openExample(t, browsertest.Light, "viewer@example.com")
	if got := p.Count("textbox"); got != 0 {
		t.Errorf("the page has %d fields", got)
	}
	if got := p.Count("button"); got != 1 {
		t.Errorf("the page has %d buttons, want that to sign out", got)
	}
}

func TestTextsOfOthersNeitherRunNorBreakThePage(t *testing.T) {
	browsertest.Require(t)
	texts := map[string]string{
		"markup":        `"><img src=x onerror=alert(1)><script>alert(2)</script>`,
		"right to left": "מוצר עם שם בעברית ואחריו הפוך",
		"japanese":      "手ぬぐい（藍染め）と風呂敷の詰め合わせ",
		"one long word": strings.Repeat("W", 200),
	}
	s := newSite(t)
	p := s.openExample(t, browsertest.Phone, "operator@example.com")
	for name, text := range texts {
		t.Log(name)
		p.Fill("Category of 12345", text)
		p.Find("heading", "Preview: Change items").Wait()
		p.FitsWidth()
		p.Fill("Reason for the audit trail", text)
		p.Click("button", "Make the change")
		p.See("The change is made.")
		if got := p.Field("Category of 12345").Value(); got != text {
			t.Errorf("the category is %q, want %q", got, text)
		}
		for _, m := range browsertest.Modes() {
			p.Show(m)
			p.FitsWidth()
			p.Axe()
			picture(p, strings.ReplaceAll(name, " ", "-"), m)
		}
		p.Show(browsertest.Phone)
		p.Open(s.example(t))
	}
}
