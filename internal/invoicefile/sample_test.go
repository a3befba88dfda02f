package invoicefile_test

import (
	"iter"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/invoicefile"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// zone returns a time zone.
func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// add appends lines, and adds them to the totals.
func add(v *invoice.Invoice, lines ...invoice.Line) {
	for _, l := range lines {
		l.Total = l.Net + l.VAT
		v.Lines = append(v.Lines, l)
		v.Net, v.VAT, v.Total = v.Net+l.Net, v.VAT+l.VAT, v.Total+l.Total
	}
}

// line returns a line of the year 2026.
func line(campaign int64, name string, d invoice.Description, month time.Month, actions int64, net, vat money.Amount) invoice.Line {
	return invoice.Line{
		Campaign: campaign, CampaignName: name, Description: d, Month: program.Month{Year: 2026, Month: month},
		Actions: actions, Totals: invoice.Totals{Net: net, VAT: vat},
	}
}

// sample returns an invoice with a negative line, an adjustment and a bonus.
func sample(t testing.TB) invoicefile.Document {
	t.Helper()
	pacific := zone(t, "America/Los_Angeles")
	v := invoice.Invoice{
		ID: invoice.ID{Partner: 10001, Number: 7}, PartnerName: "Brightside Reviews",
		Period: program.Month{Year: 2026, Month: time.November}, Currency: "USD", VATRate: money.Whole(20),
		Created: time.Date(2026, 12, 1, 0, 0, 0, 0, pacific), Due: time.Date(2026, 12, 21, 0, 0, 0, 0, pacific),
	}
	add(&v,
		line(1000, "Acme Outdoor", invoice.MediaPayout, time.September, 214, 1_284_150, 256_830),
		line(1000, "Acme Outdoor", invoice.MediaPayout, time.October, 1_377, 8_120_904, 1_624_181),
		line(1000, "Acme Outdoor", invoice.Bonus, time.November, 0, 250_000, 50_000),
		line(1001, "Bolt", invoice.MediaPayout, time.October, 3, -1_025, -205),
	)
	return invoicefile.Document{
		Record: invoice.Record{Invoice: v}, Zone: pacific,
		Issuer: invoicefile.Party{
			Name: "Acme Trading Inc.", VATNumber: "US 98-7654321",
			Address: invoicefile.Address{Line1: "500 Harbor Drive", Line2: "Suite 12", PostalCode: "93101", City: "Santa Barbara", Region: "CA", Country: "United States"},
		},
		Recipient: invoicefile.Party{
			Name: "Brightside Reviews", VATNumber: "DE 123456789",
			Address: invoicefile.Address{Line1: "Torstraße 1", PostalCode: "10119", City: "Berlin", Country: "Germany"},
		},
	}
}

// each yields values without errors.
func each[T any](values ...T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range values {
			if !yield(v, nil) {
				return
			}
		}
	}
}
