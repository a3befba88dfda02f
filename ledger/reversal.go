package ledger

import "slices"

func (v Reversal) decide(w World, s Submission, t Turn) (Change, error) {
	r, err := revise(w, s, t, v.Address)
	if err != nil {
		return Change{}, err
	}
	r.reason = v.Reason
	effect, _ := r.eventType.effect(v.Reason)
	if effect != EffectReject && !slices.Contains(reversalReasons, v.Reason) {
		return Change{}, refuse(CodeReasonNotAllowed, "DispositionCode",
			"%q is no reason for a reversal of an action of event type %d.", v.Reason, r.eventType.ID)
	}
	if err := r.admit(demand{expected: v.Expected, passesReversed: true, uncapped: true}); err != nil {
		return Change{}, err
	}
	if effect == EffectReject {
		r.reject(v.Reason)
	} else {
		r.reverseWhole()
	}
	return r.finishUnpriced()
}
