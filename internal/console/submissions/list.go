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
	// Filtered reports whether there is a filter. The list then covers 45 days, and Earlier is the
	// path of the list of those before.
	Filtered bool
	Earlier  string
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
	if err := l.read(r, query.Get("page")); err != nil {
		if l.Problem = page.Sentence(err); l.Problem == "" {
			return err
		}
	}
	return r.Render(listPage, l)
}

// read reads the rows of the page with a URI of the protocol, or of the first page.
func (l *list) read(r *page.Request, uri string) error {
	last := r.Now.In(r.Zone)
	filter := l.filter()
	if l.Until != "" {
		day, valid := parseDay(l.Until, r.Zone)
		if !valid {
			l.Until, l.Problem = "", "The date must be one such as "+last.Format(time.DateOnly)+"."
			return nil
		}
		last = day
		filter.StartDate, filter.EndDate = day.AddDate(0, 0, 1-rangeDays), day.AddDate(0, 0, 1).Add(-time.Second)
	}
	if l.Filtered {
		earlier := l.query()
		earlier.Set("until", last.AddDate(0, 0, -rangeDays).Format(time.DateOnly))
		l.Earlier = r.Path("submissions") + "?" + earlier.Encode()
	}
	if uri == "" {
		first := client.Parameters(filter)
		first.Set("PageSize", strconv.Itoa(pageSize))
		uri = "/APISubmissions?" + first.Encode()
	}
	return l.readPage(r, uri)
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

func (l *list) readPage(r *page.Request, uri string) error {
	p, err := client.ReadPage[client.Submission](r.Context(), r.Client, "APISubmission", uri)
	if err != nil {
		return err
	}
	for _, s := range p.Objects {
		l.Rows = append(l.Rows, row{s})
	}
	if p.Next != "" {
		next := l.query()
		next.Set("page", p.Next)
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
