package invoicefile_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/invoicefile"
	"github.com/trueup-ledger/trueup/ledger/invoice"
)

const tableHead = "Campaign Description Month Actions Net VAT Total"

func TestPDFShowsTheInvoice(t *testing.T) {
	want := []string{
		"Invoice 10001-7",
		"Commissions of November 2026",
		"Payer Payee Details",
		"Acme Trading Inc. Brightside Reviews Invoice date 1 December 2026",
		"500 Harbor Drive Torstraße 1 Due date 21 December 2026",
		"Suite 12 10119 Berlin Period November 2026",
		"93101 Santa Barbara, CA Germany Currency USD",
		"United States VAT number DE 123456789",
		"VAT number US 98-7654321",
		"Payable to the partner by 21 December 2026 USD 115,848.35",
		tableHead,
		"Acme Outdoor Media payout Sep 2026 214 12,841.50 2,568.30 15,409.80",
		"Acme Outdoor Media payout Oct 2026 1,377 81,209.04 16,241.81 97,450.85",
		"Acme Outdoor Bonus Nov 2026 – 2,500.00 500.00 3,000.00",
		"Bolt Media payout Oct 2026 3 −10.25 −2.05 −12.30",
		"Net 96,540.29",
		"VAT 20% 19,308.06",
		"Total USD 115,848.35",
		"Invoice 10001-7 · Acme Trading Inc. Page 1 of 1",
	}
	if diff := cmp.Diff([][]string{want}, pages(t, render(t, sample(t), invoicefile.Options{}))); diff != "" {
		t.Error(diff)
	}
}

// documents are variants of the sample with some of the lines that they show.
var documents = map[string]struct {
	change func(*invoicefile.Document)
	want   []string
}{
	"a payment with a reference": {func(d *invoicefile.Document) {
		d.Payment = &invoice.Payment{Date: time.Date(2026, 12, 15, 3, 0, 0, 0, time.UTC), Reference: "TRX-4711"}
	}, []string{"Invoice 10001-7 PAID", "Paid to the partner on 14 December 2026 USD 115,848.35", "Paid on 14 December 2026", "Reference TRX-4711"}},
	"a payment without a reference": {func(d *invoicefile.Document) {
		d.Payment = &invoice.Payment{Date: time.Date(2026, 12, 14, 20, 0, 0, 0, time.UTC)}
	}, []string{"Invoice 10001-7 PAID", "Paid on 14 December 2026"}},
	"a long reference wraps": {func(d *invoicefile.Document) {
		d.Payment = &invoice.Payment{Date: time.Date(2026, 12, 14, 20, 0, 0, 0, time.UTC), Reference: strings.Repeat("SEPA-2026-12-", 8)}
	}, []string{"Reference SEPA-2026-12-"}},
	"a converted total": {func(d *invoicefile.Document) {
		d.Converted = &invoice.Converted{Currency: "EUR", Rate: "0.9151", Total: 10_601_283}
	}, []string{"Total USD 115,848.35", "Total EUR 106,012.83", "at 0.9151 EUR for 1 USD"}},
	"yen": {
		func(d *invoicefile.Document) { d.Currency = "JPY" },
		[]string{"Payable to the partner by 21 December 2026 JPY 11,584,835", "Bolt Media payout Oct 2026 3 −1,025 −205 −1,230"},
	},
	"dinars": {
		func(d *invoicefile.Document) { d.Currency = "KWD" },
		[]string{"Payable to the partner by 21 December 2026 KWD 11,584.835", "Bolt Media payout Oct 2026 3 −1.025 −0.205 −1.230"},
	},
	"amounts of twelve digits": {func(d *invoicefile.Document) {
		d.Currency, d.Lines, d.Totals = "KWD", nil, invoice.Totals{}
		add(&d.Invoice, line(1000, "Acme", invoice.MediaPayout, time.October, 1_000_000_000_000, 833_333_333_333_333, 166_666_666_666_666))
		add(&d.Invoice, line(1001, "Bolt", invoice.Bonus, time.October, 0, -833_333_333_333_333, 0))
	}, []string{"Acme Media payout Oct 2026 1,000,000,000,000 833,333,333,333.333 166,666,666,666.666 999,999,999,999.999", "VAT 20% 166,666,666,666.666"}},
	"a broken VAT rate": {func(d *invoicefile.Document) { d.VATRate = 81_000 }, []string{"VAT 8.1% 19,308.06"}},
	"no VAT": {func(d *invoicefile.Document) {
		d.VATRate, d.Lines, d.Totals = 0, nil, invoice.Totals{}
		add(&d.Invoice, line(1000, "Acme", invoice.MediaPayout, time.October, 1, 1, 0))
	}, []string{"Acme Media payout Oct 2026 1 0.01 0.00 0.01", "VAT 0% 0.00"}},
	"a campaign without a name": {
		func(d *invoicefile.Document) { d.Lines[3].CampaignName = "" },
		[]string{"Campaign 1001 Media payout Oct 2026 3 −10.25 −2.05 −12.30"},
	},
	"parties without an address": {func(d *invoicefile.Document) {
		d.Issuer, d.Recipient = invoicefile.Party{Name: "Acme"}, invoicefile.Party{Name: "Brightside"}
	}, []string{"Acme Brightside Invoice date 1 December 2026"}},
	"Greek and Cyrillic": {func(d *invoicefile.Document) {
		d.Issuer.Name, d.Recipient.Name = "Ζαχαροπλαστείο Ωκεανός", "Книгарня «Їжак»"
		d.Lines[0].CampaignName = "Łódź, Kraków și Тернопіль"
	}, []string{
		"Ζαχαροπλαστείο Ωκεανός Книгарня «Їжак» Invoice date 1 December 2026",
		"Łódź, Kraków și Тернопіль Media payout Sep 2026 214 12,841.50 2,568.30 15,409.80",
	}},
	"decomposed letters are composed": {
		func(d *invoicefile.Document) { d.Lines[3].CampaignName = "Cafe\u0301 Zu\u0308rich" },
		[]string{"Café Zürich Media payout Oct 2026 3 −10.25 −2.05 −12.30"},
	},
	"control characters are blanks": {
		func(d *invoicefile.Document) { d.Lines[3].CampaignName = "\tBolt\r\n\u202eand\x00Nut\u200b " },
		[]string{"Bolt and Nut Media payout Oct 2026 3 −10.25 −2.05 −12.30"},
	},
	"characters without a glyph are replaced": {
		func(d *invoicefile.Document) { d.Lines[3].CampaignName = "Bolt 東京" },
		[]string{"Bolt \ufffd\ufffd Media payout Oct 2026 3 −10.25 −2.05 −12.30"},
	},
	"invalid UTF-8": {
		func(d *invoicefile.Document) { d.Lines[3].CampaignName = "Bolt \xff" },
		[]string{"Bolt \ufffd Media payout Oct 2026 3 −10.25 −2.05 −12.30"},
	},
	"long names wrap": {func(d *invoicefile.Document) {
		name := strings.TrimSpace(strings.Repeat("Outdoor equipment ", 14))
		d.Issuer.Name, d.Recipient.Name = name, name
		d.Issuer.Address = invoicefile.Address{Line1: name, Line2: name, PostalCode: name, City: name, Region: name, Country: name}
		d.Recipient.Address, d.Issuer.VATNumber = d.Issuer.Address, name
		for i := range d.Lines {
			d.Lines[i].CampaignName = name
		}
	}, []string{"Outdoor equipment Outdoor equipment Media payout Sep 2026 214 12,841.50 2,568.30 15,409.80", "Total USD 115,848.35"}},
	"names break after hyphens": {
		func(d *invoicefile.Document) {
			d.Lines[0].CampaignName = "Winterausrüstung-Sonderverkaufskampagne-2026"
		},
		[]string{"Winterausrüstung- Media payout Sep 2026 214 12,841.50 2,568.30 15,409.80", "Sonderverkaufskampagne-2026"},
	},
	"a long header leaves no room for rows": {func(d *invoicefile.Document) {
		word := strings.Repeat("W", 255)
		d.Issuer = invoicefile.Party{Name: word, VATNumber: word, Address: invoicefile.Address{Line1: word, Line2: word, City: word, Country: word}}
		d.Lines[0].CampaignName = word
	}, []string{"Invoice 10001-7, continued", tableHead, "Total USD 115,848.35"}},
	"words longer than a line break": {func(d *invoicefile.Document) {
		word := strings.Repeat("W", 255)
		d.Currency, d.Issuer.Name, d.Recipient.Name = "KWD", word, word
		d.Lines[0].CampaignName, d.Lines[0].Net, d.Lines[0].Total = word, -999_999_999_999_999, -999_999_999_999_999
		d.Lines[1].VAT = -199_999_999_999_999
	}, []string{"Total KWD 11,584.835"}},
}

func TestPDFVariants(t *testing.T) {
	for name, c := range documents {
		t.Run(name, func(t *testing.T) {
			d := sample(t)
			c.change(&d)
			lines := slices.Concat(pages(t, render(t, d, invoicefile.Options{}))...)
			for _, want := range c.want {
				if !slices.ContainsFunc(lines, func(line string) bool { return strings.Contains(line, want) }) {
					t.Errorf("%q is missing in\n%s", want, strings.Join(lines, "\n"))
				}
			}
		})
	}
}

// long returns the sample with a number of further lines, some of whose names wrap.
func long(t testing.TB, count int) invoicefile.Document {
	t.Helper()
	d := sample(t)
	for i := range count {
		name := fmt.Sprintf("Campaign %d%s", i, strings.Repeat(" of equipment", i%7))
		add(&d.Invoice, line(int64(2000+i), name, invoice.MediaPayout, time.October, int64(i), 12_345, 2_469))
	}
	return d
}

func TestNothingOverlapsOrLeavesThePage(t *testing.T) {
	cases := map[string]invoicefile.Document{"the sample": sample(t)}
	for name, c := range documents {
		d := sample(t)
		c.change(&d)
		cases[name] = d
	}
	for count := 10; count < 60; count += 2 {
		cases[fmt.Sprintf("%d more lines", count)] = long(t, count)
	}
	for name, d := range cases {
		t.Run(name, func(t *testing.T) {
			for i, page := range words(t, render(t, d, invoicefile.Options{})) {
				checkBoxes(t, i+1, page)
			}
		})
	}
}

// checkBoxes checks that the words of a page are inside its margins and don't overlap, and that
// only the footer is near its end.
func checkBoxes(t *testing.T, page int, words []word) {
	t.Helper()
	const (
		millimeter = 72 / 25.4
		tolerance  = 0.5 * millimeter
		end        = 277 * millimeter
	)
	if len(words) < 10 {
		t.Fatalf("page %d has %d words", page, len(words))
	}
	footer := words[len(words)-1].Top
	for i, a := range words {
		if a.Left < 20*millimeter-tolerance || a.Right > 190*millimeter+tolerance || a.Top < 20*millimeter-tolerance {
			t.Errorf("page %d: %q is outside the margins", page, a.Text)
		}
		if a.Bottom > end && a.Top < footer-tolerance {
			t.Errorf("page %d: %q is in the footer", page, a.Text)
		}
		for _, b := range words[i+1:] {
			if a.Left < b.Right-tolerance && b.Left < a.Right-tolerance && a.Top < b.Bottom-tolerance && b.Top < a.Bottom-tolerance {
				t.Errorf("page %d: %q and %q overlap", page, a.Text, b.Text)
			}
		}
	}
}

func TestTablesBreakOverPages(t *testing.T) {
	for _, count := range []int{20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 496} {
		pages := pages(t, render(t, long(t, count), invoicefile.Options{}))
		seen := 0
		for i, lines := range pages {
			if !slices.Contains(lines, tableHead) {
				t.Errorf("%d lines: page %d has no head", count, i+1)
			}
			rows := 0
			for _, line := range lines {
				if strings.Contains(line, "Media payout") || strings.Contains(line, "Bonus") {
					rows++
				}
			}
			if seen += rows; rows == 0 {
				t.Errorf("%d lines: page %d has no rows", count, i+1)
			}
			if last := lines[len(lines)-1]; !strings.HasSuffix(last, fmt.Sprintf("Page %d of %d", i+1, len(pages))) {
				t.Errorf("%d lines: page %d ends with %q", count, i+1, last)
			}
			if continued := slices.Contains(lines, "Invoice 10001-7, continued"); continued != (i > 0) {
				t.Errorf("%d lines: page %d says that it continues: %t", count, i+1, continued)
			}
			totals := slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(line, "Total USD ") })
			if totals != (i == len(pages)-1) {
				t.Errorf("%d lines: page %d of %d has totals: %t", count, i+1, len(pages), totals)
			}
		}
		if seen != count+4 {
			t.Errorf("%d rows are shown, want %d", seen, count+4)
		}
	}
}

func TestTheFirstPageCanBeWithoutRows(t *testing.T) {
	d := sample(t)
	documents["a long header leaves no room for rows"].change(&d)
	for i, lines := range pages(t, render(t, d, invoicefile.Options{})) {
		if got := slices.Contains(lines, tableHead); got != (i > 0) {
			t.Errorf("page %d has a table: %t", i+1, got)
		}
	}
}

func TestTheSameInvoiceGivesTheSameBytes(t *testing.T) {
	want := render(t, long(t, 100), invoicefile.Options{})
	var g sync.WaitGroup
	for range 4 {
		g.Go(func() {
			var b bytes.Buffer
			if err := invoicefile.PDF(&b, long(t, 100), invoicefile.Options{}); err != nil || !bytes.Equal(b.Bytes(), want) {
				t.Errorf("the bytes differ: %v", err)
			}
		})
	}
	g.Wait()
	if size := len(want); size > 100_000 {
		t.Errorf("the file has %d bytes", size)
	}
}

func TestPagesRenderAsImages(t *testing.T) {
	img := picture(t, render(t, sample(t), invoicefile.Options{}))
	if size := img.Bounds().Size(); size != image.Pt(840, 1189) {
		t.Fatalf("the page has the size %v", size)
	}
	// darkest returns the darkest gray in a rectangle in millimeters.
	darkest := func(x1, y1, x2, y2 int) (dark uint8) {
		dark = 255
		for y := y1 * 4; y < y2*4; y++ {
			for x := x1 * 4; x < x2*4; x++ {
				dark = min(dark, color.GrayModel.Convert(img.At(x, y)).(color.Gray).Y)
			}
		}
		return dark
	}
	for name, c := range map[string]struct {
		x1, y1, x2, y2 int
		low, high      uint8
	}{
		"the margins are white":            {0, 0, 19, 297, 255, 255},
		"the right margin is white":        {191, 0, 210, 297, 255, 255},
		"the title is dark":                {20, 20, 80, 29, 0, 60},
		"there is no badge":                {160, 20, 190, 29, 255, 255},
		"the band is shaded":               {21, 87, 23, 100, 240, 250},
		"the total in the band is dark":    {145, 87, 187, 99, 0, 60},
		"below the totals is nothing":      {20, 175, 190, 277, 255, 255},
		"a rule is above the page numbers": {80, 277, 120, 280, 190, 225},
	} {
		if got := darkest(c.x1, c.y1, c.x2, c.y2); got < c.low || got > c.high {
			t.Errorf("%s: the darkest gray is %d, want %d to %d", name, got, c.low, c.high)
		}
	}
}

func TestErrorsOfTheWriterAreReturned(t *testing.T) {
	for name, write := range map[string]func(failing) error{
		"PDF":     func(w failing) error { return invoicefile.PDF(w, sample(t), invoicefile.Options{}) },
		"entries": func(w failing) error { return invoicefile.EntriesCSV(w, each(entries(t)...)) },
		"Xero":    func(w failing) error { return invoicefile.XeroCSV(w, each(sample(t)), invoicefile.Xero{}) },
	} {
		if err := write(failing{}); !errors.Is(err, errFull) {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

var errFull = errors.New("the disk is full")

// failing is a writer that fails.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errFull }
