package invoicefile

import (
	"fmt"

	"github.com/trueup-ledger/trueup/ledger/invoice"
)

// tableColumns are the columns of the lines. The first one takes the width that the others
// leave, and wraps.
var tableColumns = []struct {
	label string
	right bool
	text  func(d *Document, line invoice.Line) string
}{
	{"Campaign", false, func(_ *Document, l invoice.Line) string { return campaignName(l) }},
	{"Description", false, func(_ *Document, l invoice.Line) string { return describe(l.Description) }},
	{"Month", false, func(_ *Document, l invoice.Line) string {
		return fmt.Sprintf("%.3s %d", l.Month.Month, l.Month.Year)
	}},
	{"Actions", true, func(_ *Document, l invoice.Line) string {
		if l.Description == invoice.Bonus {
			return "–"
		}
		return group(integer(l.Actions))
	}},
	{"Net", true, func(d *Document, l invoice.Line) string { return formatAmount(d.Currency, l.Net) }},
	{"VAT", true, func(d *Document, l invoice.Line) string { return formatAmount(d.Currency, l.VAT) }},
	{"Total", true, func(d *Document, l invoice.Line) string { return formatAmount(d.Currency, l.Total) }},
}

const (
	// columnGap is the distance of columns.
	columnGap = 5.0
	// leastNameWidth is the width of the first column below which the text becomes smaller.
	leastNameWidth = 34.0
	// maxNameLines bounds the lines of a name. Names have at most 255 characters.
	maxNameLines = 40
	// rowPadding is the space above and below a row.
	rowPadding = 1.5
	// headHeight is the height of the table's head.
	headHeight = 7.0
)

// table draws the lines of an invoice.
type table struct {
	*page
	style style
	// widths are those of the columns.
	widths []float64
	rows   []tableRow
}

// tableRow is a line of an invoice as texts.
type tableRow struct {
	// name are the lines of the first cell, and cells are the other cells.
	name  []string
	cells []string
}

func (r tableRow) height() float64 { return float64(len(r.name))*lineHeight + 2*rowPadding }

// newTable returns the table of a page's document. The text is as large as the amounts allow.
func newTable(p *page) *table {
	t := &table{page: p, style: plain, rows: make([]tableRow, len(p.Lines))}
	for i, line := range p.Lines {
		for _, column := range tableColumns[1:] {
			t.rows[i].cells = append(t.rows[i].cells, column.text(&p.Document, line))
		}
	}
	const smallest = 6
	for t.measure(); t.widths[0] < leastNameWidth && t.style.size > smallest; t.measure() {
		t.style.size -= 0.5
	}
	for i, line := range p.Lines {
		t.rows[i].name = t.wrap(tableColumns[0].text(&p.Document, line), t.style, t.widths[0], maxNameLines)
	}
	return t
}

// measure computes the widths of the columns.
func (t *table) measure() {
	t.widths = []float64{right - left}
	for i, column := range tableColumns[1:] {
		width := t.canvas.width(column.label, label)
		for _, row := range t.rows {
			width = max(width, t.canvas.width(row.cells[i], t.style))
		}
		t.widths = append(t.widths, width)
		t.widths[0] -= width + columnGap
	}
}

// paginate divides the rows into pages. The table begins at y on the first page, which has no
// rows if the first one doesn't fit. The last row is on the page of the totals.
func (t *table) paginate(y float64) (pages [][]tableRow) {
	const next = top + 12 // below the head of a later page
	y += headHeight
	start := 0
	for i, row := range t.rows {
		height := row.height()
		if i == len(t.rows)-1 {
			height += t.totalsHeight()
		}
		if y+height > bottom && (i > start || i == 0) {
			pages = append(pages, t.rows[start:i])
			start, y = i, next+headHeight
		}
		y += row.height()
	}
	return append(pages, t.rows[start:])
}

// draw draws the table's head and rows of a page.
func (t *table) draw(rows []tableRow) {
	if len(rows) == 0 {
		return
	}
	labels := make([]string, 0, len(tableColumns))
	for _, column := range tableColumns[1:] {
		labels = append(labels, column.label)
	}
	t.cells(t.y+3, tableRow{[]string{tableColumns[0].label}, labels}, label)
	t.y += headHeight - 1.6
	t.line(left, t.y, 0.35, black)
	for _, row := range rows {
		t.cells(t.y+rowPadding+3.1, row, t.style)
		t.y += row.height()
		t.line(left, t.y, 0.15, rule)
	}
}

// cells draws the cells of a row.
func (t *table) cells(y float64, row tableRow, s style) {
	for i, name := range row.name {
		t.text(left, y+float64(i)*lineHeight, name, s)
	}
	x := left + t.widths[0]
	for i, cell := range row.cells {
		x += columnGap
		if tableColumns[i+1].right {
			t.textRight(x+t.widths[i+1], y, cell, s)
		} else {
			t.text(x, y, cell, s)
		}
		x += t.widths[i+1]
	}
}
