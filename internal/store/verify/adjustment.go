package verify

import (
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/trueup-ledger/trueup/internal/store/replay"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/money"
)

// adjustmentFeed reads adjustments in step with the actions.
type adjustmentFeed struct {
	next func() (ledger.Adjustment, error, bool)
	stop func()
	ledger.Adjustment
	err  error
	more bool
}

func newAdjustmentFeed(adjustments iter.Seq2[ledger.Adjustment, error]) *adjustmentFeed {
	f := &adjustmentFeed{}
	f.next, f.stop = iter.Pull2(adjustments)
	f.advance()
	return f
}

func (f *adjustmentFeed) advance() { f.Adjustment, f.err, f.more = f.next() }

// verifyOrphanedAdjustments is verifyOrphans for adjustments.
func (v *verifier) verifyOrphanedAdjustments(f *adjustmentFeed, action int64) error {
	for ; f.err == nil && f.more && f.Action.Number < action; f.advance() {
		if err := v.check(6, false, fmt.Sprintf("adjustment %d", f.Number), "its action %d does not exist", f.Action.Number); err != nil {
			return err
		}
	}
	return f.err
}

// adjusted is the state of an action after the adjustments that were read so far.
type adjusted struct {
	last       ids.ChainPosition
	at         time.Time
	submission int64
	payout     money.Amount
	lines      []ledger.Line
}

// verifyAdjustments checks that the adjustments of an action continue its chain, follow from
// each other, and leave each item worth no more than in the locked action.
func (v *verifier) verifyAdjustments(a ledger.Action, t *trail, f *adjustmentFeed) error {
	e := adjusted{last: a.Last, at: time.UnixMicro(t.at), payout: a.Payout, lines: make([]ledger.Line, len(a.Items))}
	for i, item := range a.Items {
		e.lines[i] = ledger.Line{Amount: item.Amount, Quantity: item.Quantity}
	}
	for ; f.more && f.err == nil && f.Action.Number == a.ID.Number; f.advance() {
		if f.Submission != e.submission {
			v.updating++
			if err := v.verifyPayout(a, e.payout); err != nil {
				return err
			}
		}
		if err := v.verifyAdjustment(a, &e, f.Adjustment); err != nil {
			return err
		}
		t.adjustments.addAdjustment(f.Adjustment)
		v.entries.add(f.Adjustment.Entry(a))
	}
	if f.err != nil {
		return f.err
	}
	return v.verifyPayout(a, e.payout)
}

// verifyPayout checks the payout of an action after the adjustments of a submission.
func (v *verifier) verifyPayout(a ledger.Action, payout money.Amount) error {
	return v.check(10, 0 <= payout && payout <= a.Payout, "action "+a.ID.String(),
		"adjustments leave a payout of %d in minor units, and it had %d when it locked", payout, a.Payout)
}

// verifyAdjustment checks an adjustment and adds it to e.
func (v *verifier) verifyAdjustment(a ledger.Action, e *adjusted, d ledger.Adjustment) error {
	subject := "adjustment " + d.ID().String()
	v.lastUpdate = max(v.lastUpdate, d.Number)
	if d.Item < 0 || d.Item >= len(a.Items) {
		return v.check(10, false, subject, "its action has no item %d", d.Item)
	}
	hash, most := d.Hash, a.Items[d.Item]
	d.Follow(e.last.Hash)
	err := errors.Join(
		v.check(6, d.Number <= v.positions.Counters.LastUpdate, subject, "has a number that was not assigned yet"),
		v.check(6, d.Number > e.last.Number && !d.At.Before(e.at), subject, "is older than the record before it"),
		v.check(6, d.Hash == hash, subject, "was changed, or a record before it"),
		v.check(10, !d.At.Before(a.LockingDate), subject, "was applied before the action locked"),
		v.check(10, d.From == e.lines[d.Item], subject, "does not begin where the one before it ends"),
		v.check(10, 0 <= d.To.Quantity && d.To.Quantity <= most.Quantity && 0 <= d.To.Amount && d.To.Amount <= most.Amount, subject,
			"leaves a quantity or amount below zero or above that of the locked item"),
	)
	e.last, e.at, e.submission, e.lines[d.Item] = d.ChainPosition, d.At, d.Submission, d.To
	e.payout += d.Payout
	return err
}

// concat returns steps that continue with others.
func concat(steps, more replay.Steps) replay.Steps {
	return func(yield func(replay.Step, error) bool) {
		for _, sequence := range []replay.Steps{steps, more} {
			for step, err := range sequence {
				if !yield(step, err) {
					return
				}
			}
		}
	}
}
