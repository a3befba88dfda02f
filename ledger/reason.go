package ledger

import (
	"slices"

	"github.com/trueup-ledger/trueup/ledger/program"
)

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
func rejectReason(name, code string, predefined []string, e program.EventType, allowed func(program.Effect) bool) *Rejection {
	return reject(CodeReasonNotAllowed, name, "%q is not allowed here. The codes for event type %d are %s.", code, e.ID, e.ListCodes(predefined, allowed))
}
