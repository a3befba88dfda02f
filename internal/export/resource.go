package export

import (
	"fmt"
	"io"
	"iter"
	"net/http"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/settle"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/query"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// MaxDuration is the longest time for which an export may keep a snapshot of the store open.
// In the meantime the write-ahead log of SQLite can't be truncated, and PostgreSQL can't
// vacuum what was replaced.
const MaxDuration = 10 * time.Minute

// Resource is a kind of objects that can be exported.
type Resource struct {
	// Name is the last segment of the path. In lower case it is the name in commands.
	Name string
	// List is the path of the list whose filter the export has, below the account. An export
	// without one has the Parameters.
	List       string
	Parameters []string
	// Summary completes "Export ".
	Summary string
	// Scopes are the resources of the scopes that a token needs.
	Scopes []store.Resource

	columns []Column
	decode  func(p *wire.Params, env wire.Env) (Export, error)
}

// Resources lists every Resource. A new one is an entry here.
var Resources = []Resource{
	newResource(Resource{Name: "Actions", List: "/Actions", Summary: "actions without their items", Scopes: []store.Resource{store.ResourceActions}},
		query.DecodeActionExport, actions, actionFields),
	newResource(Resource{Name: "Items", List: "/Actions", Summary: "the items of actions", Scopes: []store.Resource{store.ResourceActions}},
		query.DecodeActionExport, items, itemFields),
	newResource(Resource{Name: "Updates", List: "/ActionUpdates", Summary: "updates of actions", Scopes: []store.Resource{store.ResourceUpdates}},
		query.DecodeActionExport, updates, updateFields),
	newResource(Resource{Name: "Adjustments", List: "/Adjustments", Summary: "adjustments of locked actions", Scopes: []store.Resource{store.ResourceUpdates}},
		query.DecodeAdjustmentExport, adjustments, adjustmentFields),
	newResource(Resource{Name: "Invoices", List: "/Invoices", Summary: "the lines of invoices", Scopes: []store.Resource{store.ResourceInvoices}},
		query.DecodeInvoiceExport, invoiceLines, (*encode.Encoder).InvoiceLineFields),
	newResource(Resource{Name: "Entries", Parameters: query.EntryParameters, Summary: "entries that are or will be invoiced", Scopes: []store.Resource{store.ResourceInvoices}},
		query.DecodeEntryExport, entries, entryFields),
	newResource(Resource{Name: "Payouts", List: "/Actions", Summary: "payouts, adjustments and bonuses per partner and month", Scopes: []store.Resource{store.ResourceActions, store.ResourceInvoices}},
		query.DecodeActionExport, payouts, (*encode.Encoder).PayoutFields),
}

// Find returns the resource with a name in any letter case.
func Find(name string) (Resource, bool) {
	for _, r := range Resources {
		if strings.EqualFold(r.Name, name) {
			return r, true
		}
	}
	return Resource{}, false
}

// Command returns the name in commands.
func (r Resource) Command() string { return strings.ToLower(r.Name) }

// Column is a column of an export. It is a field of the objects.
type Column struct {
	Name string
	Kind encode.FieldKind
}

// Columns returns the columns in their order.
func (r Resource) Columns() []Column { return r.columns }

// Permit returns an error unless allows reports true for all scopes that a token needs.
func (r Resource) Permit(allows func(store.Scope) bool) error {
	for _, s := range r.Scopes {
		if !allows(s.Read()) {
			return &wire.Error{Status: http.StatusForbidden, Message: "This token lacks the scope " + string(s.Read())}
		}
	}
	return nil
}

// Decode decodes the parameters of an export. Errors are those of the lists.
func (r Resource) Decode(p *wire.Params, env wire.Env) (Export, error) { return r.decode(p, env) }

// Export is an export with its filter and format.
type Export struct {
	Format query.ExportFormat
	// Name is the name of a file for the export.
	Name string

	columns []Column
	// each calls write with the fields of each row.
	each func(r store.ExportReader, e *encode.Encoder, write func([]encode.Field) error) error
}

// Write writes the export to w. It calls w.Write with pieces of a few kilobytes or more,
// even while it reads. The fields are those that e encodes. If Write returns an error, what
// it wrote is incomplete.
func (x Export) Write(w io.Writer, r store.ExportReader, e *encode.Encoder) error {
	out, err := x.writer(w, e.Reference.Zone())
	if err != nil {
		return err
	}
	if err := x.each(r, e, out.write); err != nil {
		return err
	}
	return out.close()
}

// newResource completes a resource. The function read returns the objects that match a
// filter, and fields appends those of an object.
func newResource[Filter, Object any](
	r Resource,
	decode func(*wire.Params, wire.Env) (query.Export[Filter], error),
	read func(store.ExportReader, *encode.Encoder, Filter) iter.Seq2[Object, error],
	fields func(*encode.Encoder, []encode.Field, Object) []encode.Field,
) Resource {
	var none Object
	for _, f := range fields(&encode.Encoder{Reference: new(program.Reference)}, nil, none) {
		r.columns = append(r.columns, Column{f.Name, f.Kind})
	}
	r.decode = func(p *wire.Params, env wire.Env) (Export, error) {
		q, err := decode(p, env)
		name := r.Command() + "." + strings.ToLower(string(q.Format))
		return newExport(q, name, r.columns, read, fields), err
	}
	return r
}

// newExport returns an export of the objects that read returns.
func newExport[Filter, Object any](
	q query.Export[Filter], name string, columns []Column,
	read func(store.ExportReader, *encode.Encoder, Filter) iter.Seq2[Object, error],
	fields func(*encode.Encoder, []encode.Field, Object) []encode.Field,
) Export {
	return Export{q.Format, name, columns, func(r store.ExportReader, e *encode.Encoder, write func([]encode.Field) error) error {
		var buf []encode.Field
		for object, err := range readAhead(read(r, e, q.Filter)) {
			if err != nil {
				return err
			}
			buf = fields(e, buf[:0], object)
			if len(buf) != len(columns) {
				return fmt.Errorf("a row of %s has %d fields, want %d", name, len(buf), len(columns))
			}
			if err := write(buf); err != nil {
				return err
			}
		}
		return nil
	}}
}

// InvoicesCSV returns the export of the lines of invoices as CSV, with a filter of operators.
func InvoicesCSV(f search.InvoiceFilter) Export {
	r, _ := Find("Invoices")
	q := query.Export[search.InvoiceFilter]{Filter: f, Format: query.CSV}
	return newExport(q, "invoices.csv", r.columns, invoiceLines, (*encode.Encoder).InvoiceLineFields)
}

// finder returns a finder of invoices at the time of the export.
func finder(r store.ExportReader, e *encode.Encoder) *settle.Finder {
	return settle.NewFinder(r.Statements(), e.Reference, e.Now)
}

func actions(r store.ExportReader, e *encode.Encoder, f search.ActionFilter) iter.Seq2[settle.Action, error] {
	return finder(r, e).Actions(r.ExportActions(f, false))
}

func actionFields(e *encode.Encoder, dst []encode.Field, a settle.Action) []encode.Field {
	return e.ActionFields(dst, a.Action, a.Status)
}

func updates(r store.ExportReader, _ *encode.Encoder, f search.ActionFilter) iter.Seq2[store.UpdateView, error] {
	return r.ExportUpdates(f)
}

func updateFields(e *encode.Encoder, dst []encode.Field, u store.UpdateView) []encode.Field {
	return e.UpdateFields(dst, u.Update, u.Parent)
}

func adjustments(r store.ExportReader, e *encode.Encoder, f query.Adjustments) iter.Seq2[settle.Adjustment, error] {
	finder := finder(r, e)
	return narrowed(finder, f.Invoice, &f.Partner, &f.Effective, func() iter.Seq2[settle.Adjustment, error] {
		return finder.Adjustments(r.ExportAdjustments(f.AdjustmentFilter))
	})
}

// narrowed returns the objects that read returns once their filter is narrowed to an invoice.
func narrowed[T any](f *settle.Finder, id invoice.ID, partner *int64, dates *search.TimeRange, read func() iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		switch matches, err := f.Narrow(id, partner, dates); {
		case err != nil:
			yield(none, err)
		case matches:
			read()(yield)
		}
	}
}

func adjustmentFields(e *encode.Encoder, dst []encode.Field, d settle.Adjustment) []encode.Field {
	return e.AdjustmentFields(dst, encode.Adjustment{
		Adjustment: d.Adjustment, Partner: d.Partner, Submission: string(d.SubmissionID), Invoice: d.Invoice,
	})
}

// invoiceLines returns the lines of the invoices that match. It reads the invoices in pages.
func invoiceLines(r store.ExportReader, _ *encode.Encoder, f search.InvoiceFilter) iter.Seq2[encode.InvoiceLine, error] {
	return func(yield func(encode.InvoiceLine, error) bool) {
		page := search.Page{Size: wire.DefaultPageSize, Number: 1}
		for more := true; more; {
			info, invoices, err := r.Statements().Invoices(f, page)
			if err != nil {
				yield(encode.InvoiceLine{}, err)
				return
			}
			for v, err := range invoices {
				if err != nil {
					yield(encode.InvoiceLine{}, err)
					return
				}
				for i, line := range v.Lines {
					if !yield(encode.InvoiceLine{Record: v, Line: line, Number: i + 1}, nil) {
						return
					}
				}
			}
			more, page.Below = info.More, info.Last
		}
	}
}

func entries(r store.ExportReader, e *encode.Encoder, f query.Entries) iter.Seq2[settle.Entry, error] {
	finder := finder(r, e)
	return narrowed(finder, f.Invoice, &f.Partner, &f.Date, func() iter.Seq2[settle.Entry, error] {
		return finder.Entries(r.Statements().Entries(f.EntryFilter))
	})
}

func entryFields(e *encode.Encoder, dst []encode.Field, v settle.Entry) []encode.Field {
	return e.EntryFields(dst, encode.Entry(v))
}

// itemOf is an item with its action.
type itemOf struct {
	action ledger.Action
	item   ledger.Item
}

// items returns the items of the actions that match. With a Sku in the filter, it returns only
// those with the Sku.
func items(r store.ExportReader, _ *encode.Encoder, f search.ActionFilter) iter.Seq2[itemOf, error] {
	return func(yield func(itemOf, error) bool) {
		for a, err := range r.ExportActions(f, true) {
			if err != nil {
				yield(itemOf{}, err)
				return
			}
			for _, item := range a.Items {
				if f.SKU != "" && item.SKU != f.SKU {
					continue
				}
				if !yield(itemOf{a, item}, nil) {
					return
				}
			}
		}
	}
}

func itemFields(e *encode.Encoder, dst []encode.Field, i itemOf) []encode.Field {
	return e.ItemFields(dst, i.action, i.item)
}
