package query_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/wire/query"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
	"github.com/trueup-ledger/trueup/ledger/invoice"
)

func TestSection20InvoiceFiltersAreDecoded(t *testing.T) {
	for sent, want := range map[string]search.InvoiceFilter{
		"":                     {},
		"MediaId=9":            {Partner: 9},
		"Status=overdue":       {Status: invoice.Overdue},
		"StartDate=2026-09-01": {Created: search.TimeRange{Start: wiretest.UTC("2026-09-01T07:00:00Z")}},
		"StartDate=2026-09-01&EndDate=2026-10-01T00:00:00Z": {
			Created: search.TimeRange{Start: wiretest.UTC("2026-09-01T07:00:00Z"), End: wiretest.UTC("2026-10-01T00:00:01Z")},
		},
	} {
		want.Now = now
		got, err := query.DecodeInvoices(wiretest.Params(t, sent), env)
		if diff := cmp.Diff(want, got.Filter); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", sent, err, diff)
		}
	}
	_, err := query.DecodeInvoices(wiretest.Params(t, "MediaId=x&Status=DRAFT&StartDate=2026-10-02&EndDate=2026-10-01"), env)
	wiretest.CheckErrors(t, err, "EndDate: Must not be before StartDate", "MediaId: Not a whole number from 1, of at most 16 digits", "Status: Must be one of PENDING, PAID, OVERDUE")
}

func TestSection22FiltersByInvoiceAreDecoded(t *testing.T) {
	for sent, want := range map[string]invoice.ID{"": {}, "InvoiceId=10001-7": {Partner: 10001, Number: 7}} {
		adjustments, err := query.DecodeAdjustments(wiretest.Params(t, sent), env)
		if err != nil || adjustments.Filter.Invoice != want {
			t.Errorf("%s: %v, want %v (%v)", sent, adjustments.Filter.Invoice, want, err)
		}
		entries, err := query.DecodeEntryExport(wiretest.Params(t, sent), env)
		if err != nil || entries.Filter.Invoice != want {
			t.Errorf("%s: %v, want %v (%v)", sent, entries.Filter.Invoice, want, err)
		}
	}
	for _, id := range []string{"10001", "10001-0", "x-1", "10001-12345678901234567890"} {
		_, err := query.DecodeAdjustments(wiretest.Params(t, "InvoiceId="+id), env)
		wiretest.CheckErrors(t, err, "InvoiceId: Not the id of an invoice, such as 10001-7")
	}
}
