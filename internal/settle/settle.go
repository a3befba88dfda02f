// Package settle finds the invoices that have actions, adjustments and other entries
// (docs/rules.md, section 12).
package settle

import (
	"iter"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Source reads the settlements of partners, and when conversions were accepted. A
// [store.StatementReader] is one.
type Source interface {
	Settlements(partner int64, at time.Time) (invoice.Settlements, error)
	Accepted(action int64) (time.Time, error)
}

// Finder finds invoices as they were at an instant. It reads the settlements of each partner
// once.
type Finder struct {
	source    Source
	reference *program.Reference
	at        time.Time
	partners  map[int64]invoice.Settlements
}

// NewFinder returns a Finder for an account with reference data, which must be prepared.
func NewFinder(source Source, reference *program.Reference, at time.Time) *Finder {
	return &Finder{source, reference, at, make(map[int64]invoice.Settlements)}
}

// settlements returns the settlements of a partner.
func (f *Finder) settlements(partner int64) (invoice.Settlements, error) {
	found, read := f.partners[partner]
	if read {
		return found, nil
	}
	found, err := f.source.Settlements(partner, f.at)
	if err == nil {
		f.partners[partner] = found
	}
	return found, err
}

// Entry returns the invoice of an entry with a date. It is zero if there is none.
func (f *Finder) Entry(partner int64, date time.Time) (invoice.Settlement, error) {
	all, err := f.settlements(partner)
	found, _ := all.Find(date)
	return found, err
}

// Status returns the status of the invoice that has the payout of an action, or "". It reads
// nothing for an action that is not locked.
func (f *Finder) Status(a ledger.Action) (invoice.Status, error) {
	if a.State(f.at) != ledger.Approved {
		return "", nil
	}
	clearing := f.reference.ClearingDate(a.Terms, a.LockingDate)
	found, err := f.Entry(a.Partner, program.Later(clearing, a.Created))
	if err != nil || !a.Created.After(clearing) {
		return found.Status, err
	}
	// The conversion was accepted before it was applied, which matters only if a period ended
	// in the meantime.
	if earliest, err := f.Entry(a.Partner, clearing); err != nil || earliest.ID == found.ID {
		return found.Status, err
	}
	accepted, err := f.source.Accepted(a.ID.Number)
	if err != nil {
		return "", err
	}
	found, err = f.Entry(a.Partner, program.Later(clearing, accepted))
	return found.Status, err
}

// Action is an action with the status of the invoice that has its payout.
type Action struct {
	ledger.Action
	Status invoice.Status
}

// Actions returns actions with the statuses of their invoices.
func (f *Finder) Actions(all iter.Seq2[ledger.Action, error]) iter.Seq2[Action, error] {
	return each(all, func(a ledger.Action) (Action, error) {
		status, err := f.Status(a)
		return Action{a, status}, err
	})
}

// Adjustment is an adjustment with the invoice that has it, or zero.
type Adjustment struct {
	store.AdjustmentView
	Invoice invoice.ID
}

// Adjustments returns adjustments with their invoices.
func (f *Finder) Adjustments(all iter.Seq2[store.AdjustmentView, error]) iter.Seq2[Adjustment, error] {
	return each(all, func(d store.AdjustmentView) (Adjustment, error) {
		found, err := f.Entry(d.Partner, d.Effective)
		return Adjustment{d, found.ID}, err
	})
}

// Entry is an entry with the invoice that has it, or zero.
type Entry struct {
	invoice.Entry
	Invoice invoice.ID
}

// Entries returns entries with their invoices.
func (f *Finder) Entries(all iter.Seq2[invoice.Entry, error]) iter.Seq2[Entry, error] {
	return each(all, func(e invoice.Entry) (Entry, error) {
		found, err := f.Entry(e.Partner, e.Date)
		return Entry{e, found.ID}, err
	})
}

// each returns the values of all that convert returns.
func each[T, V any](all iter.Seq2[T, error], convert func(T) (V, error)) iter.Seq2[V, error] {
	return func(yield func(V, error) bool) {
		for t, err := range all {
			var v V
			if err == nil {
				v, err = convert(t)
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}

// Narrow narrows a filter of entries, by partner and date, to those on an invoice. It reports
// whether the filter can match any. The zero id changes nothing.
func (f *Finder) Narrow(id invoice.ID, partner *int64, dates *search.TimeRange) (matches bool, err error) {
	if id == (invoice.ID{}) {
		return true, nil
	}
	if *partner != 0 && *partner != id.Partner {
		return false, nil
	}
	all, err := f.settlements(id.Partner)
	if err != nil {
		return false, err
	}
	start, end, found := all.Range(id)
	if !found {
		return false, nil
	}
	*partner = id.Partner
	if start.After(dates.Start) {
		dates.Start = start
	}
	if dates.End.IsZero() || end.Before(dates.End) {
		dates.End = end
	}
	return dates.Start.Before(dates.End), nil
}
