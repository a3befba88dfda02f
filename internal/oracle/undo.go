package oracle

import (
	"slices"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

func (o *Oracle) undo(s ledger.Submission, u ledger.Undo, t ledger.ApplyContext) Verdict {
	undone, found := o.effects[u.Submission]
	if !found {
		return rejected(rejection.CodeActionNotFound)
	}
	at := slices.IndexFunc(o.Actions, func(a Action) bool { return a.ID == undone.after.ID })
	before := o.effective(s, o.Actions[at])
	after := before.clone()
	fresh := true
	for _, p := range partsOf(undone) {
		fresh = fresh && o.lastChange(before, p) == u.Submission
		p.restore(&after, undone.before)
	}
	wholly := func(a Action) any { return a.State.ReversedWhole }
	switch {
	case nanos(s.Accepted) >= before.State.Locking && !before.late.made(u.Submission):
		return rejected(rejection.CodeActionLocked)
	case before.State.ReversedWhole && o.lastChange(before, part{value: wholly}) != u.Submission:
		return rejected(rejection.CodeActionReversed)
	case o.undone[u.Submission]:
		return rejected(rejection.CodeAlreadyUndone)
	case !fresh, before.stale(u.Expected):
		return rejected(rejection.CodeStaleAction)
	case before.limitReached(o.history.At(s.Accepted)):
		return rejected(rejection.CodeLimitReached)
	}
	v := before.late.finish(s, false, finishPriced(o.history.At(s.Accepted), s, t, before, after, "UNDO"))
	if len(v.Codes) == 0 && len(v.Updates)+len(v.Adjustments) > 0 {
		o.undone[u.Submission] = true
	}
	return v
}

// part is a part of an action that an undo restores as one.
type part struct {
	value   func(a Action) any
	restore func(a *Action, from Action)
}

// partsOf returns the parts that the submission changed.
func partsOf(e effect) (changed []part) {
	parts := []part{
		{func(a Action) any { return a.State.CustomerStatus }, func(a *Action, from Action) { a.State.CustomerStatus = from.State.CustomerStatus }},
		{func(a Action) any { return a.State.Disposition }, func(a *Action, from Action) { a.State.Disposition = from.State.Disposition }},
		{func(a Action) any { return a.State.ReversedWhole }, func(a *Action, from Action) { a.State.ReversedWhole = from.State.ReversedWhole }},
	}
	for i := range e.after.Items {
		parts = append(parts, partsOfItem(i)...)
	}
	for _, p := range parts {
		if p.value(e.before) != p.value(e.after) {
			changed = append(changed, p)
		}
	}
	return changed
}

func partsOfItem(i int) []part {
	text := func(field func(*ItemState) *string) part {
		return part{
			func(a Action) any { return *field(&a.Items[i].Now) },
			func(a *Action, from Action) { *field(&a.Items[i].Now) = *field(&from.Items[i].Now) },
		}
	}
	return []part{
		text(func(s *ItemState) *string { return &s.Name }),
		text(func(s *ItemState) *string { return &s.Category }),
		{func(a Action) any { return a.Items[i].Now.Rebate }, func(a *Action, from Action) { a.Items[i].Now.Rebate = from.Items[i].Now.Rebate }},
		{
			func(a Action) any {
				return [3]int64{a.Items[i].Now.WeightAmount, a.Items[i].Now.WeightQuantity, a.Items[i].Now.WeightOriginal}
			},
			func(a *Action, from Action) {
				now, old := &a.Items[i].Now, from.Items[i].Now
				now.WeightAmount, now.WeightQuantity, now.WeightOriginal = old.WeightAmount, old.WeightQuantity, old.WeightOriginal
			},
		},
		{
			func(a Action) any {
				s := a.Items[i].Now
				return [7]any{s.Quantity, s.Amount, s.LineAmount, s.LineQuantity, s.Original, s.LineOriginal, s.Converted}
			},
			func(a *Action, from Action) {
				now, old := &a.Items[i].Now, from.Items[i].Now
				now.Quantity, now.Amount, now.LineAmount, now.LineQuantity = old.Quantity, old.Amount, old.LineAmount, old.LineQuantity
				now.Original, now.LineOriginal, now.Converted = old.Original, old.LineOriginal, old.Converted
			},
		},
	}
}

// lastChange returns the number of the last submission that changed the part of the action.
func (o *Oracle) lastChange(a Action, p part) (last int64) {
	for number, e := range o.effects {
		if e.after.ID == a.ID && number > last && p.value(e.before) != p.value(e.after) {
			last = number
		}
	}
	return last
}
