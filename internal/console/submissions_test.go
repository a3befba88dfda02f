package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/applier"
	"github.com/trueup-ledger/trueup/internal/cursor"
	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// accept stores commands of account 1 and returns the paths of the pages of their submissions.
func (s *site) accept(t *testing.T, commands ...ledger.Command) (paths []string) {
	t.Helper()
	var batch []store.Submission
	for _, c := range commands {
		batch = append(batch, store.Submission{Submission: ledger.Submission{Command: c}, Payload: "OrderId=" + url.QueryEscape(order(c)) + "&Note=%3Cb%3Eloud%3C%2Fb%3E&%zz"})
	}
	accepted, err := s.store.Accept(t.Context(), demo.Account, time.Now(), batch)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range accepted {
		paths = append(paths, "/console/a/1/submissions/"+string(a.ID))
	}
	return paths
}

// apply applies what is queued.
func (s *site) apply(t *testing.T) {
	t.Helper()
	if err := applier.Drain(t.Context(), s.store, demo.Account, time.Now); err != nil {
		t.Fatal(err)
	}
}

// order returns the order of a command.
func order(c ledger.Command) string {
	if v, is := c.(ledger.Reversal); is {
		return v.Order
	}
	return ""
}

// unknown returns a command that fails, because there is no such order.
func unknown(order string) ledger.Command {
	return ledger.Reversal{Address: ledger.Address{EventType: 2240, Order: order}, Reason: "REJECTED"}
}

// want checks that a response has the status and contains all texts.
func (b *browser) want(r response, status int, texts ...string) {
	b.Helper()
	if r.status != status {
		b.Errorf("%s is a %d, want %d: %s", r.path, r.status, status, r.body)
		return
	}
	for _, text := range texts {
		if !strings.Contains(r.body, text) {
			b.Errorf("%s lacks %q: %s", r.path, text, r.body)
		}
	}
}

// lacks checks that a response contains none of the texts.
func (b *browser) lacks(r response, texts ...string) {
	b.Helper()
	for _, text := range texts {
		if strings.Contains(r.body, text) {
			b.Errorf("%s has %q: %s", r.path, text, r.body)
		}
	}
}

// field returns the value of the first hidden field with a name.
func (r response) field(name string) string {
	_, after, _ := strings.Cut(r.body, `name="`+name+`" value="`)
	value, _, _ := strings.Cut(after, `"`)
	return value
}

func TestASubmissionThatFailedIsSentAgain(t *testing.T) {
	s := newSite(t)
	path := s.accept(t, unknown("NONE-1"))[0]
	s.apply(t)
	b := s.as(t, "operator@example.com")
	r := b.get(path)
	b.want(r, http.StatusOK, "Failed", "Action not found", "<code>ACTION_NOT_FOUND</code>", "<code>ActionId</code>", "Report the order first", "NONE-1", "Send again")
	b.lacks(r, "/park", "hx-trigger")

	form := url.Values{"note": {"the order arrived"}, "key": {r.field("key")}}
	again := b.post(path+"/retry", form)
	b.want(again, http.StatusOK, "This is the new submission", "NONE-1")
	if again.path == path {
		t.Errorf("the browser is at %s", again.path)
	}
	if same := b.post(path+"/retry", form); same.path != again.path {
		t.Errorf("the form sent twice leads to %s and %s", again.path, same.path)
	}
	r = b.post(path+"/retry", url.Values{"note": {"once <more>"}, "key": {"another"}})
	b.want(r, http.StatusConflict, "It was submitted again as", `value="once &lt;more&gt;"`)
	s.want(t, store.OperationRetry, "the order arrived", "Ms. operator")
}

func TestAQueuedSubmissionIsParked(t *testing.T) {
	s := newSite(t)
	path := s.accept(t, unknown("NONE-2"))[0]
	b := s.as(t, "operator@example.com")
	r := b.get(path)
	b.want(r, http.StatusOK, "Queued", "Park it", `hx-trigger="load delay:3s"`)
	b.lacks(r, "/retry")

	key := r.field("key")
	r = b.post(path+"/park", url.Values{"note": {" "}, "key": {key}})
	b.want(r, http.StatusBadRequest, "The reason is required", "Park it")
	r = b.post(path+"/park", url.Values{"note": {"a mistake"}, "key": {r.field("key")}})
	b.want(r, http.StatusOK, "The submission will be parked in its turn")
	s.apply(t)
	b.want(b.get(path), http.StatusOK, "Parked", "Send again", "<code>PARKED</code>")
	s.want(t, store.OperationPark, "a mistake", "Ms. operator")
	r = b.post(path+"/park", url.Values{"note": {"again"}, "key": {"another"}})
	b.want(r, http.StatusConflict, "The submission is complete")
}

func TestSubmissionsAreFoundByStateAndName(t *testing.T) {
	s := newSite(t)
	failed := s.accept(t, unknown("NONE-3"))[0]
	s.apply(t)
	queued := s.accept(t, unknown("NONE-4"))[0]
	b := s.as(t, "viewer@example.com")
	const list = "/console/a/1/submissions"
	for name, c := range map[string]struct {
		query     string
		has, lack []string
	}{
		"all":                      {"", []string{failed, queued, "Load more"}, []string{"Earlier days"}},
		"those that failed":        {"?state=Failed", []string{failed, "Action not found", "Earlier days"}, []string{queued}},
		"those that are queued":    {"?state=Queued", []string{queued}, []string{failed}},
		"those that are applied":   {"?state=Applied", []string{"Applied"}, []string{queued, failed}},
		"those of a type":          {"?type=Conversion", []string{"Conversion"}, []string{queued, failed}},
		"those of an order":        {"?q=NONE-4", []string{queued, `value="NONE-4"`}, []string{failed}},
		"those of an unknown one":  {"?q=NONE-5", []string{"No such submissions"}, []string{queued, failed}},
		"those of an action":       {"?q=1000.2240.999999", []string{"No such submissions"}, []string{queued}},
		"those of before":          {"?until=2001-01-01", []string{"The date must be one from"}, []string{queued, failed}},
		"those until an odd date":  {"?until=%3Cb%3E", []string{"The date must be one from"}, []string{queued, "<b>"}},
		"a state that isn't one":   {"?state=%3Cb%3E", []string{queued, failed}, []string{"<b>"}},
		"those of a year ahead":    {"?q=NONE-4&until=9999-01-01", []string{"The date must be one from"}, []string{queued, failed}},
		"a search with characters": {"?q=%22%3E%3Cscript%3E", []string{"&#34;&gt;&lt;script&gt;"}, []string{"<script>"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := &browser{t, s, b.client}
			r := b.get(list + c.query)
			for _, text := range c.has {
				if !strings.Contains(r.body, text) {
					t.Errorf("it lacks %q: %s", text, r.body)
				}
			}
			b.lacks(r, c.lack...)
		})
	}
	if r := b.get(list + "?q=" + url.QueryEscape(strings.TrimPrefix(failed, list+"/"))); r.path != failed {
		t.Errorf("the id of a submission leads to %s", r.path)
	}
}

func TestAnOrderIsFoundHoweverOldItIs(t *testing.T) {
	s := newSite(t)
	b := s.as(t, "viewer@example.com")
	const list = "/console/a/1/submissions"
	r := b.get(list + "?q=" + demo.OrderAdjusted)
	b.want(r, http.StatusOK, "data-row", `data-label="Type">Conversion`, `data-label="Type">Modification`)
	b.lacks(r, "Earlier days", "Load more")
	recent := time.Now().AddDate(0, 0, -40).In(s.zone(t)).Format(time.DateOnly)
	for _, row := range strings.Split(r.body, "<tr>")[2:] { // those of a list without a search would be too old
		_, day, _ := strings.Cut(row, `<time datetime="`)
		if day[:10] >= recent {
			t.Errorf("a submission of %s is within 45 days", day[:10])
		}
	}
	r = b.get(list + "?state=Queued&until=" + time.Now().AddDate(-3, 0, 20).Format(time.DateOnly))
	b.want(r, http.StatusOK, "No such submissions")
	b.lacks(r, "Earlier days")
}

func TestAListTakesCursorsOnly(t *testing.T) {
	s := newSite(t)
	b := s.as(t, "viewer@example.com")
	for _, list := range []string{"/console/a/1/actions", "/console/a/1/submissions", "/console/a/1/submissions?type=Conversion"} {
		separator := "?"
		if strings.Contains(list, "?") {
			separator = "&"
		}
		for _, page := range []string{
			"x", "/Actions?PageSize=20000", "/APISubmissions?PageSize=20000", "/Campaigns", "?Cursor=x", "2",
			"/Advertisers/IRTrueupDemoJPY0000000000000000002/APISubmissions",
			cursor.Cursor{Page: 2}.String(), cursor.Cursor{Page: 2, Side: cursor.Above, Number: 9}.String(),
		} {
			r := b.get(list + separator + "page=" + url.QueryEscape(page))
			b.want(r, http.StatusBadRequest, "The list has no such page")
			b.lacks(r, "data-row")
		}
		r := b.get(list + separator + "PageSize=1&page=" + cursor.Cursor{Page: 2, Side: cursor.Below, Number: 1 << 40}.String())
		b.want(r, http.StatusOK)
		if n := strings.Count(r.body, "data-row"); n != 50 {
			t.Errorf("%s has %d rows", r.path, n)
		}
	}
}

func TestMoreSubmissionsAreLoaded(t *testing.T) {
	s := newSite(t)
	b := s.as(t, "viewer@example.com")
	r := b.get("/console/a/1/submissions?type=Conversion")
	_, next, _ := strings.Cut(r.body, `hx-get="`)
	next, _, _ = strings.Cut(next, `"`)
	more := b.get(strings.ReplaceAll(next, "&amp;", "&"))
	b.want(more, http.StatusOK, "data-row", `<option selected>Conversion</option>`)
	first := r.field("q") // the search is empty
	if n := strings.Count(r.body, "data-row"); n != 50 || first != "" {
		t.Errorf("the first page has %d rows", n)
	}
	_, row, _ := strings.Cut(more.body, "data-row href=")
	row, _, _ = strings.Cut(row, " ")
	if strings.Contains(r.body, row) {
		t.Errorf("both pages have %s", row)
	}
}

func TestASubmissionShowsItsParametersAsText(t *testing.T) {
	s := newSite(t)
	path := s.accept(t, unknown(`<img src=x onerror="alert(1)">`))[0]
	s.apply(t)
	for _, p := range []string{path, "/console/a/1/submissions?state=Failed"} {
		b := s.as(t, "viewer@example.com")
		r := b.get(p)
		b.want(r, http.StatusOK, "&lt;img src=x onerror=&#34;alert(1)&#34;&gt;")
		b.lacks(r, "<img src=x", "<b>loud")
	}
	b := s.as(t, "viewer@example.com")
	b.want(b.get(path), http.StatusOK, "&lt;b&gt;loud&lt;/b&gt;", "<code>%zz</code>")
}

func TestAViewerChangesNoSubmission(t *testing.T) {
	s := newSite(t)
	failed := s.accept(t, unknown("NONE-6"))[0]
	s.apply(t)
	queued := s.accept(t, unknown("NONE-7"))[0]
	for _, person := range []string{"viewer@example.com", "finance@example.com"} {
		b := s.as(t, person)
		b.lacks(b.get(failed), "/retry")
		b.lacks(b.get(queued), "/park")
		form := url.Values{"note": {"no"}, "key": {"k"}}
		b.want(b.post(failed+"/retry", form), http.StatusForbidden)
		b.want(b.post(queued+"/park", form), http.StatusForbidden)
		b.want(b.get(queued), http.StatusOK, "Queued")
	}
	// A person of another account finds neither by the path of the own account.
	b := s.as(t, "japan@example.com")
	for _, path := range []string{failed, queued} {
		own := strings.Replace(path, "/a/1/", "/a/2/", 1)
		b.want(b.get(own), http.StatusNotFound)
		b.want(b.post(own+"/park", url.Values{"note": {"no"}, "key": {"k"}}), http.StatusNotFound)
		b.want(b.post(own+"/retry", url.Values{"note": {"no"}, "key": {"k"}}), http.StatusNotFound)
	}
}

// want checks that the newest audit event of account 1 is an operation with a reason of a person.
func (s *site) want(t *testing.T, operation store.Operation, reason, name string) {
	t.Helper()
	events, err := s.store.AuditEvents(t.Context(), demo.Account, 0, 1)
	if err != nil || len(events) == 0 || events[0].Operation != operation || events[0].Reason != reason || events[0].Actor.Name != name {
		t.Errorf("the newest event is %+v (%v)", events[:min(1, len(events))], err)
	}
}
