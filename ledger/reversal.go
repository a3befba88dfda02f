package ledger

import "slices"

func (v Reversal) decide(w Lookup, s Submission, t ApplyContext) (Change, error) {
	r, err := newAmendment(w, s, t, v.Address)
	if err != nil {
		return Change{}, err
	}
	r.reason = v.Reason
	effect, _ := r.eventType.effect(v.Reason)
	if effect != EffectReject && !slices.Contains(reversalReasons, v.Reason) {
		return Change{}, reject(CodeReasonNotAllowed, "DispositionCode",
			"%q is no reason for a reversal of an action of event type %d.", v.Reason, r.eventType.ID)
	}
	if err := r.check(preconditions{expected: v.Expected, passesReversed: true, uncapped: true}); err != nil {
		return Change{}, err
	}
	if effect == EffectReject {
		r.reverseByCode(v.Reason)
	} else {
		r.reverseWhole()
	}
	return r.finishUnpriced()
}
