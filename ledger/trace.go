package ledger

import "github.com/trueup-ledger/trueup/money"

// trace writes what happened to each item, marks the items with it and links the
// updates into the action's chain. An item that the submission changed bears its
// reason; one whose payout alone moved was recalculated; a submission that
// changed only the action itself shows on the first item, with zero deltas.
func (r *amendment) trace(terms Terms, groups []int64) []Update {
	chain := newChain(r.submission, r.turn, &r.after, terms)
	if groups == nil { // nothing was priced
		groups = make([]int64, len(r.after.Items))
	}
	if r.ofActionAlone() {
		chain.add(0, r.reason, Totals{}, groups[0])
	}
	for i := range r.after.Items {
		was, is := r.before.Items[i].ItemState, &r.after.Items[i]
		disposition := r.reason
		switch {
		case was == is.ItemState:
			continue
		case r.reason != ReasonReset && onlyPayout(was, is.ItemState):
			disposition = DispositionRecalc
		}
		is.Adjusted, is.AdjustmentReason = r.turn.At, disposition
		chain.add(i, disposition, Totals{Amount: is.Amount - was.Amount, Payout: is.Payout - was.Payout}, groups[i])
	}
	return chain.updates
}

// ofActionAlone reports whether nothing of any item changed but payouts.
func (r *amendment) ofActionAlone() bool {
	for i := range r.after.Items {
		was, is := r.before.Items[i].ItemState, r.after.Items[i].ItemState
		if was != is && (r.reason == ReasonReset || !onlyPayout(was, is)) {
			return false
		}
	}
	return true
}

func onlyPayout(was, is ItemState) bool {
	was.Payout = is.Payout
	return was == is
}

// chain appends updates to an action.
type chain struct {
	action  *Action
	next    Update
	updates []Update
}

func newChain(s Submission, t ApplyContext, a *Action, terms Terms) *chain {
	var rate money.Decimal
	if terms.Default.Rate != nil {
		rate = *terms.Default.Rate
	}
	next := Update{
		ChainPosition: ChainPosition{Number: t.Update}, Action: a.ID, Submission: s.Number, At: t.At,
		Terms: terms.TermsKey, Level: terms.Level, Rate: rate,
	}
	return &chain{action: a, next: next}
}

func (c *chain) add(i int, disposition string, delta Totals, group int64) {
	item := c.action.Items[i]
	u := c.next
	u.Previous = c.action.Last.Hash
	u.Item, u.SKU, u.Disposition, u.Category, u.Quantity = i, item.SKU, disposition, item.Category, item.Quantity
	u.Delta, u.Group = delta, group
	u.Hash = u.Sum()
	c.action.Last = u.ChainPosition
	c.next.Number++
	c.updates = append(c.updates, u)
}
