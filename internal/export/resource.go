package export

import (
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/query"
	"github.com/trueup-ledger/trueup/ledger"
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
	// List is the path of the list whose filter the export has, below the account.
	List string
	// Summary completes "Export ".
	Summary string
	// Scope is the resource of the scope that a token needs.
	Scope store.Resource

	columns []Column
	decode  func(p *wire.Params, env wire.Env) (Export, error)
}

// Resources lists every Resource. A new one is an entry here.
var Resources = []Resource{
	newResource(Resource{Name: "Actions", List: "/Actions", Summary: "actions without their items", Scope: store.ResourceActions},
		query.DecodeActionExport, actions, (*encode.Encoder).ActionFields),
	newResource(Resource{Name: "Items", List: "/Actions", Summary: "the items of actions", Scope: store.ResourceActions},
		query.DecodeActionExport, items, itemFields),
	newResource(Resource{Name: "Updates", List: "/ActionUpdates", Summary: "updates of actions", Scope: store.ResourceUpdates},
		query.DecodeActionExport, updates, updateFields),
	newResource(Resource{Name: "Adjustments", List: "/Adjustments", Summary: "adjustments of locked actions", Scope: store.ResourceUpdates},
		query.DecodeAdjustmentExport, adjustments, adjustmentFields),
	newResource(Resource{Name: "Payouts", List: "/Actions", Summary: "payouts per partner and month, by currency and state", Scope: store.ResourceActions},
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
		columns := r.columns
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
		}}, err
	}
	return r
}

func actions(r store.ExportReader, _ *encode.Encoder, f search.ActionFilter) iter.Seq2[ledger.Action, error] {
	return r.ExportActions(f, false)
}

func updates(r store.ExportReader, _ *encode.Encoder, f search.ActionFilter) iter.Seq2[store.UpdateView, error] {
	return r.ExportUpdates(f)
}

func updateFields(e *encode.Encoder, dst []encode.Field, u store.UpdateView) []encode.Field {
	return e.UpdateFields(dst, u.Update, u.Parent)
}

func adjustments(r store.ExportReader, _ *encode.Encoder, f search.AdjustmentFilter) iter.Seq2[store.AdjustmentView, error] {
	return r.ExportAdjustments(f)
}

func adjustmentFields(e *encode.Encoder, dst []encode.Field, d store.AdjustmentView) []encode.Field {
	return e.AdjustmentFields(dst, d.Adjustment, d.Partner, string(d.SubmissionID))
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
