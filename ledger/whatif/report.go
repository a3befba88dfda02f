package whatif

import (
	"cmp"
	"errors"
	"maps"
	"slices"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/money"
)

// Key identifies a line of a report.
type Key struct{ Partner, EventType int64 }

// Line holds the sums over the actions of a partner and an event type, reversed ones included.
type Line struct {
	Key
	Orders int64
	// Revenue is the sum of the amounts, Payout that of the payouts, and Tried that of the
	// payouts by the terms to try.
	Revenue, Payout, Tried money.Amount
}

// Difference returns what the terms to try would have paid in addition.
func (l Line) Difference() money.Amount { return l.Tried - l.Payout }

// Report adds up actions.
type Report struct {
	lines map[Key]*Line
	// Failed is the number of actions that the terms to try can't price, and First the first
	// of them, with the reason. The lines don't include them.
	Failed int64
	First  ids.ActionID
	Reason string
}

// ErrTooLarge reports a sum that is too large to represent.
var ErrTooLarge = errors.New("a sum over all orders is too large")

// Add adds an action and its payout by the terms to try.
func (r *Report) Add(a ledger.Action, tried money.Amount) error {
	if r.lines == nil {
		r.lines = make(map[Key]*Line)
	}
	key := Key{a.Partner, a.ID.EventType}
	line := r.lines[key]
	if line == nil {
		line = &Line{Key: key}
		r.lines[key] = line
	}
	return line.add(Line{Orders: 1, Revenue: a.Amount, Payout: a.Payout, Tried: tried})
}

// Fail counts an action that can't be priced.
func (r *Report) Fail(a ledger.Action, reason string) {
	if r.Failed++; r.Failed == 1 {
		r.First, r.Reason = a.ID, reason
	}
}

func (l *Line) add(m Line) error {
	var errs [3]error
	l.Revenue, errs[0] = l.Revenue.Plus(m.Revenue)
	l.Payout, errs[1] = l.Payout.Plus(m.Payout)
	l.Tried, errs[2] = l.Tried.Plus(m.Tried)
	if cmp.Or(errs[:]...) != nil {
		return ErrTooLarge
	}
	l.Orders += m.Orders
	return nil
}

// Lines returns the lines in the order of partners and event types.
func (r *Report) Lines() []Line {
	lines := make([]Line, 0, len(r.lines))
	for _, line := range r.lines {
		lines = append(lines, *line)
	}
	slices.SortFunc(lines, func(a, b Line) int {
		return cmp.Or(cmp.Compare(a.Partner, b.Partner), cmp.Compare(a.EventType, b.EventType))
	})
	return lines
}

// Total returns the sums over all lines.
func (r *Report) Total() (total Line, err error) {
	for line := range maps.Values(r.lines) {
		if err := total.add(*line); err != nil {
			return Line{}, err
		}
	}
	return total, nil
}
