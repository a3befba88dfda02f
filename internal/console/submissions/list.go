// Package submissions holds the pages of the console for submissions.
package submissions

import (
	"embed"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/internal/console/page"
	"github.com/trueup-ledger/trueup/internal/console/view"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

//go:embed templates
var templates embed.FS

var listPage = view.Parse(templates, "templates/list.html")

const (
	// pageSize is the number of rows that are loaded at once.
	pageSize = 50
	// rangeDays is the number of days that a list with a filter covers. The protocol allows no
	// more.
	rangeDays = 45
	// maxYears is the age of the oldest day. The protocol allows no more.
	maxYears = 3
)

// The states of a submission as the console names them.
const (
	stateQueued  = "Queued"
	stateApplied = "Applied"
	stateFailed  = "Failed"
	stateParked  = "Parked"
)

var (
	// states are those that the list can be filtered by. A parked submission has failed.
	states = []string{stateFailed, stateQueued, stateApplied}
	types  = []string{"Conversion", "Modification", "Reversal"}

	actionID     = regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+$`)
	submissionID = regexp.MustCompile(`^A-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
)

// row is a submission in the list.
type row struct{ client.Submission }

// State returns the state of the submission.
func (r row) State() string { return stateOf(r.Submission) }

// Codes returns the codes of the rejection.
func (r row) Codes() []string { return strings.Fields(r.ErrorReason) }

// reason is a code of a rejection with the parameter that it concerns and the remedy.
type reason struct{ Code, Field, Remedy string }

// Reasons returns the reasons of the rejection.
func (r row) Reasons() (list []reason) {
	for _, code := range r.Codes() {
		field, remedy := rejection.Code(code).Help()
		list = append(list, reason{code, field, remedy})
	}
	return list
}

// stateOf returns the state of a submission.
func stateOf(s client.Submission) string {
	switch {
	case s.Status != client.StatusComplete:
		return s.Status
	case s.ErrorType == "":
		return stateApplied
	case s.ErrorReason == string(rejection.CodeParked):
		return stateParked
	default:
		return stateFailed
	}
}

// list is the data of the list.
type list struct {
	Search, State, Type, Until, Problem string
	States, Types                       []string
	Rows                                []row
	// Next is the path of the page with the next rows, or empty.
	Next string
	// Filtered reports whether there is a filter. Without a search, the list then covers 45 days, and
	// Earlier is the path of the list of those before.
	Filtered bool
	Earlier  string
	// window is the last day of the 45 that were read last.
	window string
}

// List shows the submissions that match the filters in the URL, newest first. A search is for the id
// of a submission or an action, or for an order.
func List(r *page.Request) error {
	query := r.R.URL.Query()
	l := list{
		Search: strings.TrimSpace(query.Get("q")), State: query.Get("state"), Type: query.Get("type"), Until: query.Get("until"),
		States: states, Types: types,
	}
	if !slices.Contains(states, l.State) {
		l.State = ""
	}
	if !slices.Contains(types, l.Type) {
		l.Type = ""
	}
	l.Filtered = l.Search != "" || l.State != "" || l.Type != "" || l.Until != ""
	if submissionID.MatchString(l.Search) {
		if _, err := r.Client.Submission(r.Context(), l.Search); err == nil {
			return r.Redirect(r.Path("submissions", l.Search))
		}
	}
	if err := l.read(r); err != nil {
		if l.Problem = page.Sentence(err); l.Problem == "" {
			return err
		}
	}
	return r.Render(listPage, l)
}

// read reads the rows of the page with a cursor, or of the first page.
func (l *list) read(r *page.Request) error {
	cursor, err := r.Cursor()
	if err != nil {
		return err
	}
	filter := l.filter()
	if !l.Filtered {
		return l.readPage(r, filter, cursor)
	}
	now := r.Now.In(r.Zone)
	last := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, r.Zone)
	first := last.AddDate(-maxYears, 0, 0)
	if l.Until != "" {
		day, valid := parseDay(l.Until, r.Zone)
		if !valid || day.Before(first) || day.After(last) {
			l.Until, l.Problem = "", "The date must be one from "+first.Format(time.DateOnly)+" to "+last.Format(time.DateOnly)+"."
			return nil
		}
		last = day
	}
	return l.readWindows(r, filter, first, last, cursor)
}

// readWindows reads the days up to last, of which the protocol lists 45 at once. A search goes on to
// first, since people who look for an order need not know its date.
func (l *list) readWindows(r *page.Request, filter client.SubmissionFilter, first, last time.Time, cursor string) error {
	for ; !last.Before(first); last, cursor = last.AddDate(0, 0, -rangeDays), "" {
		filter.StartDate, filter.EndDate = latest(first, last.AddDate(0, 0, 1-rangeDays)), last.AddDate(0, 0, 1).Add(-time.Second)
		l.window = last.Format(time.DateOnly)
		if err := l.readPage(r, filter, cursor); err != nil {
			return err
		}
		earlier := ""
		if before := last.AddDate(0, 0, -rangeDays); !before.Before(first) {
			query := l.query()
			query.Set("until", before.Format(time.DateOnly))
			earlier = r.Path("submissions") + "?" + query.Encode()
		}
		switch {
		case l.Search == "":
			l.Earlier = earlier
			return nil
		case l.Next != "":
			return nil
		case len(l.Rows) >= pageSize:
			l.Next = earlier
			return nil
		}
	}
	return nil
}

// latest returns the later of two instants.
func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// parseDay returns the first instant of a day, and whether the text is one.
func parseDay(text string, zone *time.Location) (day time.Time, valid bool) {
	day, err := time.ParseInLocation(time.DateOnly, text, zone)
	return day, err == nil
}

// filter returns the filter of the protocol, without dates.
func (l *list) filter() client.SubmissionFilter {
	filter := client.SubmissionFilter{Type: l.Type}
	switch l.State {
	case stateFailed:
		filter.HasError = new(true)
	case stateQueued:
		filter.Status = client.StatusQueued
	case stateApplied:
		filter.Status, filter.HasError = client.StatusComplete, new(false)
	}
	if actionID.MatchString(l.Search) {
		filter.ActionID = l.Search
	} else {
		filter.OrderID = l.Search
	}
	return filter
}

// readPage adds the rows of the page with a cursor, or of the first page.
func (l *list) readPage(r *page.Request, filter client.SubmissionFilter, cursor string) error {
	query := client.Parameters(filter)
	query.Set("PageSize", strconv.Itoa(pageSize))
	page.SetCursor(query, cursor)
	p, err := client.ReadPage[client.Submission](r.Context(), r.Client, "APISubmission", "/APISubmissions?"+query.Encode())
	if err != nil {
		return err
	}
	for _, s := range p.Objects {
		l.Rows = append(l.Rows, row{s})
	}
	if p.Next != "" {
		next := l.query()
		next.Set("page", page.NextCursor(p.Next))
		if l.window != "" {
			next.Set("until", l.window) // the next day has other windows
		}
		l.Next = r.Path("submissions") + "?" + next.Encode()
	}
	return nil
}

// query returns the filters as parameters of the page.
func (l *list) query() url.Values {
	query := make(url.Values)
	for name, value := range map[string]string{"q": l.Search, "state": l.State, "type": l.Type, "until": l.Until} {
		if value != "" {
			query.Set(name, value)
		}
	}
	return query
}
