package console_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/demo"
)

// hidden returns the hidden fields of the form that a page sends to a path.
func (r response) hidden(t *testing.T, action string) url.Values {
	t.Helper()
	_, form, found := strings.Cut(r.body, `action="`+action+`"`)
	if !found {
		t.Fatalf("%s (%d) has no form for %s: %s", r.path, r.status, action, r.body)
	}
	form, _, _ = strings.Cut(form, "</form>")
	values := make(url.Values)
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`).FindAllStringSubmatch(form, -1) {
		values.Add(m[1], m[2])
	}
	return values
}

// items returns the form with the items of the example and a quantity of the first one.
func items(quantity string) url.Values {
	return url.Values{
		"kind": {"items"}, "sku": {"12345", "67890"}, "quantity": {quantity, "1"}, "amount": {"19.27", "2.72"}, "category": {"Camping", "Camping"},
	}
}

func TestAReturnIsPreviewedAndMade(t *testing.T) {
	s := newSite(t)
	b, path := s.as(t, "operator@example.com"), s.example(t)
	r := b.post(path+"/preview", items("1"))
	if r.status != http.StatusOK || !strings.Contains(r.body, `<span class="was">2</span> 1`) || !strings.Contains(r.body, "−0.38") {
		t.Fatalf("the preview is a %d: %s", r.status, r.body)
	}
	if r := b.get(path); !strings.Contains(r.body, "21.99 USD") {
		t.Error("the preview changed the action")
	}
	form := r.hidden(t, path+"/change")
	if r := b.post(path+"/change", form); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, "Say why") {
		t.Errorf("a change without a reason is a %d", r.status)
	}
	form.Set("note", "The customer kept one")
	r = b.post(path+"/change", form)
	for _, want := range []string{"The change is made", "12.36 USD", "The customer kept one – Ms. operator, by the console", "Order update"} {
		if r.status != http.StatusOK || r.path != path || !strings.Contains(r.body, want) {
			t.Errorf("after the change, %s (%d) lacks %q", r.path, r.status, want)
		}
	}
	// The same form again is for a state that is not the present one.
	r = b.post(path+"/change", form)
	if r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, "Somebody else changed this order") {
		t.Errorf("the same change again is a %d", r.status)
	}
	if !strings.Contains(r.body, "12.36 USD") {
		t.Error("the conflict changed the action")
	}
}

func TestAReversalIsPreviewedMadeAndUndone(t *testing.T) {
	s := newSite(t)
	b, path := s.as(t, "operator@example.com"), s.example(t)
	r := b.post(path+"/preview", url.Values{"kind": {"reverse"}, "reason": {"CONS_FRAUD"}})
	form := r.hidden(t, path+"/change")
	form.Set("note", "Stolen card")
	r = b.post(path+"/change", form)
	if r.status != http.StatusOK || !strings.Contains(r.body, "Reversed: Customer: fraud") || !strings.Contains(r.body, "0.00 USD") {
		t.Fatalf("the reversal is a %d: %s", r.status, r.body)
	}
	undo := r.hidden(t, path+"/preview#preview") // that of the items
	for _, form := range strings.Split(r.body, `<input type="hidden" name="kind" value="undo">`)[1:2] {
		undo = url.Values{"kind": {"undo"}, "submission": {regexp.MustCompile(`name="submission" value="([^"]*)"`).FindStringSubmatch(form)[1]}}
	}
	r = b.post(path+"/preview", undo)
	form = r.hidden(t, path+"/change")
	form.Set("note", "The card was not stolen")
	if r = b.post(path+"/change", form); r.status != http.StatusOK || !strings.Contains(r.body, "21.99 USD") {
		t.Errorf("the undo is a %d: %s", r.status, r.body)
	}
}

// of returns the path of the newest action of an order.
func (b *browser) of(order string) string {
	b.Helper()
	r := b.get("/console/a/1/actions?q=" + url.QueryEscape(order))
	row := regexp.MustCompile(`data-row href="([^"]*)"`).FindStringSubmatch(r.body)
	if row == nil {
		b.Fatalf("no order is %s: %s", order, r.body)
	}
	return row[1]
}

func TestAnOldOrderIsShownWithItsWholeHistory(t *testing.T) {
	s := newSite(t)
	b := s.as(t, "operator@example.com")
	r := b.get(b.of(demo.OrderAdjusted)) // of four months ago, adjusted last month
	b.want(r, http.StatusOK, "Adjusted after locking", "Order tracked")
	if got := strings.Count(r.body, "<summary>Submission"); got != 2 {
		t.Errorf("the history has %d submissions, want 2: %s", got, r.body)
	}
}

func TestAnOrderReversedByAdjustmentsCanBeUndone(t *testing.T) {
	s := newSite(t)
	b := s.as(t, "operator@example.com")
	path := b.of(demo.OrderLocked)
	form := b.post(path+"/preview", url.Values{"kind": {"reverse"}, "reason": {"CONS_FRAUD"}}).hidden(t, path+"/change")
	form.Set("note", "Stolen card")
	r := b.post(path+"/change", form)
	b.want(r, http.StatusOK, "The change is made", "Undo this change", "Undo the reversal")
	b.lacks(r, "Preview a reset", `name="quantity"`)
}

func TestALockedOrderOffersQuantitiesAndAmountsAlone(t *testing.T) {
	s := newSite(t)
	b := s.as(t, "operator@example.com")
	r := b.get(b.of(demo.OrderLocked))
	b.want(r, http.StatusOK, "if the terms still accept them", `name="quantity"`, `type="hidden" name="category"`)
	b.lacks(r, `aria-label="Category of`, "Preview a reset")
	b.lacks(s.as(t, "viewer@example.com").get(b.of(demo.OrderLocked)), "Locked: ")
}

func TestFormsSayWhatIsWrong(t *testing.T) {
	s := newSite(t)
	b, path := s.as(t, "operator@example.com"), s.example(t)
	change := func(name, value string) url.Values {
		form := items("1")
		form[name] = []string{value, form[name][1]}
		return form
	}
	for name, c := range map[string]struct {
		form url.Values
		want string
	}{
		"an unchanged form":      {items("2"), "Nothing differs"},
		"a negative quantity":    {change("quantity", "-1"), "must be a whole number"},
		"a quantity of text":     {change("quantity", "two"), "must be a whole number"},
		"an amount of text":      {change("amount", "x"), "must be a number from 0"},
		"too many digits":        {change("amount", "1.234"), "must be a number from 0"},
		"a decimal comma":        {change("amount", "1,5"), "The amount of 12345 must be a number from 0"},
		"groups of two":          {change("amount", "12,34.50"), "such as 1,234.50"},
		"an unknown item":        {change("sku", "nothing"), "has no item nothing"},
		"a form without fields":  {url.Values{"kind": {"items"}, "sku": {"12345"}}, "incomplete"},
		"a reversal for nothing": {url.Values{"kind": {"reverse"}}, "Choose the reason"},
		"an undo of nothing":     {url.Values{"kind": {"undo"}}, "Choose the change"},
		"no kind":                {url.Values{}, "Choose what to change"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, page := range []string{"/preview", "/change"} {
				if r := b.post(path+page, c.form); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, c.want) {
					t.Errorf("%s is a %d without %q", page, r.status, c.want)
				}
			}
		})
	}
}

func TestTheListSearchesAndLoadsMore(t *testing.T) {
	s := newSite(t)
	b := s.as(t, "viewer@example.com")
	first := b.get("/console/a/1/actions")
	more := regexp.MustCompile(`hx-get="([^"]*)"`).FindStringSubmatch(first.body)
	if strings.Count(first.body, "data-row") != 50 || more == nil {
		t.Fatalf("the first page has %d rows and the link %q", strings.Count(first.body, "data-row"), more)
	}
	second := b.get(strings.ReplaceAll(more[1], "&amp;", "&"))
	row := regexp.MustCompile(`data-row href="([^"]*)"`)
	if strings.Count(second.body, "data-row") != 50 || row.FindString(first.body) == row.FindString(second.body) {
		t.Error("the second page is not another one")
	}
	example := s.example(t)
	for name, c := range map[string]struct{ query, path, want string }{
		"an order":               {"q=" + demo.ExampleOrder, "", demo.ExampleOrder},
		"an action":              {"q=" + strings.TrimPrefix(example, "/console/a/1/actions/"), example, demo.ExampleOrder},
		"a SKU":                  {"q=12345", "", demo.ExampleOrder},
		"nothing":                {"q=none", "", "Nothing matches"},
		"a state":                {"state=REVERSED", "", "Reversed"},
		"a partner without rows": {"partner=1", "", "No such actions"},
	} {
		t.Run(name, func(t *testing.T) {
			r := b.get("/console/a/1/actions?" + c.query)
			if c.path != "" && r.path != c.path || !strings.Contains(r.body, c.want) {
				t.Errorf("%s leads to %s (%d) without %q", c.query, r.path, r.status, c.want)
			}
		})
	}
}

func TestAViewerHasNoForms(t *testing.T) {
	s := newSite(t)
	r := s.as(t, "viewer@example.com").get(s.example(t))
	if r.status != http.StatusOK || strings.Contains(r.body, "/preview") || strings.Contains(r.body, `name="quantity"`) {
		t.Errorf("the page of a viewer is a %d with forms", r.status)
	}
}

func TestTextsOfOthersAreNoMarkup(t *testing.T) {
	const attack = `"><script>alert(1)</script>`
	s := newSite(t)
	b, path := s.as(t, "operator@example.com"), s.example(t)
	p := s.people.people["operator@example.com"]
	p.Name = attack
	s.people.add(p)
	form := items("1")
	form["category"] = []string{attack, "Camping"}
	form.Set("note", attack)
	pages := []response{
		b.post(path+"/preview", form), b.post(path+"/change", form), b.get(path),
		b.get("/console/a/1/actions?q=" + url.QueryEscape(attack)), b.get("/console/signin?next=" + url.QueryEscape(attack)),
		b.get("/console/link?secret=" + url.QueryEscape(attack)), b.get("/console/a/1/actions?page=" + url.QueryEscape(attack)),
	}
	if !strings.Contains(pages[2].body, "alert(1)") {
		t.Error("the change with the attack was not made")
	}
	for _, r := range pages {
		if strings.Contains(r.body, "<script>") {
			t.Errorf("%s (%d) has the script", r.path, r.status)
		}
	}
}
