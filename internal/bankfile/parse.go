// Package bankfile reads bank transfers from CSV files and finds the invoices that they pay.
package bankfile

import (
	"encoding/csv"
	"errors"
	"fmt"
	"strings"

	"github.com/trueup-ledger/trueup/internal/spreadsheet"
	"github.com/trueup-ledger/trueup/internal/spreadsheet/dialect"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// Limits of a file.
const (
	// MaxSize is the maximum size in bytes.
	MaxSize = 4 << 20
	// MaxRows is the maximum number of rows.
	MaxRows = 10_000
	// maxIDs is the maximum number of ids of invoices that are looked up for a row.
	maxIDs = 8
	// maxCells is the maximum number of cells: a file of nothing but separators would need a
	// hundred times its size in memory.
	maxCells = 500_000
	// maxPreamble is the maximum number of lines before the headings.
	maxPreamble = 30
)

// Options say how to read values that can be read in two ways.
type Options struct {
	// Decimal is the decimal separator, "." or ",". Empty means that it is detected.
	Decimal string
	// Dates is the order of dates such as 03/04/2026. Empty means that it is detected.
	Dates DateOrder
}

// Transfer is a row of a file.
type Transfer struct {
	// Line is the number of its line.
	Line int
	// Invoices are the ids of invoices that it may name, those of them that exist and those
	// that don't.
	Invoices []invoice.ID
	Date     program.Date
	// Amount is above zero, or below zero for incoming money.
	Amount money.Decimal
	// Currency is empty if the file has no column for it.
	Currency  money.Currency
	Reference string
	// Problem says why the row can't be read, or is empty.
	Problem string
}

// FileError is an error for which no row of a file can be read.
type FileError struct {
	Line    int
	Message string
}

// Error returns the line and the message.
func (e *FileError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Message) }

// Parse reads the transfers of a file. A row that can't be read is a transfer with a problem. If
// there are no headings or no rows, or too many rows, the error is a [*FileError].
//
// Outgoing money can be above or below zero. In a file with amounts below zero, or with a column
// of incoming money, the other amounts are incoming.
func Parse(content []byte, o Options) ([]Transfer, error) {
	decoded, err := dialect.Decode(content, MaxSize)
	if err != nil {
		return nil, &FileError{1, err.Error()}
	}
	if decoded.IsSheet() {
		if o.Decimal == "," {
			return nil, &FileError{1, "The numbers of an Excel workbook have a decimal point, whatever Excel shows: leave out the decimal separator, or save the file as CSV"}
		}
		o.Decimal = "."
	}
	text := decoded.Text
	var first error
	for _, separator := range dialect.Separators {
		if strings.Count(text, separator) > maxCells {
			first = &FileError{1, fmt.Sprintf("The file has over %d cells: leave out empty columns, or split it", maxCells)}
			continue
		}
		f := file{csv: csv.NewReader(strings.NewReader(text))}
		f.csv.Comma, f.csv.FieldsPerRecord = rune(separator[0]), -1
		found, err := f.findHeadings()
		if !found {
			if first == nil {
				first = err
			}
			continue
		}
		if err := f.readRows(); err != nil {
			return nil, err
		}
		return f.transfers(o), nil
	}
	return nil, first
}

// file is a file whose columns are known.
type file struct {
	csv     *csv.Reader
	columns columns
	// width is the number of headings.
	width int
	rows  []row
}

// row holds the cells of a row.
type row struct {
	line int
	// long reports whether the row has cells without a heading.
	long                                          bool
	date, amount, incoming, currency, id, details string
}

// errEnd means that there are no more rows.
var errEnd = errors.New("no more rows")

// read returns the cells of the next row and its line.
func (f *file) read() ([]string, int, error) {
	cells, err := f.csv.Read()
	if invalid := (*csv.ParseError)(nil); errors.As(err, &invalid) {
		return nil, 0, &FileError{invalid.Line, "Is not a row of a CSV file: check its quotation marks"}
	}
	if err != nil {
		return nil, 0, errEnd
	}
	line, _ := f.csv.FieldPos(0)
	for i, cell := range cells {
		cells[i] = strings.TrimSpace(cell)
	}
	return cells, line, nil
}

// findHeadings reads up to the headings and reports whether it found them.
func (f *file) findHeadings() (found bool, err error) {
	for range maxPreamble {
		cells, _, err := f.read()
		if err != nil {
			break
		}
		if f.columns, f.width = newColumns(cells), len(cells); f.columns.complete() {
			return true, nil
		}
	}
	return false, &FileError{1, "No headings: the first row must have the columns date, amount, and reference or invoice; rename those that differ"}
}

func (f *file) readRows() error {
	for {
		cells, line, err := f.read()
		if errors.Is(err, errEnd) {
			break
		}
		if err != nil {
			return err
		}
		if strings.Join(cells, "") == "" {
			continue
		}
		if len(f.rows) == MaxRows {
			return &FileError{line, fmt.Sprintf("The file has over %d rows: split it", MaxRows)}
		}
		r := f.columns.row(cells, line)
		r.long = len(cells) > f.width && strings.Join(cells[f.width:], "") != ""
		f.rows = append(f.rows, r)
	}
	if len(f.rows) == 0 {
		return &FileError{1, "The file has no rows below its headings"}
	}
	return nil
}

// transfers returns the transfers of the rows.
func (f *file) transfers(o Options) []Transfer {
	numbers := spreadsheet.NumberFormat{Separator: o.Decimal, Requested: o.Decimal != ""}
	if o.Decimal == "" {
		numbers = spreadsheet.DetectNumberFormat(func(yield func(string) bool) {
			for _, r := range f.rows {
				if !yield(cleanAmount(r.amount)) || !yield(cleanAmount(r.incoming)) {
					return
				}
			}
		})
	}
	p := rowParser{numbers, o.Dates}
	if p.dates == "" {
		p.dates = detectOrder(f.rows)
	}
	transfers := make([]Transfer, len(f.rows))
	negative := false
	for i, r := range f.rows {
		transfers[i] = p.transfer(r)
		negative = negative || transfers[i].Amount < 0 && !p.isIncoming(r)
	}
	for i, r := range f.rows {
		t := &transfers[i]
		switch {
		case p.isIncoming(r): // incoming money is below zero already
		case !negative:
		case f.columns.has(roleIncoming):
			t.Amount = max(t.Amount, -t.Amount)
		default:
			t.Amount = -t.Amount
		}
	}
	return transfers
}
