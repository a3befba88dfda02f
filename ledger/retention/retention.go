// Package retention decides from when settled actions may be removed (docs/rules.md, section 13).
package retention

import (
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Action is an action with what decides from when it may be removed.
type Action struct {
	ledger.Action
	// LastAccepted is when the last submission about the action was accepted.
	LastAccepted time.Time
	// Entries are those of the action and of its adjustments that exist.
	Entries []invoice.Entry
}

// Books are what became of a partner's entries.
type Books struct {
	Settlements invoice.Settlements
	// WriteOffs are the dates of the partner's write-offs, in ascending order.
	WriteOffs []time.Time
}

// From returns the local midnight from which an action may be removed that stays for a number of
// days after it is settled. It reports false while an entry is neither paid nor written off. An
// entry of amount 0 needs neither. The reference data must be prepared.
func From(a Action, b Books, days int, r *program.Reference) (from time.Time, settled bool) {
	zone := r.Zone()
	last := program.Later(a.LastAccepted, program.Later(a.LockingDate, r.ClearingDate(a.Terms, a.LockingDate)))
	if terms := r.TermsVersion(a.Terms); terms.LateReturns > 0 {
		last = program.Later(last, terms.AdjustableUntil(a.LockingDate, zone))
	}
	for _, e := range a.Entries {
		at, settled := b.settled(e, zone)
		if !settled {
			return time.Time{}, false
		}
		last = program.Later(last, at)
	}
	year, month, day := last.In(zone).Date()
	return program.Midnight(year, month, day+days, zone), true
}

// settled returns when an entry was paid or written off, and reports whether it was.
func (b Books) settled(e invoice.Entry, zone *time.Location) (at time.Time, settled bool) {
	if e.Amount == 0 {
		return e.Date, true
	}
	if s, invoiced := b.Settlements.Find(e.Date); invoiced {
		return s.Paid, !s.Paid.IsZero()
	}
	for _, at := range b.WriteOffs { // a write-off balances what closed periods carried
		if e.Date.Before(program.MonthOf(at, zone).Start(zone)) {
			return at, true
		}
	}
	return time.Time{}, false
}
