package oracle

import (
	"slices"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

func (o *Oracle) reversal(s ledger.Submission, r ledger.Reversal, t ledger.ApplyContext) Verdict {
	before, code := o.find(r.Address)
	if code != "" {
		return rejected(code)
	}
	effect := effectOf(o.history.At(s.Accepted), before, r.Reason)
	before = o.effective(s, before)
	switch {
	case effect != program.EffectReject && !slices.Contains(reversalReasons, r.Reason):
		return rejected(rejection.CodeReasonNotAllowed)
	case nanos(s.Accepted) >= before.State.Locking && before.late == nil:
		return rejected(rejection.CodeActionLocked)
	case before.stale(r.Expected):
		return rejected(rejection.CodeStaleAction)
	case before.State.ReversedWhole && before.everyItemReversed():
		return before.late.finish(s, false, Verdict{Action: before})
	}
	after := before.clone()
	after.reverseWhole()
	if effect == program.EffectReject && before.late == nil {
		after.State.Disposition = r.Reason
	}
	return before.late.finish(s, false, finishReversed(before, after, r.Reason, t))
}

// reverseByModification reverses the action, and applies the customer status or the
// custom code that the modification has beside it.
func reverseByModification(s ledger.Submission, m ledger.Modification, before Action, effect program.Effect, t ledger.ApplyContext) Verdict {
	after := before.clone()
	if before.State.ReversedWhole && before.everyItemReversed() {
		return Verdict{Action: before}
	}
	after.reverseWhole()
	if effect != "" && before.late == nil {
		after.State.Disposition = m.Reason
	}
	if m.CustomerStatus != nil {
		after.State.CustomerStatus = *m.CustomerStatus
	}
	if effect == program.EffectApprove {
		after.State.Locking, after.State.OpenEnded = nanos(s.Accepted), false
	}
	return finishReversed(before, after, m.Reason, t)
}

func (a *Action) reverseWhole() {
	for i := range a.Items {
		now := &a.Items[i].Now
		now.reverse()
		now.Payout = 0
	}
	a.State.ReversedWhole = true
}
