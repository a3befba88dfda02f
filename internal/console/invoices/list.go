// Package invoices holds the pages of the console for invoices and balances.
package invoices

import (
	"embed"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/client/admin"
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
	// maxMonths is the number of periods that the filter offers.
	maxMonths = 36
)

// statuses are those of an invoice.
var statuses = []string{"PENDING", "OVERDUE", "PAID"}

// months names months. Templates call it.
type months struct{}

// MonthName returns a month as words: "2026-11" as "November 2026".
func (months) MonthName(m admin.Month) string {
	at, err := time.Parse("2006-01", string(m))
	if err != nil {
		return string(m)
	}
	return at.Format("January 2006")
}

// list is the data of the list.
type list struct {
	months

	Month    admin.Month
	Status   string
	Partner  int
	Months   []admin.Month
	Statuses []string
	Partners []client.Partner

	Invoices []admin.Invoice
	Total    int
	// Next is the path of the page with the next rows, or empty. CSV is that of the download.
	Next, CSV string
	Problem   string
}

// Filtered reports whether there is a filter.
func (l *list) Filtered() bool { return l.Month != "" || l.Status != "" || l.Partner != 0 }

// List shows the invoices that match the filters in the URL, those that were issued last first.
func List(r *page.Request) error {
	l := newList(r)
	number := max(1, positive(r.R.URL.Query().Get("page")))
	p, err := r.Admin.InvoicePage(r.Context(), int(r.Account), admin.InvoiceFilter{Partner: l.Partner, Status: l.Status, Month: l.Month, PageSize: pageSize}, number)
	if err != nil {
		if l.Problem = page.Sentence(err); l.Problem == "" {
			return err
		}
	}
	l.Invoices, l.Total = p.Objects, p.Total
	if number*pageSize < p.Total {
		next := l.query()
		next.Set("page", strconv.Itoa(number+1))
		l.Next = r.Path("invoices") + "?" + next.Encode()
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

// newList returns the list with the filters in the URL and without rows.
func newList(r *page.Request) *list {
	query := r.R.URL.Query()
	l := &list{Month: admin.Month(query.Get("month")), Status: query.Get("status"), Partner: positive(query.Get("partner")), Statuses: statuses}
	if !slices.Contains(statuses, l.Status) {
		l.Status = ""
	}
	now := r.Now.In(r.Zone)
	for i := 1; i <= maxMonths; i++ { // the present month has no invoices yet
		l.Months = append(l.Months, admin.Month(time.Date(now.Year(), now.Month()-time.Month(i), 1, 0, 0, 0, 0, time.UTC).Format("2006-01")))
	}
	if l.Month != "" && !slices.Contains(l.Months, l.Month) {
		l.Months = append(l.Months, l.Month)
	}
	l.CSV = r.Path("invoices", "export") + "?" + l.query().Encode()
	return l
}

// query returns the filters as parameters of the page.
func (l *list) query() url.Values {
	query := make(url.Values)
	if l.Month != "" {
		query.Set("month", string(l.Month))
	}
	if l.Status != "" {
		query.Set("status", l.Status)
	}
	if l.Partner != 0 {
		query.Set("partner", strconv.Itoa(l.Partner))
	}
	return query
}

// positive returns the number of a parameter, or 0 if it is none.
func positive(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// Export downloads the lines of the invoices that match the filters in the URL.
func Export(r *page.Request) error {
	l := newList(r)
	body, err := r.Admin.ExportInvoices(r.Context(), int(r.Account), admin.InvoiceExport{Partner: l.Partner, Status: l.Status, Month: l.Month})
	return download(r, body, err, "text/csv; charset=utf-8", "invoices.csv")
}

// download sends a file as it is read. A file that is incomplete ends with a broken connection, so
// that nobody takes it for a whole one.
func download(r *page.Request, body io.ReadCloser, err error, kind, name string) error {
	if err != nil {
		return err
	}
	defer body.Close()
	h := r.W.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	if _, err := io.Copy(&paced{w: r.W, end: time.Now().Add(maxDownload)}, body); err != nil {
		r.Log.Error("a download of the console failed", "request", r.ID, "path", r.R.URL.Path, "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

const (
	// maxDownload is the time that a browser has to read a file, and maxChunk that for a part of it.
	maxDownload = 30 * time.Minute
	maxChunk    = 30 * time.Second
)

// paced gives a browser time for each part of a file: a server bounds that for a whole page.
type paced struct {
	w   http.ResponseWriter
	end time.Time
}

// Write implements [io.Writer].
func (p *paced) Write(b []byte) (int, error) {
	deadline := time.Now().Add(maxChunk)
	if deadline.After(p.end) {
		deadline = p.end
	}
	if err := http.NewResponseController(p.w).SetWriteDeadline(deadline); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	return p.w.Write(b)
}
