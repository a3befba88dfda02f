package invoicefile

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/signintech/gopdf"

	"github.com/trueup-ledger/trueup/money"
)

// Options are settings of PDFs.
type Options struct {
	// Font is a TrueType font for the characters that the embedded fonts lack, which have
	// Latin, Greek and Cyrillic letters. Nil means none. Characters that no font has appear as
	// a replacement character. CheckFont reports whether a font can be used.
	Font []byte
	// Missing, if not nil, is called with the characters that no font has, if there are any.
	Missing func(characters string)
}

// PDF writes an invoice as a PDF of A4 pages. The same document and options give the same
// bytes.
func PDF(w io.Writer, d Document, o Options) error {
	var pdf []byte
	var missing string
	render := func() (err error) {
		pdf, missing, err = renderPDF(d, o.Font)
		return err
	}
	if o.Font != nil {
		inner := render
		render = func() error { return recovered(inner) }
	}
	if err := render(); err != nil {
		return fmt.Errorf("PDF of invoice %s: %w", d.ID, err)
	}
	if missing != "" && o.Missing != nil {
		o.Missing(missing)
	}
	_, err := w.Write(pdf)
	return err
}

// renderPDF returns the PDF and the characters that no font has.
func renderPDF(d Document, font []byte) (pdf []byte, missing string, err error) {
	c, err := newCanvas(gopdf.PdfInfo{
		Title: "Invoice " + d.ID.String(), Author: clean(d.Issuer.Name), Creator: "trueup", CreationDate: d.Created.UTC(),
	}, font)
	if err != nil {
		return nil, "", err
	}
	p := &page{canvas: c, Document: d}
	p.newPage()
	p.header()
	t := newTable(p)
	pages := t.paginate(p.y)
	for i, rows := range pages {
		if i > 0 {
			p.newPage()
			p.continuation()
		}
		t.draw(rows)
		if i == len(pages)-1 {
			p.totals()
		}
		p.footer(i+1, len(pages))
	}
	pdf, err = c.bytes()
	return pdf, string(slices.Sorted(maps.Keys(c.missing))), err
}

// Measures of a page.
const (
	left, right = 20.0, 190.0
	top, bottom = 20.0, 274.0
	// lineHeight is the distance of lines of small text.
	lineHeight = 4.3
	// maxTextLines bounds the lines of names and references, which have at most 255 characters.
	maxTextLines = 16
	// maxAddressLines bounds the lines of a line of an address.
	maxAddressLines = 3
)

// Colors and styles of texts.
var (
	black  = color{32, 33, 36}
	gray   = color{105, 109, 116}
	rule   = color{205, 208, 213}
	shade  = color{244, 245, 247}
	green  = color{21, 100, 52}
	title  = style{semibold, 20, black}
	lead   = style{regular, 10.5, gray}
	strong = style{semibold, 9.5, black}
	plain  = style{regular, 8.5, black}
	label  = style{regular, 7.5, gray}
	sum    = style{semibold, 13, black}
	note   = style{regular, 7.5, gray}
)

// page draws the parts of the pages other than the table.
type page struct {
	*canvas
	Document
	// y is the end of what was drawn on the page.
	y float64
}

func (p *page) newPage() {
	p.pdf.AddPage()
	p.y = top
}

// header draws the first page down to the table.
func (p *page) header() {
	p.text(left, p.y+8, "Invoice "+p.ID.String(), title)
	p.text(left, p.y+14.5, "Commissions of "+p.month(), lead)
	if p.Payment != nil {
		const paid = "PAID"
		s := style{semibold, 11, green}
		width := p.canvas.width(paid, s) + 8
		p.fill(right-width, p.y+1.2, width, 8.6, color{226, 243, 232})
		p.text(right-width+4, p.y+7, paid, s)
	}
	const gap, details = 8.0, 50.0
	const party = (right - left - details - 2*gap) / 2
	y := p.y + 27
	p.y = max(
		p.party(left, y, party, "Payer", p.Issuer),
		p.party(left+party+gap, y, party, "Payee", p.Recipient),
		p.details(right-details, y),
	)
	p.band()
}

// month returns the name of the invoice's period.
func (p *page) month() string { return fmt.Sprintf("%s %d", p.Period.Month, p.Period.Year) }

// party draws a party and returns the end of its last line.
func (p *page) party(x, y, width float64, role string, party Party) float64 {
	p.text(x, y, role, label)
	y += 1
	for _, name := range p.wrap(party.Name, strong, width, maxTextLines) {
		y += lineHeight + 0.4
		p.text(x, y, name, strong)
	}
	lines := party.Address.lines()
	if party.VATNumber != "" {
		lines = append(lines, "VAT number "+party.VATNumber)
	}
	for _, line := range lines {
		for _, part := range p.wrap(line, plain, width, maxAddressLines) {
			y += lineHeight
			p.text(x, y, part, plain)
		}
	}
	return y
}

// details draws the dates and the payment, and returns the end of the last line.
func (p *page) details(x, y float64) float64 {
	rows := [][2]string{
		{"Invoice date", p.date(p.Created, longDate)},
		{"Due date", p.date(p.Due, longDate)},
		{"Period", p.month()},
		{"Currency", string(p.Currency)},
	}
	if p.Payment != nil {
		rows = append(rows, [2]string{"Paid on", p.date(p.Payment.Date, longDate)}, [2]string{"Reference", p.Payment.Reference})
	}
	p.text(x, y, "Details", label)
	y += 1.4
	for _, row := range rows {
		if row[1] == "" {
			continue
		}
		p.text(x, y+lineHeight, row[0], style{regular, plain.size, gray})
		for _, part := range p.wrap(row[1], plain, right-x-20, maxTextLines) {
			y += lineHeight
			p.textRight(right, y, part, plain)
		}
	}
	return y
}

const longDate = "2 January 2006"

// band draws the total in a shaded band.
func (p *page) band() {
	const height = 14.0
	y := p.y + 8
	p.fill(left, y, right-left, height, shade)
	text := "Payable to the partner by " + p.date(p.Due, longDate)
	if p.Payment != nil {
		text = "Paid to the partner on " + p.date(p.Payment.Date, longDate)
	}
	p.text(left+4, y+8.6, text, strong)
	p.textRight(right-4, y+9, string(p.Currency)+" "+formatAmount(p.Currency, p.Total), sum)
	p.y = y + height + 9
}

// continuation draws the head of a later page.
func (p *page) continuation() {
	p.text(left, p.y+4, "Invoice "+p.ID.String()+", continued", style{semibold, 9.5, gray})
	p.y += 12
}

// totalsHeight is the height of the totals.
func (p *page) totalsHeight() float64 {
	if p.Converted != nil {
		return 38
	}
	return 27
}

// totals draws the sums of the lines.
func (p *page) totals() {
	const width = 75.0
	x, y := right-width, p.y+2
	row := func(name, value string, s style) {
		y += 6
		p.text(x, y, name, style{s.face, s.size, s.color})
		p.textRight(right, y, value, s)
	}
	row("Net", formatAmount(p.Currency, p.Net), plain)
	row("VAT "+p.VATRate.String()+"%", formatAmount(p.Currency, p.VAT), plain)
	y += 2.6
	p.line(x, y, 0.35, black)
	row("Total "+string(p.Currency), formatAmount(p.Currency, p.Total), style{semibold, 10.5, black})
	if v := p.Converted; v != nil {
		y += 1.6
		row("Total "+string(v.Currency), formatAmount(v.Currency, v.Total), plain)
		y += 4
		p.textRight(right, y, fmt.Sprintf("at %s %s for 1 %s", v.Rate, v.Currency, p.Currency), note)
	}
	p.y = y
}

// footer draws the end of a page.
func (p *page) footer(number, count int) {
	const y = 283
	pages := fmt.Sprintf("Page %d of %d", number, count)
	p.line(left, y-4.5, 0.2, rule)
	text := "Invoice " + p.ID.String() + " · " + p.Issuer.Name
	for _, line := range p.wrap(text, note, right-left-p.canvas.width(pages, note)-6, 1) {
		p.text(left, y, line, note)
	}
	p.textRight(right, y, pages, note)
}

// formatAmount formats an amount with thousands separators and a minus sign.
func formatAmount(c money.Currency, a money.Amount) string {
	text, negative := strings.CutPrefix(c.Format(a), "-")
	text = group(text)
	if negative {
		return "−" + text
	}
	return text
}

// group separates the thousands of a number that isn't negative.
func group(number string) string {
	whole, fraction, found := strings.Cut(number, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if found {
		whole += "." + fraction
	}
	return whole
}
