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

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

// File is a parsed file. Create one with [Parse].
type File struct {
	// Kind is the kind of the commands in the file. The columns determine it.
	Kind ledger.Kind
	// Records is the number of rows.
	Records int

	table
	// entries holds the indexes of the rows of each command: one row, or the rows of an
	// order.
	entries [][]int
	// has holds the base names of the columns.
	has map[string]bool
}

// Parse parses a CSV or XML file. It is deterministic: the same content always has the
// same entries. Its error is a [store.UnusableFile], which is meant for the caller.
func Parse(content []byte) (*File, error) {
	t, err := readTable(content)
	if err != nil {
		return nil, err
	}
	f := &File{Records: len(t.rows), table: *t, has: make(map[string]bool)}
	for _, name := range t.columns {
		f.has[base(name)] = true
	}
	if f.Kind, err = f.kind(); err != nil {
		return nil, err
	}
	f.groupRows()
	return f, nil
}

// base returns the name of a column in lower case, without a trailing number.
func base(column string) string { return strings.TrimRight(strings.ToLower(column), "0123456789") }

// hasAny reports whether the file has one of the columns.
func (f *File) hasAny(columns ...string) bool {
	return slices.ContainsFunc(columns, func(c string) bool { return f.has[c] })
}

// changeColumns are the columns with the changes of a modification.
var changeColumns = []string{
	"amount", "customerstatus", "sku", "itemsku", "quantity", "itemquantity", "quantitydelta",
	"itemsubtotal", "itemsubtotaldelta", "category", "itemcategory", "itemname", "rebate",
}

// kind derives the kind of the rows from the columns. Only a conversion has an EventDate.
func (f *File) kind() (ledger.Kind, error) {
	tracker, order := f.hasAny("actiontrackerid", "eventtypeid"), f.hasAny("orderid", "oid")
	switch {
	case f.hasAny("eventdate"):
		return ledger.KindConversion, nil
	case !f.hasAny("actionid") && (!tracker || !order):
		return "", store.UnusableFile("The columns don't identify the actions: the first line must name ActionId, or ActionTrackerId and OrderId; conversions have EventDate")
	case f.hasAny("reason") || f.hasAny(changeColumns...):
		return ledger.KindModification, nil
	case f.hasAny("dispositioncode"):
		return ledger.KindReversal, nil
	default:
		return "", store.UnusableFile("The columns contain no change: the first line must name Reason and the values to change, such as Amount, or Sku and Quantity; reversals have DispositionCode")
	}
}

// groupRows builds the entries. The rows of an order form one entry, at the position of
// the first. Modifications and reversals have one row each.
func (f *File) groupRows() {
	of := make(map[string]int)
	for i, r := range f.rows {
		key := ""
		if f.Kind == ledger.KindConversion && r.problem == "" {
			key = f.orderKey(r)
		}
		if at, known := of[key]; known && key != "" {
			f.entries[at] = append(f.entries[at], i)
			continue
		}
		of[key] = len(f.entries)
		f.entries = append(f.entries, []int{i})
	}
}

// orderKey returns a key that the rows of an order share, or "" if the row is a separate
// order.
func (f *File) orderKey(r row) string {
	parts := make(map[string]string)
	for _, c := range r.cells {
		parts[strings.ToLower(f.columns[c.column])] = strings.TrimSpace(c.text)
	}
	first := func(names ...string) string {
		for _, name := range names {
			if parts[name] != "" {
				return parts[name]
			}
		}
		return ""
	}
	order := first("orderid", "oid")
	if order == "" || order == wire.GeneratedOrderID {
		return ""
	}
	return strings.Join([]string{
		order, parts["campaignid"], first("eventtypeid", "actiontrackerid", "eventtypecode"),
	}, "\x00")
}

// lineFields are the columns of a conversion that belong to an item.
var lineFields = []string{
	"itemsku", "itemname", "itemcategory", "itemsubcategory", "itemmpn", "itembrand", "itemquantity", "itemprice",
	"itemsubtotal", "itemdiscount", "itemdiscountrate", "itemtotaldiscount", "itempromocode", "sku", "category", "quantity",
}

// params returns the parameters of an entry and the item that each row reports. It is the
// only place where cells become parameters.
func (f *File) params(rows []int) (*wire.Params, []store.FileRow, error) {
	p, err := wire.ParseParams("", "", nil)
	if err != nil {
		return nil, nil, err
	}
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
		names, used := f.names(r, shift, len(rows) > 1)
		next = max(next, used) + 1
		for j, c := range r.cells {
			if name := names[j]; added[strings.ToLower(name)] != c.text {
				added[strings.ToLower(name)] = c.text
				errs = append(errs, p.Add(name, c.text))
			}
		}
	}
	if f.Kind == ledger.KindModification && f.hasAny("sku", "itemsku") && !slices.ContainsFunc(slices.Collect(maps.Keys(added)), isSKU) {
		errs = append(errs, p.Add("Sku", "")) // a change of an item must not become a change of the whole order
	}
	return p, fileRows, errors.Join(errs...)
}

func isSKU(name string) bool { b := base(name); return b == "sku" || b == "itemsku" }

// names returns the parameter name of each cell of a row and the largest item number in
// them. If an order has several rows, their items are numbered consecutively.
func (f *File) names(r row, shift int, several bool) (names []string, used int) {
	ofLine := slices.ContainsFunc(r.cells, func(c cell) bool {
		name := strings.ToLower(f.columns[c.column])
		return name == "sku" || name == "itemsku"
	})
	names = make([]string, len(r.cells))
	for i, c := range r.cells {
		names[i] = f.columns[c.column]
		stem := strings.TrimRight(names[i], "0123456789")
		b, digits := strings.ToLower(stem), names[i][len(stem):]
		item := slices.Contains(lineFields, b) || b == "amount" && (ofLine || digits != "")
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
		used = max(used, shift+number)
		names[i] = stem + strconv.Itoa(shift+number)
	}
	return names, used
}
