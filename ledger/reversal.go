package ledger

import (
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// Reversal reverses an action as a whole.
type Reversal struct {
	Address
	// Reason is a predefined reason or a custom code with [program.EffectReject].
	Reason string
	// Expected is like [Modification.Expected].
	Expected ids.UpdateID `json:",omitzero"`
	Note     string       `json:",omitzero"`
}

// Kind returns [KindReversal].
func (Reversal) Kind() Kind { return KindReversal }

// Validate returns nil. The fields of a reversal are checked when it is decided.
func (Reversal) Validate(time.Time, program.Account) []*rejection.Rejection { return nil }

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
	if err := m.check(preconditions{expected: v.Expected, adjustable: true, allowReversed: true, unlimited: true}); err != nil {
		return Change{}, err
	}
	if effect == program.EffectReject {
		m.reverseByCode(v.Reason)
	} else {
		m.reverseAll()
	}
	return m.withoutPricing()
}

// Reasons that the rules treat specially.
const (
	ReasonOrderUpdate = "ORDER_UPDATE"
	ReasonReset       = "RESET"
)

// IsPredefinedReason reports whether the protocol defines the code as a reason of
// modifications or reversals, or the ledger sets it by itself. Such a code can't be a
// custom code.
func IsPredefinedReason(code string) bool {
	return slices.Contains(program.ModificationReasons, code) || slices.Contains(program.ReversalReasons, code) ||
		slices.Contains([]string{DispositionTracked, DispositionRecalc, DispositionUndo}, code)
}

// rejectReason returns a rejection of a reason code that lists the allowed ones: the
// predefined codes and the event type's custom codes with an allowed effect.
func rejectReason(name, code string, predefined []string, e program.EventType, allowed func(program.Effect) bool) *rejection.Rejection {
	return rejection.New(rejection.CodeReasonNotAllowed, name, "%q is not allowed here. The codes for event type %d are %s.", code, e.ID, e.ListCodes(predefined, allowed))
}
