package ledger

import (
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/ledger/program"
)

// Reversal reverses an action as a whole.
type Reversal struct {
	Address
	// Reason is a predefined reason or a custom code with [program.EffectReject].
	Reason string
	// Expected is like [Modification.Expected].
	Expected UpdateID `json:",omitzero"`
	Note     string   `json:",omitzero"`
}

// Kind returns [KindReversal].
func (Reversal) Kind() Kind { return KindReversal }

// Validate returns nil. The fields of a reversal are checked when it is decided.
func (Reversal) Validate(time.Time, program.Account) []*Rejection { return nil }

func (v Reversal) decide(d decision) (Change, error) {
	m, err := newAmendment(d, v.Address)
	if err != nil {
		return Change{}, err
	}
	m.reason = v.Reason
	effect, _ := m.eventType.EffectOf(v.Reason)
	if effect != program.EffectReject && !slices.Contains(program.ReversalReasons, v.Reason) {
		return Change{}, rejectReason("DispositionCode", v.Reason, program.ReversalReasons, m.eventType,
			func(e program.Effect) bool { return e == program.EffectReject })
	}
	if err := m.check(preconditions{expected: v.Expected, allowReversed: true, unlimited: true}); err != nil {
		return Change{}, err
	}
	if effect == program.EffectReject {
		m.reverseByCode(v.Reason)
	} else {
		m.reverseAll()
	}
	return m.withoutPricing()
}
