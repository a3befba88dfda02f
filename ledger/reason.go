package ledger

import "slices"

// Reasons of the protocol that rules know by name.
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

// PredefinedReason reports whether the code is one of the protocol's, for
// modifications or reversals: an event type may not give it another meaning.
func PredefinedReason(code string) bool {
	return ModificationReason(code) || slices.Contains(reversalReasons, code) ||
		slices.Contains([]string{DispositionTracked, DispositionRecalc, DispositionUndo}, code)
}

// ModificationReason reports whether the code is one of the protocol's for
// modifications.
func ModificationReason(code string) bool { return slices.Contains(modificationReasons, code) }

// effect answers what a custom code of the event type does.
func (e EventType) effect(code string) (Effect, bool) {
	for _, d := range e.Dispositions {
		if d.Code == code {
			return d.Effect, true
		}
	}
	return "", false
}
