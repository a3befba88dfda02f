package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/ledger/program"
)

func TestSection22AsOfAndUpdates(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.action(t, "EXAMPLE-A")
	s.submit(t, "PUT", "/Actions", "ActionId="+action+"&Sku=12345&Quantity=1&Reason=ORDER_UPDATE")
	of := "/Actions/" + action
	s.exchangeAll(t, map[string]exchange{
		"as of tomorrow":                  {path: of + "?AsOf=" + ago(-1), has: []string{`"Amount":12.36,`}},
		"as of now":                       {path: of + "?AsOf=" + ago(0), has: []string{`"Amount":12.36,`}},
		"before the action":               {path: of + "?AsOf=" + ago(1), status: 404},
		"items before the action":         {path: of + "/Items?AsOf=" + ago(1), status: 404},
		"an item before the action":       {path: of + "/Items/12345?AsOf=" + ago(1), status: 404},
		"an invalid instant":              {path: of + "?AsOf=then", status: 400, has: []string{`"Field":"AsOf"`}},
		"a date":                          {path: of + "?AsOf=2020-01-01", status: 404},
		"page URIs of items contain AsOf": {path: of + "/Items?PageSize=1&AsOf=" + ago(-1), has: []string{"AsOf="}},
		"the history, newest first":       {path: of + "/Updates", has: []string{`"@total":"3"`, `"ActionUpdates":[{"Id":"` + action, `"Disposition":"ORDER_UPDATE"`, `"Disposition":"IR_BLANK"`}},
		"pages of the history":            {path: of + "/Updates?PageSize=2", has: []string{`"@numpages":"2"`, `"@nextpageuri":"/Advertisers/`}},
		"the history in XML":              {path: of + "/Updates.xml", has: []string{`<ActionUpdates page="1"`}},
		"of an unknown action":            {path: "/Actions/1000.2240.99999999/Updates", status: 404},
		"of an invalid id":                {path: "/Actions/7/Updates", status: 404},
		"the history is read-only":        {method: http.MethodPut, path: of + "/Updates", status: 405},
	})
}

func TestSection22AsOfReturnsTheEarlierResponse(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.order(t, "PAST")
	paths := []string{"/Actions/" + action, "/Actions/" + action + "/Items", "/Actions/" + action + "/Items/LANTERN.xml"}
	type snapshot struct {
		at     time.Time
		bodies []string
	}
	var history []snapshot
	note := func() {
		t.Helper()
		n := snapshot{at: s.now()}
		for _, path := range paths {
			n.bodies = append(n.bodies, objects(s.exchange(t, exchange{path: path})))
		}
		history = append(history, n)
		s.clockOffset.Add(int64(time.Hour))
	}
	note()
	for _, body := range []string{
		"Sku=LANTERN&Quantity=1&Reason=ORDER_UPDATE", "Amount=0&Reason=OTHER", "Reason=RESET", "Reason=EARLY_PAYMENT",
	} {
		if r := s.submit(t, "PUT", "/Actions", "ActionId="+action+"&"+body); r.ErrorReason != "" {
			t.Fatalf("%s: %+v", body, r)
		}
		note()
	}
	states := make(map[string]bool)
	for i, n := range history {
		_, state, _ := strings.Cut(n.bodies[0], `"State":"`)
		states[state[:len("PENDING")]] = true
		for _, spelling := range []string{"2006-01-02T15:04:05-07:00", "2006-01-02T15:04:05-0700", "2006-01-02T15:04:05.000Z07:00"} {
			for j, path := range paths {
				got := objects(s.exchange(t, exchange{path: path + "?AsOf=" + n.at.UTC().Format(spelling)}))
				if got != n.bodies[j] {
					t.Errorf("%s as of change %d:\n%s\nwant\n%s", path, i, got, n.bodies[j])
				}
			}
		}
	}
	if len(states) != 3 {
		t.Errorf("states %v, want 3", states)
	}
}

func TestSection22AsOfReturnsTheEarlierState(t *testing.T) {
	t.Parallel()
	s := serve(t)
	of := "/Actions/" + s.order(t, "LOCKS")
	then := s.now().UTC().Format(time.RFC3339)
	s.clockOffset.Add(int64((program.OpenEndedDays + 2) * 24 * time.Hour)) // after the latest locking date
	s.exchangeAll(t, map[string]exchange{
		"the action is locked":  {path: of, has: []string{`"State":"APPROVED"`}},
		"it was pending before": {path: of + "?AsOf=" + then, has: []string{`"State":"PENDING"`}},
		"in XML":                {path: of + ".xml?AsOf=" + then, has: []string{"<State>PENDING</State>"}},
	})
}

// objects returns a body without the metadata of the page, which contain the query.
func objects(body string) string {
	_, items, ok := strings.Cut(body, `"ActionItems":`)
	if ok {
		return items
	}
	return body
}
