package oracle

import (
	"slices"

	"github.com/trueup-ledger/trueup/ledger"
)

func (o *Oracle) undo(s ledger.Submission, u ledger.Undo, t ledger.ApplyContext) Verdict {
	undone, found := o.effects[u.Submission]
	if !found {
		return rejected(ledger.CodeActionNotFound)
	}
	at := slices.IndexFunc(o.Actions, func(a Action) bool { return a.ID == undone.after.ID })
	before := o.Actions[at]
	after := before.clone()
	unchangedSince := after.restore(undone)
	switch {
	case nanos(s.Accepted) >= before.State.Locking:
		return rejected(ledger.CodeActionLocked)
	case !unchangedSince, before.stale(u.Expected):
		return rejected(ledger.CodeStaleAction)
	case before.limitReached(o.history.At(s.Accepted)):
		return rejected(ledger.CodeLimitReached)
	}
	return finishPriced(o.history.At(s.Accepted), s, t, before, after, "UNDO")
}

// restore returns the values that the undone submission changed to those from before
// it, payouts aside. It reports whether all of them are still as that submission
// left them.
func (a *Action) restore(undone effect) (unchanged bool) {
	unchanged = true
	for i := range undone.after.Items {
		before, after := undone.before.Items[i].Now.withoutPayout(), undone.after.Items[i].Now.withoutPayout()
		if before == after {
			continue
		}
		unchanged = unchanged && a.Items[i].Now.withoutPayout() == after
		before.Payout = a.Items[i].Now.Payout
		a.Items[i].Now = before
	}
	if before, after := undone.before.State.CustomerStatus, undone.after.State.CustomerStatus; before != after {
		unchanged = unchanged && a.State.CustomerStatus == after
		a.State.CustomerStatus = before
	}
	if before, after := undone.before.State.ReversedWhole, undone.after.State.ReversedWhole; before != after {
		unchanged = unchanged && a.State.ReversedWhole == after
		a.State.ReversedWhole = before
	}
	return unchanged
}
