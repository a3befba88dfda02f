package ledger

import "slices"

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

// ModificationReason reports whether the protocol defines the code for modifications.
func ModificationReason(code string) bool { return slices.Contains(modificationReasons, code) }

// PredefinedReason reports whether the protocol defines the code for modifications,
// reversals or updates. An event type can't redefine such a code.
func PredefinedReason(code string) bool {
	return ModificationReason(code) || slices.Contains(reversalReasons, code) ||
		slices.Contains([]string{DispositionTracked, DispositionRecalc, DispositionUndo}, code)
}
