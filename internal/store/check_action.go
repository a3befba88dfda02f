package store

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/trueup-ledger/trueup/ledger"
)

// action checks one action against its items, its updates and its submissions.
func (c *check) action(a ledger.Action, u *feed) error {
	subject := "action " + a.ID.String()
	if err := c.sums(a, subject); err != nil {
		return err
	}
	t := trail{sums: make([]ledger.Totals, len(a.Items))}
	for ; u.of(a.ID.Number); u.pull() {
		if err := c.update(a, &t, u.Update); err != nil {
			return err
		}
	}
	if u.err != nil {
		return u.err
	}
	for i, item := range a.Items {
		is := ledger.Totals{Amount: item.Amount, Payout: item.Payout}
		if err := c.law(2, t.sums[i] == is, subject, "the updates of item %q add up to %d and %d, it has %d and %d",
			item.SKU, t.sums[i].Amount, t.sums[i].Payout, is.Amount, is.Payout); err != nil {
			return err
		}
	}
	return errors.Join(
		c.law(6, a.Last == t.last, subject, "its last update is %d, the last in the trace %d", a.Last.Number, t.last.Number),
		c.law(4, t.tracked.Number != 0, subject, "its conversion wrote no update"),
		c.replay(a, t, subject),
	)
}

// sums checks the first law and the fifth.
func (c *check) sums(a ledger.Action, subject string) error {
	var sum ledger.Totals
	positive, reversed := a.ClientCost >= 0, true
	for _, i := range a.Items {
		sum.Amount += i.Amount
		sum.Payout += i.Payout
		reversed = reversed && i.Quantity == 0
		positive = positive && i.Quantity >= 0 && i.Amount >= 0 && i.Payout >= 0 && i.Rebate >= 0 && i.Line.Amount >= 0
	}
	return errors.Join(
		c.law(1, sum == a.Totals, subject, "has %d and %d, its items add up to %d and %d", a.Amount, a.Payout, sum.Amount, sum.Payout),
		c.law(1, reversed == a.Reversed && len(a.Items) > 0, subject, "is reversed: %t, its items: %t", a.Reversed, reversed),
		c.law(5, positive, subject, "an amount, a quantity or a payout is below zero"),
	)
}

// trail is what an action's updates show.
type trail struct {
	sums []ledger.Totals
	// last is the link of the newest update, tracked of the conversion's newest.
	last, tracked ledger.ChainPosition
	at            int64
	// submission is that of the newest.
	submission int64
}

// update checks an update's place in the chain and adds it up.
func (c *check) update(a ledger.Action, t *trail, u ledger.Update) error {
	subject := "update " + u.ID().String()
	if u.Submission != t.submission {
		t.submission = u.Submission
		c.traced++
	}
	if u.Item < 0 || u.Item >= len(a.Items) {
		return c.law(2, false, subject, "its action has no item %d", u.Item)
	}
	if err := errors.Join(
		c.law(6, u.Previous == t.last.Hash, subject, "does not follow update %d", t.last.Number),
		c.law(6, u.Hash == u.Sum(), subject, "was changed"),
		c.law(6, u.Number <= c.counters.LastUpdate, subject, "no such number was given yet"),
		c.law(6, u.At.UnixMicro() >= t.at, subject, "is older than the one before it"),
		c.law(5, u.Quantity >= 0, subject, "has a quantity below zero"),
	); err != nil {
		return err
	}
	t.sums[u.Item].Amount += u.Delta.Amount
	t.sums[u.Item].Payout += u.Delta.Payout
	t.last, t.at = u.ChainPosition, u.At.UnixMicro()
	if u.Submission == a.ID.Number {
		t.tracked = u.ChainPosition
	}
	return nil
}

// replay checks the third law. The last link compares all updates as well: the
// hash of the newest is over those before it.
func (c *check) replay(a ledger.Action, t trail, subject string) error {
	tracked, err := a.AsTracked(t.tracked)
	if err != nil {
		return c.law(3, false, subject, "its tracked items have no sums: %v", err)
	}
	var broken error
	is, err := Replay(tracked, c.ledger.Steps(a.ID.Number), c.ledger.Reference, c.decide,
		func(s Step, _ ledger.Action, is ledger.Change) bool {
			broken = c.law(3, len(is.Updates) > 0 && is.Basis == s.Judged, subject,
				"submission %d applied again changes nothing, or is judged by something else", s.Number)
			return broken == nil
		})
	switch {
	case broken != nil:
		return broken
	case errors.Is(err, ErrNotRepeated):
		return c.law(3, false, subject, "its submissions cannot be applied again: %v", err)
	case err != nil:
		return err
	}
	return c.law(3, reflect.DeepEqual(is, a), subject, "its submissions applied again give another state: %s", difference(is, a))
}

// difference names the first field in which two actions differ.
func difference(is, stored ledger.Action) string {
	v, w := reflect.ValueOf(is), reflect.ValueOf(stored)
	for i := range v.NumField() {
		if f, g := v.Field(i).Interface(), w.Field(i).Interface(); !reflect.DeepEqual(f, g) {
			return fmt.Sprintf("%s %+v, stored %+v", v.Type().Field(i).Name, f, g)
		}
	}
	return "none"
}
