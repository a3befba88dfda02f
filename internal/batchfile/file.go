// Package batchfile turns files of orders or returns into the commands that single
// requests would be: the columns are the names of the parameters, a row is what a
// request says, and the decoders of package wire read it (docs/protocol.md,
// section 19).
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

// File is a file that was read. Use [Parse].
type File struct {
	// Kind is what its columns say its rows are.
	Kind ledger.Kind
	// Records is how many rows it has.
	Records int

	table
	// entries are the rows that are one command: one, or those of an order.
	entries [][]int
	// has finds columns by their names in lower case, numbers taken off.
	has map[string]bool
}

// Parse reads a file. Its error is an store.UnusableFile that is fit for the caller. The
// same bytes give the same entries, always.
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
	f.gather()
	return f, nil
}

// base answers a column's name in lower case without the number behind it.
func base(column string) string { return strings.TrimRight(strings.ToLower(column), "0123456789") }

func (f *File) any(columns ...string) bool {
	return slices.ContainsFunc(columns, func(c string) bool { return f.has[c] })
}

// changes are the columns that say what a modification changes.
var changes = []string{
	"amount", "customerstatus", "sku", "itemsku", "quantity", "itemquantity", "quantitydelta",
	"itemsubtotal", "itemsubtotaldelta", "category", "itemcategory", "itemname", "rebate",
}

// kind tells by the columns what the rows are. Only a conversion has an EventDate.
func (f *File) kind() (ledger.Kind, error) {
	tracker, order := f.any("actiontrackerid", "eventtypeid"), f.any("orderid", "oid")
	switch {
	case f.any("eventdate"):
		return ledger.KindConversion, nil
	case !f.any("actionid") && (!tracker || !order):
		return "", store.UnusableFile("The columns do not say which actions are meant: the first line must name ActionId, or ActionTrackerId and OrderId; conversions have EventDate")
	case f.any("reason") || f.any(changes...):
		return ledger.KindModification, nil
	case f.any("dispositioncode"):
		return ledger.KindReversal, nil
	default:
		return "", store.UnusableFile("The columns do not say what changes: the first line must name Reason and what it is for, as Amount, or Sku and Quantity; reversals have DispositionCode")
	}
}

// gather puts the rows of one reported order together, where the first of them
// stands. Modifications are absolute: each row is a command of its own.
func (f *File) gather() {
	of := make(map[string]int)
	for i, r := range f.rows {
		key := ""
		if f.Kind == ledger.KindConversion && r.fault == "" {
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

// orderKey answers what rows of one order have in common, or "" where a row is an
// order of its own.
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
	if order == "" || order == wire.MadeUpOrder {
		return ""
	}
	return strings.Join([]string{
		order, parts["campaignid"], first("eventtypeid", "actiontrackerid", "eventtypecode"),
	}, "\x00")
}

// lineFields are the columns of a conversion that are of a row's item.
var lineFields = []string{
	"itemsku", "itemname", "itemcategory", "itemsubcategory", "itemmpn", "itembrand", "itemquantity", "itemprice",
	"itemsubtotal", "itemdiscount", "itemdiscountrate", "itemtotaldiscount", "itempromocode", "sku", "category", "quantity",
}

// params makes the parameters of an entry, as a request has them, and answers
// which item each row reports. It is the only place where cells become parameters.
func (f *File) params(rows []int) (*wire.Params, []store.FileRow, error) {
	p, err := wire.ParseParams("", "", nil)
	if err != nil {
		return nil, nil, err
	}
	var errs []error
	places := make([]store.FileRow, len(rows))
	said := make(map[string]string)
	next := 1
	for i, n := range rows {
		r := f.rows[n]
		places[i] = store.FileRow{Line: r.line, Item: 1}
		shift := 0
		if len(rows) > 1 {
			places[i].Item, shift = next, next-1
		}
		names, used := f.names(r, shift, len(rows) > 1)
		next = max(next, used) + 1
		for j, c := range r.cells {
			if name := names[j]; said[strings.ToLower(name)] != c.text {
				said[strings.ToLower(name)] = c.text
				errs = append(errs, p.Add(name, c.text))
			}
		}
	}
	if f.Kind == ledger.KindModification && f.any("sku", "itemsku") && !slices.ContainsFunc(slices.Collect(maps.Keys(said)), isSKU) {
		errs = append(errs, p.Add("Sku", "")) // what is meant for an item must not hit its whole order
	}
	return p, places, errors.Join(errs...)
}

func isSKU(name string) bool { b := base(name); return b == "sku" || b == "itemsku" }

// names answers the parameter of each cell of a row, and the largest item number in
// them. Where an order has several rows, their items are numbered on.
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
				continue // decoding says what is wrong with it
			}
			number = n
		}
		used = max(used, shift+number)
		names[i] = stem + strconv.Itoa(shift+number)
	}
	return names, used
}
