package oracle

import (
	"slices"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// finishPriced prices the action again if the submission changed it.
func finishPriced(ref *program.Reference, s ledger.Submission, t ledger.ApplyContext, before, after Action, reason string) Verdict {
	items, action := changes(before, after)
	if len(items) == 0 && !action {
		return Verdict{Action: before}
	}
	after.sum()
	if !fits(after.Amount, after.Currency) || !after.originalFits() {
		return rejected(rejection.CodeAmountTooLarge)
	}
	if !repriced(before, after) {
		return trace(before, after, items, reason, t)
	}
	terms, groups, ok := after.priceAgain(ref, s)
	if !ok {
		return rejected(rejection.CodeAmountTooLarge)
	}
	v := trace(before, after, items, reason, t)
	v.Terms = terms.TermsKey
	for i := range v.Updates {
		v.Updates[i].Terms, v.Updates[i].Group = terms.TermsKey, groups[v.Updates[i].Item]
	}
	return v
}

// repriced reports whether something changed that a modification prices the action for.
func repriced(before, after Action) bool {
	for i, item := range after.Items {
		was := before.Items[i].Now
		if item.Now.Quantity != was.Quantity || item.Now.Amount != was.Amount || item.Now.Category != was.Category {
			return true
		}
	}
	return after.State.CustomerStatus != before.State.CustomerStatus
}

// finishReversed finishes a reversal of the whole action, which is not priced.
func finishReversed(before, after Action, reason string, t ledger.ApplyContext) Verdict {
	items, _ := changes(before, after)
	after.sum()
	return trace(before, after, items, reason, t)
}

// finishReset returns the action and its items to their tracked states, payouts
// included.
func finishReset(before, after Action, t ledger.ApplyContext) Verdict {
	var items []int
	same := true
	for i := range after.Items {
		after.Items[i].Now = after.Items[i].Tracked
		if after.Items[i].Now.withoutWeight() != before.Items[i].Now.withoutWeight() {
			items = append(items, i)
		}
		same = same && after.Items[i].Now == before.Items[i].Now
	}
	after.State = after.Tracked
	if same && after.State == before.State {
		return Verdict{Action: before}
	}
	after.sum()
	return trace(before, after, items, "RESET", t)
}

// trace writes the updates: one for each changed item, or one for the action if no
// item changed, and one for each item of which only the payout changed.
func trace(before, after Action, changed []int, reason string, t ledger.ApplyContext) Verdict {
	var updates []Update
	if len(changed) == 0 {
		updates = append(updates, updateOf(after, 0, reason))
	}
	for i := range after.Items {
		item := &after.Items[i]
		disposition := "RECALC_COMM"
		if slices.Contains(changed, i) {
			disposition = reason
		} else if item.Now.Payout == before.Items[i].Now.Payout {
			continue
		}
		item.Adjusted, item.Reason = nanos(t.At), disposition
		u := updateOf(after, i, disposition)
		u.DeltaAmount = item.Now.Amount - before.Items[i].Now.Amount
		u.DeltaPayout = item.Now.Payout - before.Items[i].Now.Payout
		updates = append(updates, u)
	}
	after.DeltaAmount, after.DeltaPayout = after.Amount-before.Amount, after.Payout-before.Payout
	after.Modifications++
	after.reported = false
	after.Updated = nanos(t.At)
	return Verdict{Action: after, Updates: updates}
}

// updateOf returns an update of the item with zero deltas and the terms that
// tracked the action.
func updateOf(a Action, i int, reason string) Update {
	item := a.Items[i]
	return Update{Item: i, SKU: item.SKU, Disposition: reason, Category: item.Now.Category, Quantity: item.Now.Quantity, Terms: a.Terms}
}
