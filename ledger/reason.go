package ledger

import (
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/ledger/program"
)

// Reasons that the rules treat specially.
const (
	ReasonOrderUpdate = "ORDER_UPDATE"
	ReasonReset       = "RESET"
)

var modificationReasons = []string{
	ReasonOrderUpdate, "ITEM_RETURNED", "CONS_FRAUD", "CONS_ERROR", "ORDER_ERROR", "PUB_ACT_DISPUTE",
	"ADV_ACT_DISPUTE", "NOT_COMPLIANCE_TERMS", "ITEM_OUT_OF_STOCK", "TEST_ACTION", "PARTNER_NOT_ACTIVE",
	"CREDITED_DIFFERENT_MP", "OTHER", ReasonReset,
}

var reversalReasons = []string{
	"REJECTED", "CONS_INFO_INVALID", "CONS_ERROR", "CONS_FRAUD", "ITEM_RETURNED", "ITEM_OUT_OF_STOCK",
	"ORDER_ERROR", "PUB_ACT_DISPUTE", "NOT_COMPLIANCE_TERMS", "MP_RETURNED", "OTHER",
	"CREDITED_DIFFERENT_MP", "ADV_ACT_DISPUTE", "TEST_ACTION",
}

// isModificationReason reports whether the protocol defines the code for modifications.
func isModificationReason(code string) bool { return slices.Contains(modificationReasons, code) }

// IsPredefinedReason reports whether the protocol defines the code as a reason of
// modifications or reversals, or the ledger sets it by itself. Such a code can't be a
// custom code.
func IsPredefinedReason(code string) bool {
	return isModificationReason(code) || slices.Contains(reversalReasons, code) ||
		slices.Contains([]string{DispositionTracked, DispositionRecalc, DispositionUndo}, code)
}

// maxCustomReasons bounds the custom codes that a message lists.
const maxCustomReasons = 20

// rejectReason returns a rejection of a reason code that lists the allowed ones: the
// predefined codes and the event type's custom codes with an allowed effect.
func rejectReason(name, code string, predefined []string, e program.EventType, allowed func(program.Effect) bool) *Rejection {
	codes, more := slices.Clone(predefined), ""
	for _, d := range e.Dispositions {
		switch {
		case !allowed(d.Effect):
		case len(codes) == len(predefined)+maxCustomReasons:
			more = ", and more"
		default:
			codes = append(codes, d.Code)
		}
	}
	return reject(CodeReasonNotAllowed, name, "%q is not allowed here. The codes for event type %d are %s%s.",
		code, e.ID, strings.Join(codes, ", "), more)
}

// rejectReason returns a rejection of the modification's reason.
func (c Modification) rejectReason(e program.EventType) *Rejection {
	if len(c.Items) > 0 {
		return rejectReason("Reason", c.Reason, []string{ReasonOrderUpdate}, e, func(program.Effect) bool { return false })
	}
	alone := deref(c.Amount) == 0 && c.CustomerStatus == nil
	return rejectReason("Reason", c.Reason, modificationReasons, e, func(effect program.Effect) bool {
		return alone || effect != program.EffectReject
	})
}
