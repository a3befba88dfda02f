// Package actions holds the pages of the console for actions.
package actions

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
)

//go:embed templates
var templates embed.FS

var listPage = view.Parse(templates, "templates/list.html")

const (
	// pageSize is the number of rows that are loaded at once.
	pageSize = 50
	// maxPartners is the number of partners that the filter offers.
	maxPartners = 500

	day = 24 * time.Hour
)

var (
	// states are those of an action.
	states = []string{"PENDING", "APPROVED", "REVERSED"}
	// ranges are the ranges of event dates in days. The protocol allows at most 45.
	ranges = []int{7, 30, 45}

	actionID = regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+$`)
)

// list is the data of the list.
type list struct {
	Search, State, Problem string
	Partner, Days          int
	States                 []string
	Ranges                 []int
	Partners               []client.Partner
	Actions                []client.Action
	// Next is the path of the page with the next rows, or empty.
	Next string
	// Filtered reports whether there is a filter.
	Filtered bool
}

// List shows the actions that match the filters in the URL, newest first. A search is for the id of
// an action, an order or the SKU of an item, in this order.
func List(r *page.Request) error {
	query := r.R.URL.Query()
	l := list{
		Search: strings.TrimSpace(query.Get("q")), State: query.Get("state"), States: states, Ranges: ranges,
		Partner: number(query.Get("partner")), Days: number(query.Get("days")),
	}
	if !slices.Contains(states, l.State) {
		l.State = ""
	}
	if !slices.Contains(ranges, l.Days) {
		l.Days = 0
	}
	l.Filtered = l.Search != "" || l.State != "" || l.Partner != 0 || l.Days != 0
	if actionID.MatchString(l.Search) {
		if _, err := r.Client.Action(r.Context(), l.Search); err == nil {
			return r.Redirect(r.Path("actions", l.Search))
		}
	}
	if err := l.read(r); err != nil {
		if l.Problem = page.Sentence(err); l.Problem == "" {
			return err
		}
	}
	for partner, err := range r.Client.Partners(r.Context(), client.PartnerFilter{PageSize: maxPartners}) {
		if err != nil {
			return err
		}
		if l.Partners = append(l.Partners, partner); len(l.Partners) == maxPartners {
			break
		}
	}
	return r.Render(listPage, l)
}

// number returns the whole number of a parameter, or 0.
func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// bySKU is the value of the parameter "by" on further pages of a search that found items.
const bySKU = "sku"

// read reads the rows of the page with a cursor, or of the first page.
func (l *list) read(r *page.Request) error {
	cursor, err := r.Cursor()
	if err != nil {
		return err
	}
	filter := client.ActionFilter{State: l.State, MediaPartnerID: l.Partner}
	if l.Days != 0 {
		// The end is tomorrow: an order may be dated a few minutes ahead.
		filter.ActionDateStart, filter.ActionDateEnd = r.Now.Add(-time.Duration(l.Days-1)*day), r.Now.Add(day)
	}
	if l.Search != "" && r.R.URL.Query().Get("by") != bySKU {
		filter.OrderID = l.Search
		if err := l.readPage(r, filter, cursor); err != nil || len(l.Actions) > 0 {
			return err
		}
		filter.OrderID = ""
	}
	filter.SKU = l.Search
	return l.readPage(r, filter, cursor)
}

// readPage reads the page with a cursor, or the first page.
func (l *list) readPage(r *page.Request, filter client.ActionFilter, cursor string) error {
	query := client.Parameters(filter)
	query.Set("PageSize", strconv.Itoa(pageSize))
	page.SetCursor(query, cursor)
	p, err := client.ReadPage[client.Action](r.Context(), r.Client, "Actions", "/Actions?"+query.Encode())
	if err != nil {
		return err
	}
	l.Actions = p.Objects
	if p.Next == "" {
		return nil
	}
	next := url.Values{"page": {page.NextCursor(p.Next)}}
	for _, name := range []string{"q", "state", "partner", "days"} {
		if value := r.R.URL.Query().Get(name); value != "" {
			next.Set(name, value)
		}
	}
	if filter.SKU != "" {
		next.Set("by", bySKU)
	}
	l.Next = r.Path("actions") + "?" + next.Encode()
	return nil
}
