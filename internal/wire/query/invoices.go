package query

import (
	"errors"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger/invoice"
)

var errInvoiceID = errors.New("Not the id of an invoice, such as 10001-7")

// DecodeInvoices decodes a GET of invoices. A list without dates covers all of them.
func DecodeInvoices(p *wire.Params, env wire.Env) (List[search.InvoiceFilter], error) {
	d := wire.NewDecoder(p, env)
	return newList(d, invoiceFilter(d, env))
}

// DecodeInvoiceExport decodes a GET of an export of invoices.
func DecodeInvoiceExport(p *wire.Params, env wire.Env) (Export[search.InvoiceFilter], error) {
	d := wire.NewDecoder(p, env)
	return newExport(d, invoiceFilter(d, env))
}

func invoiceFilter(d *wire.Decoder, env wire.Env) search.InvoiceFilter {
	return search.InvoiceFilter{
		Partner: d.ID("MediaId", "MediaPartnerId"),
		Created: d.OpenTimeRange("StartDate", "EndDate"),
		Status:  wire.OneOf(d, "Status", invoice.Statuses...),
		Now:     env.Now,
	}
}

// Entries is a filter of entries, with the invoice that has them. The zero invoice selects all.
type Entries struct {
	search.EntryFilter
	Invoice invoice.ID
}

// EntryParameters are the parameters of a filter of entries. They have no list.
var EntryParameters = []string{"CampaignId", "MediaPartnerId", "StartDate", "EndDate", "InvoiceId"}

// DecodeEntryExport decodes a GET of an export of entries.
func DecodeEntryExport(p *wire.Params, env wire.Env) (Export[Entries], error) {
	d := wire.NewDecoder(p, env)
	return newExport(d, Entries{
		EntryFilter: search.EntryFilter{
			Campaign: d.ID("CampaignId"),
			Partner:  d.ID("MediaPartnerId"),
			Date:     d.OpenTimeRange("StartDate", "EndDate"),
		},
		Invoice: invoiceID(d),
	})
}
