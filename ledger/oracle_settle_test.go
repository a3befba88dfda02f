package ledger_test

import (
	"slices"

	"github.com/trueup-ledger/trueup/ledger"
)

func (o *oracle) undo(s ledger.Submission, u ledger.Undo, t ledger.ApplyContext) verdict {
	made, found := o.made[u.Submission]
	if !found {
		return refused(ledger.CodeActionNotFound)
	}
	at := slices.IndexFunc(o.actions, func(a oracleAction) bool { return a.ID == made.is.ID })
	was := o.actions[at]
	is := was.clone()
	fresh := true
	for i := range made.is.Items {
		before, after := made.was.Items[i].Now.facts(), made.is.Items[i].Now.facts()
		if before == after {
			continue
		}
		fresh = fresh && was.Items[i].Now.facts() == after
		before.Payout = was.Items[i].Now.Payout
		is.Items[i].Now = before
	}
	if before, after := made.was.Head.CustomerStatus, made.is.Head.CustomerStatus; before != after {
		fresh = fresh && was.Head.CustomerStatus == after
		is.Head.CustomerStatus = before
	}
	if before, after := made.was.Head.ReversedWhole, made.is.Head.ReversedWhole; before != after {
		fresh = fresh && was.Head.ReversedWhole == after
		is.Head.ReversedWhole = before
	}
	ref := o.history.at(s.Accepted)
	switch {
	case stamp(s.Accepted) >= was.Head.Locking:
		return refused(ledger.CodeActionLocked)
	case !fresh, stale(was, u.Expected):
		return refused(ledger.CodeStaleAction)
	case was.full(ref):
		return refused(ledger.CodeLimitReached)
	}
	return settlePriced(ref, s, t, was, is, "UNDO")
}

// settlePriced prices the action again if something changed.
func settlePriced(ref *ledger.Reference, s ledger.Submission, t ledger.ApplyContext, was, is oracleAction, reason string) verdict {
	items, head := changedFacts(was, is)
	if len(items) == 0 && !head {
		return verdict{Action: was}
	}
	is.sum()
	if !fits(is.Amount, is.Currency) {
		return refused(ledger.CodeAmountTooLarge)
	}
	terms := termsOfModification(ref, is, s.Accepted)
	groups, ok := is.price(terms, ref.Campaigns[is.ID.Campaign].FeeRate)
	if !ok {
		return refused(ledger.CodeAmountTooLarge)
	}
	v := trace(was, is, items, reason, t)
	v.Terms = terms.TermsKey
	for i := range v.Updates {
		v.Updates[i].Terms, v.Updates[i].Group = terms.TermsKey, groups[v.Updates[i].Item]
	}
	return v
}

// settleReversed ends a reversal of the whole action: nothing is left to price.
func settleReversed(was, is oracleAction, reason string, t ledger.ApplyContext) verdict {
	items, _ := changedFacts(was, is)
	is.sum()
	return trace(was, is, items, reason, t)
}

// settleReset returns everything to what was tracked, the payouts too.
func settleReset(was, is oracleAction, t ledger.ApplyContext) verdict {
	var items []int
	for i := range is.Items {
		is.Items[i].Now = is.Items[i].Tracked
		if is.Items[i].Now != was.Items[i].Now {
			items = append(items, i)
		}
	}
	is.Head = is.Tracked
	if len(items) == 0 && is.Head == was.Head {
		return verdict{Action: was}
	}
	is.sum()
	return trace(was, is, items, "RESET", t)
}

// trace writes the updates: the touched items', or one for the action itself,
// and those of items whose payout changed by itself.
func trace(was, is oracleAction, touched []int, reason string, t ledger.ApplyContext) verdict {
	var updates []oracleUpdate
	if len(touched) == 0 {
		updates = append(updates, updateOf(is, 0, reason))
	}
	for i := range is.Items {
		item := &is.Items[i]
		why := "RECALC_COMM"
		if slices.Contains(touched, i) {
			why = reason
		} else if item.Now.Payout == was.Items[i].Now.Payout {
			continue
		}
		item.Adjusted, item.Reason = stamp(t.At), why
		u := updateOf(is, i, why)
		u.DeltaAmount = item.Now.Amount - was.Items[i].Now.Amount
		u.DeltaPayout = item.Now.Payout - was.Items[i].Now.Payout
		updates = append(updates, u)
	}
	is.DeltaAmount, is.DeltaPayout = is.Amount-was.Amount, is.Payout-was.Payout
	is.Modifications++
	is.Updated = stamp(t.At)
	return verdict{Action: is, Updates: updates}
}

// updateOf names the terms that tracked the action, until others price it.
func updateOf(a oracleAction, i int, reason string) oracleUpdate {
	item := a.Items[i]
	return oracleUpdate{Item: i, SKU: item.SKU, Disposition: reason, Category: item.Now.Category, Quantity: item.Now.Quantity, Terms: a.Terms}
}
