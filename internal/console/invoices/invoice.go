package invoices

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/client/admin"
	"github.com/trueup-ledger/trueup/internal/console/page"
	"github.com/trueup-ledger/trueup/internal/console/view"
	"github.com/trueup-ledger/trueup/internal/people"
)

var invoicePage = view.Parse(templates, "templates/invoice.html", "templates/payment.html")

const (
	// maxEntries is the number of entries that are loaded at once.
	maxEntries = 100
	// maxListed is the number of entries that the page can show. Each request reads all before its
	// own, so that it must be bounded.
	maxListed = 5_000
)

// entry is an entry of an invoice.
type entry struct{ client.Entry }

// Action returns the id of the action that the entry is for, or "".
func (e entry) Action() string {
	switch e.Kind {
	case "ACTION":
		return e.ID
	case "ADJUSTMENT":
		id, _, _ := strings.Cut(e.ID, ".A")
		return id
	default:
		return ""
	}
}

// invoice is the data of the page of an invoice.
type invoice struct {
	months
	*admin.Invoice

	Entries []entry
	// Next is the path of the page with the next entries, or empty. More reports whether the invoice
	// has more entries than pages show.
	Next string
	More bool
	// MayPay reports whether the person may record the payment, which is that of the form.
	MayPay  bool
	Payment paymentForm
	// Balance is that of the partner before the payment, for the preview.
	Balance *admin.Balance
}

// Paid returns the payment that is recorded, or nil.
func (v *invoice) Paid() *admin.Paid { return v.Invoice.Payment }

// Get shows an invoice with its entries.
func Get(r *page.Request) error {
	v, err := load(r)
	if err != nil {
		return err
	}
	return r.Render(invoicePage, v)
}

// load reads the invoice of the path and a page of its entries. An invoice never changes, so that
// the entries stay in their places.
func load(r *page.Request) (*invoice, error) {
	id := r.R.PathValue("invoice")
	found, err := r.Admin.Invoice(r.Context(), int(r.Account), id)
	if err != nil {
		return nil, err
	}
	v := &invoice{Invoice: found, MayPay: found.Payment == nil && r.May(people.Finance), Payment: newPaymentForm(r)}
	r.Title = "Invoice " + found.ID
	skip, n := positive(r.R.URL.Query().Get("from")), 0
	if skip > maxListed-maxEntries {
		return nil, &page.Problem{Status: http.StatusBadRequest, Message: "The page has no entries from there on", Remedy: "Download the CSV of the invoice, which has all of them."}
	}
	for e, err := range r.Client.Entries(r.Context(), client.EntryFilter{InvoiceID: found.ID}) {
		if err != nil {
			return nil, err
		}
		if n++; n <= skip {
			continue
		}
		if len(v.Entries) == maxEntries {
			if v.More = skip+maxEntries > maxListed-maxEntries; !v.More {
				v.Next = r.Path("invoices", found.ID) + "?from=" + strconv.Itoa(skip+maxEntries)
			}
			break
		}
		v.Entries = append(v.Entries, entry{e})
	}
	return v, nil
}

// PDF downloads an invoice as a PDF.
func PDF(r *page.Request) error {
	id := r.R.PathValue("invoice")
	body, err := r.Admin.InvoicePDF(r.Context(), int(r.Account), id)
	return download(r, body, err, "application/pdf", "invoice-"+id+".pdf")
}

// CSV downloads the entries of an invoice.
func CSV(r *page.Request) error {
	found, err := r.Admin.Invoice(r.Context(), int(r.Account), r.R.PathValue("invoice"))
	if err != nil {
		return err
	}
	body, err := r.Client.Export(r.Context(), client.Export{Resource: client.ExportEntries, Parameters: client.Parameters(client.EntryFilter{InvoiceID: found.ID})})
	return download(r, body, err, "text/csv; charset=utf-8", "invoice-"+found.ID+"-entries.csv")
}
