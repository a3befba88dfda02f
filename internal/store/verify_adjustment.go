package store

import (
	"fmt"
	"iter"

	"github.com/trueup-ledger/trueup/ledger"
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

// verifyAdjustments checks that the adjustments of an action continue its chain, follow from
// each other, and leave each item worth no more than in the locked action.
func (v *verifier) verifyAdjustments(a ledger.Action, t *trail, f *adjustmentFeed) error {
	last, at, submission := a.Last, t.at, int64(0)
	payout := a.Payout
	lines := make([]ledger.Line, len(a.Items))
	for i, item := range a.Items {
		lines[i] = ledger.Line{Amount: item.Amount, Quantity: item.Quantity}
	}
	for ; f.more && f.err == nil && f.Action.Number == a.ID.Number; f.advance() {
		d, subject := f.Adjustment, "adjustment "+f.ID().String()
		if submission != d.Submission && submission != 0 {
			if err := v.check(10, payout <= a.Payout, subject, "follows adjustments that leave a larger payout than the action had when it locked"); err != nil {
				return err
			}
		}
		if d.Submission != submission {
			submission = d.Submission
			v.updating++
		}
		v.lastUpdate = max(v.lastUpdate, d.Number)
		if d.Item < 0 || d.Item >= len(a.Items) {
			return v.check(10, false, subject, "its action has no item %d", d.Item)
		}
		hash := d.Hash
		d.Follow(last.Hash)
		most := a.Items[d.Item]
		for _, c := range []struct {
			law     int
			holds   bool
			problem string
		}{
			{6, d.Number <= v.positions.Counters.LastUpdate, "has a number that was not assigned yet"},
			{6, d.Number > last.Number && d.At.UnixMicro() >= at, "is older than the record before it"},
			{6, d.Hash == hash, "was changed, or a record before it"},
			{10, !d.At.Before(a.LockingDate), "was applied before the action locked"},
			{10, d.From == lines[d.Item], "does not begin where the one before it ends"},
			{
				10, 0 <= d.To.Quantity && d.To.Quantity <= most.Quantity && 0 <= d.To.Amount && d.To.Amount <= most.Amount,
				"leaves a quantity or amount below zero or above that of the locked item",
			},
		} {
			if err := v.check(c.law, c.holds, subject, "%s", c.problem); err != nil {
				return err
			}
		}
		last, at, lines[d.Item] = d.ChainPosition, d.At.UnixMicro(), d.To
		payout += d.Payout
		t.adjustments.addAdjustment(d)
	}
	if f.err != nil {
		return f.err
	}
	return v.check(10, 0 <= payout && payout <= a.Payout, "action "+a.ID.String(), "its adjustments leave a payout of %d in minor units, and it had %d when it locked", payout, a.Payout)
}

// concat returns steps that continue with others.
func concat(steps, more Steps) Steps {
	return func(yield func(Step, error) bool) {
		for _, sequence := range []Steps{steps, more} {
			for step, err := range sequence {
				if !yield(step, err) {
					return
				}
			}
		}
	}
}
