package query

import (
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger/invoice"
)

// Adjustments is a filter of adjustments, with the invoice that has them. The zero invoice
// selects all.
type Adjustments struct {
	search.AdjustmentFilter
	Invoice invoice.ID
}

// DecodeAdjustments decodes a GET of adjustments. A list without dates covers all of them.
func DecodeAdjustments(p *wire.Params, env wire.Env) (List[Adjustments], error) {
	d := wire.NewDecoder(p, env)
	return newList(d, adjustmentFilter(d))
}

// DecodeAdjustmentExport decodes a GET of an export of adjustments.
func DecodeAdjustmentExport(p *wire.Params, env wire.Env) (Export[Adjustments], error) {
	d := wire.NewDecoder(p, env)
	return newExport(d, adjustmentFilter(d))
}

func adjustmentFilter(d *wire.Decoder) Adjustments {
	return Adjustments{
		AdjustmentFilter: search.AdjustmentFilter{
			Campaign:  d.ID("CampaignId"),
			Partner:   d.ID("MediaPartnerId"),
			Action:    d.ActionID("ActionId"),
			Effective: d.OpenTimeRange("StartDate", "EndDate"),
		},
		Invoice: invoiceID(d),
	}
}

// invoiceID reads the id of an invoice.
func invoiceID(d *wire.Decoder) invoice.ID {
	id, _ := wire.Read(d, func(s string) (invoice.ID, error) {
		id, err := invoice.ParseID(s)
		if err != nil {
			return id, errInvoiceID
		}
		return id, nil
	}, "InvoiceId")
	return id
}
