// Package batchfile imports files of orders, returns and modifications. A column is named
// after a request parameter and a row is decoded by package wire like the request with the
// same parameters (docs/protocol.md, section 19).
package batchfile

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/trueup-ledger/trueup/internal/spreadsheet"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

// parsedFile is a file whose rows are assigned to commands. Create one with [parse].
type parsedFile struct {
	table
	// kind is the kind of the commands. The columns determine it.
	kind ledger.Kind
	// entries holds the indexes of the rows of each command: one row, or the rows of an
	// order.
	entries [][]int
	// has holds the [base] of each column.
	has map[string]bool
	// numeric reports for each column whether its values are numbers.
	numeric []bool
	format  spreadsheet.NumberFormat
}

// parse parses a CSV or XML file. It is deterministic: the same content always has the
// same entries. The error is a [store.UnusableFileError], a message for the caller.
func parse(content store.FileContent) (*parsedFile, error) {
	if err := checkSeparator(content.DecimalSeparator); err != nil {
		return nil, err
	}
	decoded, err := decode(content.Bytes)
	if err != nil {
		return nil, err
	}
	if decoded.IsSheet() && content.DecimalSeparator == "," {
		return nil, errSheetSeparator
	}
	t, err := readTable(decoded)
	if err != nil {
		return nil, err
	}
	if err := t.checkSpelling(); err != nil {
		return nil, err
	}
	f := &parsedFile{table: *t, has: make(map[string]bool)}
	for _, name := range t.columns {
		f.has[base(name)] = true
	}
	if f.kind, err = f.kindOfRows(); err != nil {
		return nil, err
	}
	for _, name := range t.columns {
		f.numeric = append(f.numeric, wire.ParametersOf(f.kind).IsNumber(name))
	}
	f.detectFormat(content.DecimalSeparator)
	f.groupRows()
	return f, nil
}

// base returns the name of a column in lower case, without a trailing number.
func base(column string) string { return strings.TrimRight(strings.ToLower(column), "0123456789") }

// hasAny reports whether the file has one of the columns.
func (f *parsedFile) hasAny(columns ...string) bool {
	return slices.ContainsFunc(columns, func(c string) bool { return f.has[c] })
}

// hasChange reports whether the file has a column with a change of a modification.
func (f *parsedFile) hasChange() bool {
	return slices.ContainsFunc(f.columns, func(c string) bool { return wire.IsChangeParameter(base(c)) })
}

// kindOfRows derives the kind of the rows from the columns. Only conversions have an
// EventDate.
func (f *parsedFile) kindOfRows() (ledger.Kind, error) {
	tracker, order := f.hasAny("actiontrackerid", "eventtypeid"), f.hasAny("orderid", "oid")
	switch {
	case f.hasAny("eventdate"):
		return ledger.KindConversion, nil
	case !f.hasAny("actionid") && (!tracker || !order):
		return "", store.UnusableFileError("The columns don't identify the actions: the first line must name ActionId, or ActionTrackerId and OrderId; conversions have EventDate")
	case f.hasAny("reason") || f.hasChange():
		return ledger.KindModification, nil
	case f.hasAny("dispositioncode"):
		return ledger.KindReversal, nil
	default:
		return "", store.UnusableFileError("The columns contain no change: the first line must name Reason and the values to change, such as Amount, or Sku and Quantity; reversals have DispositionCode")
	}
}

// groupRows builds the entries. The rows of an order form one entry, at the position of
// the first. Modifications and reversals have one row each.
func (f *parsedFile) groupRows() {
	entryOf := make(map[string]int)
	indexes := make([]int, len(f.rows))
	f.entries = make([][]int, 0, len(f.rows))
	for i, r := range f.rows {
		key := ""
		if f.kind == ledger.KindConversion && r.problem == "" {
			key = f.orderKey(r)
		}
		if n, known := entryOf[key]; known && key != "" {
			f.entries[n] = append(f.entries[n], i)
			continue
		}
		entryOf[key] = len(f.entries)
		indexes[i] = i
		f.entries = append(f.entries, indexes[i:i+1:i+1])
	}
}

// orderKey returns a key that the rows of an order share, or "" if the row is a separate
// order.
func (f *parsedFile) orderKey(r row) string {
	cells := make(map[string]string)
	for _, c := range r.cells {
		cells[strings.ToLower(f.columns[c.column])] = strings.TrimSpace(c.text)
	}
	first := func(names ...string) string {
		for _, name := range names {
			if cells[name] != "" {
				return cells[name]
			}
		}
		return ""
	}
	order := first("orderid", "oid")
	if order == "" || order == wire.GeneratedOrderID {
		return ""
	}
	return strings.Join([]string{
		order, cells["campaignid"], first("eventtypeid", "actiontrackerid", "eventtypecode"),
	}, "\x00")
}

// params returns the parameters of an entry, and the line of each of its rows with the
// number of the row's first item.
func (f *parsedFile) params(rows []int) (*wire.Params, []store.FileRow, error) {
	p := new(wire.Params)
	var errs []error
	fileRows := make([]store.FileRow, len(rows))
	added := make(map[string]string)
	next := 1
	for i, n := range rows {
		r := f.rows[n]
		fileRows[i] = store.FileRow{Line: r.line, Item: 1}
		shift := 0
		if len(rows) > 1 {
			fileRows[i].Item, shift = next, next-1
		}
		names, largest := f.names(r, shift, len(rows) > 1)
		next = max(next, largest) + 1
		for j, c := range r.cells {
			text, err := f.decimal(c)
			errs = append(errs, err)
			if name := names[j]; added[strings.ToLower(name)] != text {
				added[strings.ToLower(name)] = text
				errs = append(errs, p.Add(name, text))
			}
		}
	}
	if f.kind == ledger.KindModification && f.hasAny("sku", "itemsku") && !slices.ContainsFunc(slices.Collect(maps.Keys(added)), isSKU) {
		errs = append(errs, p.Add("Sku", "")) // a change of an item must not become a change of the whole order
	}
	return p, fileRows, errors.Join(errs...)
}

func isSKU(name string) bool { b := base(name); return b == "sku" || b == "itemsku" }

// names returns the parameter name of each cell of a row. If the order has several rows,
// names adds shift to the numbers of the row's items and returns the largest sum.
func (f *parsedFile) names(r row, shift int, several bool) (names []string, largest int) {
	hasSKU := slices.ContainsFunc(r.cells, func(c cell) bool {
		name := strings.ToLower(f.columns[c.column])
		return name == "sku" || name == "itemsku"
	})
	names = make([]string, len(r.cells))
	for i, c := range r.cells {
		names[i] = f.columns[c.column]
		stem, digits, rest, item := wire.SplitLineParameter(names[i])
		item = item || strings.EqualFold(stem, "amount") && (hasSKU || digits != "")
		if !several || !item {
			continue
		}
		number := 1
		if digits != "" {
			n, err := strconv.Atoi(digits)
			if err != nil || n > wire.MaxItems {
				continue // decoding reports the error
			}
			number = n
		}
		largest = max(largest, shift+number)
		names[i] = stem + strconv.Itoa(shift+number) + rest
	}
	return names, largest
}
