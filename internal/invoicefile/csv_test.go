package invoicefile_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/invoicefile"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// entries returns entries of each kind.
func entries(t testing.TB) []invoicefile.Entry {
	t.Helper()
	pacific := zone(t, "America/Los_Angeles")
	entry := func(kind invoice.Kind, id string, day int, amount money.Amount) invoicefile.Entry {
		return invoicefile.Entry{
			Entry: invoice.Entry{
				Kind: kind, ID: id, Partner: 10001, Campaign: 1000, Amount: amount,
				Date: time.Date(2026, 11, day, 8, 0, 0, 0, time.UTC), EventDate: time.Date(2026, 9, 30, 23, 15, 7, 0, time.UTC),
			},
			Invoice: invoice.ID{Partner: 10001, Number: 7}, PartnerName: "Brightside, Reviews", CampaignName: "=cmd|'/c calc'!A1",
			Currency: "USD", Zone: pacific,
		}
	}
	carried := entry(invoice.KindWriteOff, "5", 30, -4)
	carried.Invoice, carried.Zone, carried.Currency = invoice.ID{}, nil, "KWD"
	return []invoicefile.Entry{
		entry(invoice.KindAction, "1000.2240.1", 1, 1007), entry(invoice.KindAdjustment, "1000.2240.1.A1", 20, -38),
		entry(invoice.KindBonus, "4", 21, 2500), carried,
	}
}

// paid returns an invoice in yen with a payment, and names that a spreadsheet would run.
func paid() invoicefile.Document {
	v := invoice.Invoice{
		ID: invoice.ID{Partner: 10002, Number: 1}, PartnerName: "+1 \"Deals\"", Period: program.Month{Year: 2026, Month: time.October},
		Currency: "JPY", VATRate: 75_000, Created: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Due: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC),
		Converted: &invoice.Converted{Currency: "EUR", Rate: "0.006", Total: 1290},
	}
	add(&v, line(1000, "@Acme", invoice.MediaPayout, time.October, 2, 2000, 150))
	return invoicefile.Document{
		Record: invoice.Record{
			Invoice: v,
			Payment: &invoice.Payment{Date: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), Reference: "=1+1"},
		},
		Recipient: invoicefile.Party{Name: v.PartnerName, Address: invoicefile.Address{Line1: "-2 Main St"}},
	}
}

func TestCSVFiles(t *testing.T) {
	for name, write := range map[string]func(io.Writer) error{
		"entries.csv": func(w io.Writer) error { return invoicefile.EntriesCSV(w, each(entries(t)...)) },
		"xero.csv": func(w io.Writer) error {
			return invoicefile.XeroCSV(w, each(sample(t), paid()), invoicefile.Xero{AccountCode: "429", TaxType: "20% (VAT on Expenses)"})
		},
		"xero_us.csv": func(w io.Writer) error {
			return invoicefile.XeroCSV(w, each(paid()), invoicefile.Xero{AccountCode: "6000", TaxType: "Tax on Purchases", MonthFirst: true})
		},
	} {
		t.Run(name, func(t *testing.T) {
			want, err := os.ReadFile("testdata/" + name)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if err := write(&got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCSVIsWrittenInPieces(t *testing.T) {
	const count = 2000
	var file bytes.Buffer
	w := &counting{w: &file}
	err := invoicefile.XeroCSV(w, func(yield func(invoicefile.Document, error) bool) {
		d := sample(t)
		for n := range count {
			d.ID.Number = int64(n + 1)
			if !yield(d, nil) {
				return
			}
		}
	}, invoicefile.Xero{})
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(&file).ReadAll()
	if err != nil || len(records) != 4*count+1 {
		t.Errorf("the file has %d records: %v", len(records), err)
	}
	if w.largest > 70_000 || w.writes < 10 {
		t.Errorf("%d writes of up to %d bytes", w.writes, w.largest)
	}
}

// counting counts the writes to w.
type counting struct {
	w               io.Writer
	writes, largest int
}

func (c *counting) Write(b []byte) (int, error) {
	c.writes++
	c.largest = max(c.largest, len(b))
	return c.w.Write(b)
}

func TestErrorsOfTheSourceAreReturned(t *testing.T) {
	broken := errors.New("the connection is lost")
	documents := func(yield func(invoicefile.Document, error) bool) { yield(invoicefile.Document{}, broken) }
	for name, write := range map[string]func() error{
		"Xero": func() error { return invoicefile.XeroCSV(io.Discard, documents, invoicefile.Xero{}) },
		"entries": func() error {
			return invoicefile.EntriesCSV(io.Discard, func(yield func(invoicefile.Entry, error) bool) { yield(invoicefile.Entry{}, broken) })
		},
	} {
		if err := write(); !errors.Is(err, broken) {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}
