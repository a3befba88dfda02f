package ledger

import (
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// record returns the updates that describe the amendment and appends them to the action's
// chain. Each changed item gets one, with the amendment's reason. If only its payout
// changed, and not by a RESET, the reason is [DispositionRecalc]. An amendment of the
// action alone is recorded as an update of the first item, with zero deltas.
func (m *amendment) record(terms program.Terms, groups []int64) []Update {
	chain := newChain(m.decision, &m.after, terms)
	if groups == nil { // nothing was priced
		groups = make([]int64, len(m.after.Items))
	}
	if m.changesActionOnly() {
		chain.add(0, m.reason, Totals{}, groups[0])
	}
	for i := range m.after.Items {
		before, after := m.before.Items[i].ItemState, &m.after.Items[i]
		disposition := m.reason
		switch {
		case before == after.ItemState:
			continue
		case m.reason != ReasonReset && equalExceptPayout(before, after.ItemState):
			disposition = DispositionRecalc
		}
		after.Adjusted, after.AdjustmentReason = m.context.At, disposition
		chain.add(i, disposition, Totals{Amount: after.Amount - before.Amount, Payout: after.Payout - before.Payout}, groups[i])
	}
	return chain.updates
}

// changesActionOnly reports whether no item changed, except by a recalculated payout.
func (m *amendment) changesActionOnly() bool {
	for i := range m.after.Items {
		before, after := m.before.Items[i].ItemState, m.after.Items[i].ItemState
		if before != after && (m.reason == ReasonReset || !equalExceptPayout(before, after)) {
			return false
		}
	}
	return true
}

// equalExceptPayout reports whether two states are equal in all but their payouts.
func equalExceptPayout(before, after ItemState) bool {
	before.Payout = after.Payout
	return before == after
}

// chain appends updates to an action's hash chain.
type chain struct {
	action  *Action
	next    Update
	updates []Update
}

func newChain(d decision, a *Action, terms program.Terms) *chain {
	var rate money.Decimal
	if terms.Default.Rate != nil {
		rate = *terms.Default.Rate
	}
	next := Update{
		ChainPosition: ChainPosition{Number: d.context.Update}, Action: a.ID, Submission: d.submission.Number,
		At: d.context.At, Terms: terms.TermsKey, Level: terms.Level, Rate: rate,
	}
	return &chain{action: a, next: next}
}

// add appends the update of the item with index i.
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
