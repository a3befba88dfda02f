package invoice_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// TestStoredInvoiceNeverChanges pins the JSON form of an invoice, because every issued one must
// stay readable.
func TestStoredInvoiceNeverChanges(t *testing.T) {
	november := program.Month{Year: 2026, Month: 11}
	v := invoice.Invoice{
		ID: invoice.ID{Partner: 1, Number: 2}, PartnerName: "Blog", Period: november, Currency: "USD", VATRate: 12_345, Forced: true,
		Created: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), Due: time.Date(2026, 12, 21, 0, 0, 0, 0, time.UTC),
		Lines: []invoice.Line{{
			Campaign: 3, CampaignName: "Acme", Description: invoice.MediaPayout, Month: november, Actions: 4, Payouts: 5, Others: 6,
			Totals: invoice.Totals{Net: 7, VAT: 8, Total: 9},
		}},
		Totals: invoice.Totals{Net: 10, VAT: 11, Total: 12}, Converted: &invoice.Converted{Currency: "EUR", Rate: "1.25", Total: 13}, Entries: 14,
	}
	const line = `{"Campaign":3,"CampaignName":"Acme","Description":"MEDIA_PAYOUT","Month":"2026-11","Actions":4,"Payouts":5,"Others":6,"Net":7,"VAT":8,"Total":9}`
	const want = `{"ID":{"Partner":1,"Number":2},"PartnerName":"Blog","Period":"2026-11","Currency":"USD","VATRate":"1.2345","Forced":true,` +
		`"Created":"2026-12-01T00:00:00Z","Due":"2026-12-21T00:00:00Z","Lines":[` + line + `],"Net":10,"VAT":11,"Total":12,` +
		`"Converted":{"Currency":"EUR","Rate":"1.25","Total":13},"Entries":14}`
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("stored JSON (-want +got):\n%s", diff)
	}
	var back invoice.Invoice
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(v, back); diff != "" {
		t.Errorf("it is read back differently (-written +read):\n%s", diff)
	}
}

// TestEntryDigestNeverChanges pins the digest of entries: every issued invoice must stay
// verifiable.
func TestEntryDigestNeverChanges(t *testing.T) {
	e := invoice.Entry{
		Kind: invoice.KindAction, ID: "1000.2240.1", Partner: 1, Campaign: 1000, Date: at(11, 20), EventDate: at(9, 10), Amount: 88, Reason: "not hashed",
	}
	const want = "744f5c23dbdf521a3c3ff60bca4aa6dd7c52b58c4e7eb052c475cbe67d6f29f7"
	if got := fmt.Sprintf("%x", e.Digest()); got != want {
		t.Errorf("digest is %s, want %s", got, want)
	}
}
