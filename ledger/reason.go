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

// isModificationReason reports whether the protocol defines the code for modifications.
func isModificationReason(code string) bool { return slices.Contains(modificationReasons, code) }

// IsPredefinedReason reports whether the protocol defines the code as a reason of
// modifications or reversals, or the ledger sets it by itself. Such a code can't be a
// custom code.
func IsPredefinedReason(code string) bool {
	return isModificationReason(code) || slices.Contains(reversalReasons, code) ||
		slices.Contains([]string{DispositionTracked, DispositionRecalc, DispositionUndo}, code)
}
