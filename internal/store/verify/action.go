package verify

import (
	"errors"

	"github.com/trueup-ledger/trueup/internal/store/replay"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/money"
)

// verifyAction checks an action against its items, its updates, its adjustments and its
// submissions.
func (v *verifier) verifyAction(a ledger.Action, updates *updateFeed, adjustments *adjustmentFeed, conversion *replay.Step) error {
	subject := "action " + a.ID.String()
	if err := v.verifyTotals(a, subject); err != nil {
		return err
	}
	t := trail{sums: make([]ledger.Totals, len(a.Items))}
	for ; updates.isOf(a.ID.Number); updates.advance() {
		if err := v.verifyUpdate(a, &t, updates.Update); err != nil {
			return err
		}
	}
	if updates.err != nil {
		return updates.err
	}
	if err := v.verifyAdjustments(a, &t, adjustments); err != nil {
		return err
	}
	if conversion != nil {
		if err := v.expectEntry(a, conversion.Accepted); err != nil {
			return err
		}
	}
	for i, item := range a.Items {
		totals := ledger.Totals{Amount: item.Amount, Payout: item.Payout}
		if err := v.check(2, t.sums[i] == totals, subject, "the updates of item %q add up to an amount of %d and a payout of %d in minor units, the item has %d and %d",
			item.SKU, t.sums[i].Amount, t.sums[i].Payout, totals.Amount, totals.Payout); err != nil {
			return err
		}
	}
	return errors.Join(
		v.check(6, a.Last.Number == t.last.Number, subject, "its last update is %d, the last one in the chain is %d", a.Last.Number, t.last.Number),
		v.check(6, a.Last.Hash == t.last.Hash, subject, "one of its updates was changed or is missing: they don't give the hash of the last one"),
		v.check(4, t.tracked.Number != 0, subject, "its conversion wrote no update"),
		v.verifyReplay(a, t, conversion, subject),
	)
}

// verifyTotals checks the first and the fifth law on an action and its items.
func (v *verifier) verifyTotals(a ledger.Action, subject string) error {
	var sum ledger.Totals
	var original money.Amount
	positive, reversed := a.ClientCost >= 0, true
	for _, i := range a.Items {
		sum.Amount += i.Amount
		sum.Payout += i.Payout
		original += i.Original
		reversed = reversed && i.Quantity == 0
		positive = positive && i.Quantity >= 0 && i.Amount >= 0 && i.Payout >= 0 && i.Rebate >= 0 && i.Line.Amount >= 0 && i.Original >= 0 && i.Line.Original >= 0
	}
	return errors.Join(
		v.check(1, sum == a.Totals, subject, "its amount is %d and its payout %d in minor units, its items add up to %d and %d", a.Amount, a.Payout, sum.Amount, sum.Payout),
		v.check(1, original == a.Original.Amount, subject, "its original amount is %d in minor units, its items add up to %d", a.Original.Amount, original),
		v.verifyOriginal(a, subject),
		v.check(1, reversed == a.Reversed && len(a.Items) > 0, subject, "%s", reversalProblem(a)),
		v.check(5, positive, subject, "an amount, a quantity or a payout is below zero"),
	)
}

// verifyOriginal checks that the amounts of items in the original currency and the account's
// agree.
func (v *verifier) verifyOriginal(a ledger.Action, subject string) error {
	if a.Original.Currency == "" {
		return nil
	}
	x := money.Exchange{From: a.Original.Currency, To: a.Currency, Rate: a.Original.Rate}
	var errs []error
	for _, i := range a.Items {
		errs = append(errs, v.check(1, x.Agree(i.Original, i.Amount), subject, "the amounts %s %s and %s %s of item %q differ by more than a rounding",
			x.From.Format(i.Original), x.From, x.To.Format(i.Amount), x.To, i.SKU))
	}
	return errors.Join(errs...)
}

// reversalProblem describes an action whose reversal contradicts its items.
func reversalProblem(a ledger.Action) string {
	switch {
	case len(a.Items) == 0:
		return "has no items"
	case a.Reversed:
		return "is reversed, but not all of its items are"
	default:
		return "is not reversed, but all of its items are"
	}
}

// trail summarizes the updates of an action that were read so far.
type trail struct {
	// sums holds the sums of each item's deltas.
	sums []ledger.Totals
	// last is the position of the newest update, and tracked that of the newest update
	// of the conversion.
	last, tracked ids.ChainPosition
	// at is the time of the newest update in microseconds.
	at int64
	// submission is the number of the submission that wrote the newest update.
	submission int64
	// before is the digest of what the updates replaced, and adjustments that of the
	// adjustments.
	before, adjustments beforeDigest
}

// verifyUpdate checks the position of an update in its chain and adds it to t.
func (v *verifier) verifyUpdate(a ledger.Action, t *trail, u ledger.Update) error {
	subject := "update " + u.ID().String()
	if u.Submission != t.submission {
		t.submission = u.Submission
		v.updating++
	}
	v.lastUpdate = max(v.lastUpdate, u.Number)
	if u.Item < 0 || u.Item >= len(a.Items) {
		return v.check(2, false, subject, "its action has no item %d", u.Item)
	}
	if err := errors.Join(
		v.check(6, u.Number <= v.positions.Counters.LastUpdate, subject, "has a number that was not assigned yet"),
		v.check(6, u.At.UnixMicro() >= t.at, subject, "is older than the one before it"),
		v.check(5, u.Quantity >= 0, subject, "has a quantity below zero"),
	); err != nil {
		return err
	}
	u.Follow(t.last.Hash)
	t.sums[u.Item].Amount += u.Delta.Amount
	t.sums[u.Item].Payout += u.Delta.Payout
	t.last, t.at = u.ChainPosition, u.At.UnixMicro()
	t.before.add(u)
	if u.Submission == a.ID.Number {
		t.tracked = u.ChainPosition
	}
	return nil
}
