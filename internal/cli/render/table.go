package render

import (
	"cmp"
	"encoding/json"
	"io"
	"os"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/mattn/go-runewidth"
	"golang.org/x/term"
)

// Terminal describes the terminal that shows the output. The zero value stands for a file.
type Terminal struct {
	// Width is the number of columns, or 0 for no limit.
	Width int
	Color bool
}

// NewTerminal returns the terminal that w writes to. It has no colors if the environment variable
// NO_COLOR is set.
func NewTerminal(w io.Writer) Terminal {
	file, is := w.(*os.File)
	if !is || !term.IsTerminal(int(file.Fd())) {
		return Terminal{}
	}
	width, _, err := term.GetSize(int(file.Fd()))
	if err != nil {
		width = 0
	}
	return Terminal{Width: width, Color: os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
}

// Escape sequences of a terminal.
const (
	bold   = "\x1b[1m"
	red    = "\x1b[31m"
	green  = "\x1b[32m"
	yellow = "\x1b[33m"
	plain  = "\x1b[0m"
)

// colors are those of cells by their text.
var colors = map[string]string{
	"APPROVED": green, "Complete": green, "PAID": green, "ACTIVE": green,
	"PENDING": yellow, "Queued": yellow, "In Progress": yellow,
	"REVERSED": red, "OVERDUE": red, "Validation": red, "Contract Error": red,
}

// paint returns the text in a color.
func (t Terminal) paint(text, color string) string {
	if !t.Color || color == "" {
		return text
	}
	return color + text + plain
}

const (
	// gap separates columns.
	gap = "  "
	// leastWidth is the least width to which a column is cut.
	leastWidth = 8
	// chunk is the number of rows that are aligned together, so that a long list needs little memory.
	chunk = 1000
)

// table prints a row for each object.
func table(w io.Writer, t Terminal, objects Objects, columns []Column) error {
	var rows [][]string
	heading := make([]string, len(columns))
	for i, c := range columns {
		heading[i] = c.title()
	}
	var layout []column
	flush := func() error {
		if len(rows) == 0 {
			return nil
		}
		if layout == nil {
			layout = align(t, heading, columns, rows)
			if err := writeRow(w, t, layout, heading, bold); err != nil {
				return err
			}
		}
		for _, row := range rows {
			if err := writeRow(w, t, layout, row, ""); err != nil {
				return err
			}
		}
		rows = rows[:0]
		return nil
	}
	err := each(objects, func(object json.RawMessage) error {
		row, err := cellsOf(object, columns)
		if err != nil {
			return err
		}
		for i := range row {
			if row[i] = short(Printable(row[i])); columns[i].Format != nil {
				row[i] = columns[i].Format(row[i])
			}
		}
		if rows = append(rows, row); len(rows) < chunk {
			return nil
		}
		return flush()
	})
	return cmp.Or(flush(), err)
}

// short returns a timestamp without its offset, because all those of the protocol are in the time zone
// of the account. It returns one of the admin API, which is in UTC, without the fraction of its second,
// and any other text as it is.
func short(text string) string {
	if len(text) < len("2006-01-02T15:04:05Z") || text[10] != 'T' {
		return text
	}
	at, err := time.Parse(time.RFC3339, text)
	switch {
	case err != nil:
		return text
	case strings.HasSuffix(text, "Z"):
		return at.Format(time.RFC3339)
	}
	return at.Format(time.DateTime)
}

// Time returns a time in UTC as text, or "" for the zero time.
func Time(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// column is the layout of a column.
type column struct {
	width int
	// right aligns the cells to the right, and cut shortens those that are wider.
	right, cut bool
}

// align returns the layout of the columns. On a narrow terminal, the widest columns of texts are
// cut. Numbers and ids never are, because a part of one is wrong.
func align(t Terminal, heading []string, columns []Column, rows [][]string) []column {
	layout := make([]column, len(heading))
	total := len(gap) * (len(heading) - 1)
	for i := range layout {
		numbers, empty := true, true
		layout[i].width = runewidth.StringWidth(heading[i])
		for _, row := range rows {
			layout[i].width = max(layout[i].width, runewidth.StringWidth(row[i]))
			numbers = numbers && (row[i] == "" || isNumber(row[i]))
			empty = empty && row[i] == ""
		}
		layout[i].right = numbers && !empty && !isID(columns[i].Field)
		layout[i].cut = t.Width > 0 && !layout[i].right && !isID(columns[i].Field)
		total += layout[i].width
	}
	if t.Width > 0 {
		narrow(layout, total-t.Width)
	}
	return layout
}

// narrow makes the columns that may be cut narrower, the widest first, by a number of characters. If
// that is too many, the terminal wraps the lines.
func narrow(layout []column, excess int) {
	for ; excess > 0; excess-- {
		widest := -1
		for i, c := range layout {
			if c.cut && c.width > leastWidth && (widest < 0 || c.width > layout[widest].width) {
				widest = i
			}
		}
		if widest < 0 {
			return
		}
		layout[widest].width--
	}
}

// isID reports whether a field has ids or Skus.
func isID(field string) bool {
	return strings.HasSuffix(field, "Id") || slices.Contains(ids, field)
}

// ids are other fields with ids, those of the admin API in lower case.
var ids = []string{"Oid", "Sku", "id", "sid", "order", "update"}

// writeRow writes a row. color is that of all cells, or empty.
func writeRow(w io.Writer, t Terminal, layout []column, row []string, color string) error {
	var line strings.Builder
	for i, cell := range row {
		if i > 0 {
			line.WriteString(gap)
		}
		if layout[i].cut {
			cell = runewidth.Truncate(cell, layout[i].width, "…")
		}
		space := strings.Repeat(" ", max(layout[i].width-runewidth.StringWidth(cell), 0))
		painted := t.paint(cell, cmp.Or(color, colors[cell]))
		switch {
		case layout[i].right:
			line.WriteString(space + painted)
		case i == len(row)-1:
			line.WriteString(painted)
		default:
			line.WriteString(painted + space)
		}
	}
	_, err := io.WriteString(w, strings.TrimRight(line.String(), " ")+"\n")
	return err
}

// fields prints a row for each column of an object.
func fields(w io.Writer, t Terminal, object json.RawMessage, columns []Column) error {
	cells, err := cellsOf(object, columns)
	if err != nil {
		return err
	}
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = cmp.Or(c.Title, c.Field)
	}
	width := runewidth.StringWidth(slices.MaxFunc(names, func(a, b string) int {
		return cmp.Compare(runewidth.StringWidth(a), runewidth.StringWidth(b))
	}))
	for i, cell := range cells {
		if cell == "" {
			continue
		}
		cell = Printable(cell)
		name := t.paint(runewidth.FillRight(names[i], width), bold)
		if _, err := io.WriteString(w, name+gap+t.paint(cell, colors[cell])+"\n"); err != nil {
			return err
		}
	}
	return nil
}

// Printable replaces the control characters of a text, which could control the terminal or change
// the order of the characters.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r), unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp), r == '\uFEFF':
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// isNumber reports whether a text is a decimal number.
func isNumber(text string) bool {
	digits := strings.TrimPrefix(text, "-")
	whole, fraction, point := strings.Cut(digits, ".")
	isDigits := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	return isDigits(whole) && (!point || isDigits(fraction))
}

// Rows prints a table of rows. right names the columns that are aligned to the right.
func Rows(w io.Writer, t Terminal, heading []string, rows [][]string, right ...int) error {
	columns := make([]Column, len(heading))
	for i, title := range heading {
		columns[i] = Column{Field: title}
	}
	for _, row := range rows {
		for i := range row {
			row[i] = Printable(row[i])
		}
	}
	layout := align(t, heading, columns, rows)
	for _, i := range right {
		layout[i].right = true
	}
	if err := writeRow(w, t, layout, heading, bold); err != nil {
		return err
	}
	for _, row := range rows {
		if err := writeRow(w, t, layout, row, ""); err != nil {
			return err
		}
	}
	return nil
}
