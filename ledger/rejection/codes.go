package rejection

// Code identifies the reason of a rejection. [Codes] returns all of them.
type Code string

// Codes of conversions that the request alone causes (docs/rules.md, section 2).
const (
	CodeMalformed    Code = "MALFORMED"
	CodeOrderMissing Code = "OID_MISSING"
	CodeNoItem       Code = "NO_ITEM"
	CodeDuplicateSKU Code = "DUPLICATE_SKU"
)

// Codes of conversions that the ledger causes.
const (
	CodeCampaignNotFound          Code = "CAMPAIGN_NOT_FOUND"
	CodeEventTypeNotFound         Code = "ACTIONTRACKER_NOT_FOUND"
	CodeEventTypeNotActive        Code = "ACTIONTRACKER_NOT_ACTIVE"
	CodeEventTypeCampaignMismatch Code = "ACTIONTRACKER_CAMPAIGN_MISMATCH"
	CodeConversionDuplicate       Code = "CONV_DUPLICATE"
	CodeReferralNotFound          Code = "ACTION_REF_NOT_FOUND"
	CodePartnerNotActive          Code = "PARTNER_NOT_ACTIVE"
	CodeContractNotFound          Code = "CONTRACT_NOT_FOUND"
	CodeTermsNotFound             Code = "ACTIONTERMS_NOT_FOUND"
	CodeRateNotFound              Code = "FX_RATE_NOT_FOUND"
)

// Codes of conversions that the protocol defines but no rule causes. Fault injection
// can simulate them.
const (
	CodeSourceBlocked       Code = "BLACKLISTED_SOURCE_IP"
	CodePromoCodeBlocks     Code = "BLOCKED_BY_PROMOCODE"
	CodeRuleMismatch        Code = "CREDITING_RULE_MISMATCH"
	CodeRecurrencesReached  Code = "MAX_RECURRENCES_REACHED"
	CodeNoValidReferral     Code = "NO_VALID_ACTION_REF"
	CodeOutsideWindow       Code = "OUTSIDE_ASSOCIATION_WINDOW"
	CodeReferralNotAccepted Code = "REFTYPE_NOT_ACCEPTED"
	CodePromoCodeRestricted Code = "RESTRICTED_PROMOCODE"
)

// Codes of modifications, reversals and undos (docs/rules.md, section 8).
const (
	CodeActionNotFound        Code = "ACTION_NOT_FOUND"
	CodeIdentifierMismatch    Code = "IDENTIFIER_MISMATCH"
	CodeReasonNotAllowed      Code = "REASON_NOT_ALLOWED"
	CodeActionLocked          Code = "ACTION_LOCKED"
	CodeActionReversed        Code = "ACTION_REVERSED"
	CodeAlreadyUndone         Code = "ALREADY_UNDONE"
	CodeStaleAction           Code = "STALE_ACTION"
	CodeLimitReached          Code = "MODIFICATION_LIMIT_REACHED"
	CodeCustomerStatusUnknown Code = "CUSTOMER_STATUS_UNKNOWN"
	CodeCurrencyMismatch      Code = "CURRENCY_MISMATCH"
	CodeItemNotFound          Code = "ITEM_NOT_FOUND"
	CodeItemReversed          Code = "ITEM_REVERSED"
	CodeQuantityNegative      Code = "QUANTITY_NEGATIVE"
	CodeAmountNegative        Code = "AMOUNT_NEGATIVE"
	CodeAmountTooLarge        Code = "AMOUNT_TOO_LARGE"
)

// Codes of submissions that are too late for an update and would make an adjustment
// (docs/rules.md, section 11).
const (
	CodeAdjustmentTooLate  Code = "ADJUSTMENT_TOO_LATE"
	CodeAdjustmentTooHigh  Code = "ADJUSTMENT_TOO_HIGH"
	CodeResetNotAdjustable Code = "RESET_NOT_ADJUSTABLE"
)

// CodeParked completes a submission that the program failed to apply three times.
const CodeParked Code = "PARKED"

// ErrorType is the class of a rejection on the wire.
type ErrorType string

// The error types. A submission without a rejection has [NoError]. [ErrorContract] is for
// conversions that the partner's contract doesn't cover. [ErrorInternal] is for [CodeParked].
const (
	NoError         ErrorType = ""
	ErrorValidation ErrorType = "Validation"
	ErrorContract   ErrorType = "Contract Error"
	ErrorInternal   ErrorType = "Internal"
)

// commandKinds is the set of kinds of command that can be rejected with a code.
type commandKinds int

const (
	ofNone commandKinds = iota // not a rejection of the command
	ofConversions
	ofAmendments
)

// simulated is the remedy for codes that no rule causes.
const simulated = "Fault injection simulated the rejection: send it again."

// codes lists every code in a row of its own. Codes that depend on the ledger are in order of
// precedence: if several apply, the submission is rejected with the first.
var codes = []struct {
	code      Code
	kinds     commandKinds
	errorType ErrorType
	// field is the parameter that most rejections with the code concern, or empty. remedy is for
	// people.
	field, remedy string
}{
	{CodeMalformed, ofConversions, ErrorValidation, "", "Correct the parameter that the message names, and report the order again."},
	{CodeOrderMissing, ofConversions, ErrorValidation, "OrderId", "Send the id of the order."},
	{CodeNoItem, ofConversions, ErrorValidation, "ItemSku", "Send at least one item."},
	{CodeDuplicateSKU, ofConversions, ErrorValidation, "ItemSku", "Send a SKU always with the same category."},
	{CodeCampaignNotFound, ofConversions, ErrorValidation, "CampaignId", "Send the id of a campaign of the account, or record the campaign and send it again."},
	{CodeEventTypeNotFound, ofConversions, ErrorValidation, "ActionTrackerId", "Send an event type of the campaign, or record the event type and send it again."},
	{CodeEventTypeNotActive, ofConversions, ErrorValidation, "ActionTrackerId", "Send an active event type, or activate this one and send it again."},
	{CodeEventTypeCampaignMismatch, ofConversions, ErrorValidation, "ActionTrackerId", "Send the event type with its own campaign."},
	{CodeConversionDuplicate, ofConversions, ErrorValidation, "OrderId", "The order is recorded already: modify its action instead."},
	{CodeReferralNotFound, ofConversions, ErrorValidation, "MediaPartnerId", "Send a known partner, promo code, click or customer, or record a fallback partner and send it again."},
	{CodePartnerNotActive, ofConversions, ErrorContract, "MediaPartnerId", "Activate the partner and send it again."},
	{CodeContractNotFound, ofConversions, ErrorContract, "EventDate", "Record a contract of the partner for the day of the order, and send it again."},
	{CodeTermsNotFound, ofConversions, ErrorContract, "EventDate", "Add terms for the event type to the contract, and send it again."},
	{CodeRateNotFound, ofConversions, ErrorValidation, "CurrencyCode", "Record an exchange rate for the day of the order, and send it again."},
	{CodeSourceBlocked, ofConversions, ErrorValidation, "", simulated},
	{CodePromoCodeBlocks, ofConversions, ErrorContract, "", simulated},
	{CodeRuleMismatch, ofConversions, ErrorContract, "", simulated},
	{CodeRecurrencesReached, ofConversions, ErrorContract, "", simulated},
	{CodeNoValidReferral, ofConversions, ErrorValidation, "", simulated},
	{CodeOutsideWindow, ofConversions, ErrorContract, "", simulated},
	{CodeReferralNotAccepted, ofConversions, ErrorContract, "", simulated},
	{CodePromoCodeRestricted, ofConversions, ErrorContract, "", simulated},
	{CodeActionNotFound, ofAmendments, ErrorValidation, "ActionId", "Report the order first, or send the id of an action that exists."},
	{CodeIdentifierMismatch, ofAmendments, ErrorValidation, "OrderId", "Send the order of the action, or its ActionId alone."},
	{CodeReasonNotAllowed, ofAmendments, ErrorValidation, "Reason", "Send a reason that the event type allows for this change."},
	{CodeActionLocked, ofAmendments, ErrorValidation, "ActionId", "The commission is final: record a bonus or a deduction for the partner instead."},
	{CodeActionReversed, ofAmendments, ErrorValidation, "ActionId", "Undo the reversal of the action first."},
	{CodeAlreadyUndone, ofAmendments, ErrorValidation, "BatchId", "Undo the undo to take it back."},
	{CodeStaleAction, ofAmendments, ErrorValidation, "ExpectedUpdateId", "Read the action again, and change its present state."},
	{CodeLimitReached, ofAmendments, ErrorValidation, "ActionId", "Raise the modification limit of the action and send it again."},
	{CodeCustomerStatusUnknown, ofAmendments, ErrorValidation, "CustomerStatus", "Send a customer status of the event type."},
	{CodeCurrencyMismatch, ofAmendments, ErrorValidation, "CurrencyCode", "Send amounts in the currency of the action."},
	{CodeItemNotFound, ofAmendments, ErrorValidation, "Sku", "Send the SKU of an item that the action has."},
	{CodeItemReversed, ofAmendments, ErrorValidation, "Sku", "Send a Quantity as well to restore the item."},
	{CodeQuantityNegative, ofAmendments, ErrorValidation, "QuantityDelta", "Deduct at most the present quantity."},
	{CodeAmountNegative, ofAmendments, ErrorValidation, "ItemSubTotalDelta", "Deduct at most the present amount."},
	{CodeAmountTooLarge, ofAmendments, ErrorValidation, "Amount", "Send smaller quantities or amounts."},
	{CodeAdjustmentTooLate, ofAmendments, ErrorValidation, "ActionId", "The time for late returns is over: record a deduction for the partner instead."},
	{CodeAdjustmentTooHigh, ofAmendments, ErrorValidation, "Quantity", "Send no more than the quantity and the amount at locking."},
	{CodeResetNotAdjustable, ofAmendments, ErrorValidation, "Reason", "Send the quantities of the items instead of a reset."},
	{CodeParked, ofNone, ErrorInternal, "", "Send it again. If it is parked again, the log of the server has the error."},
}

// Codes returns every code. Those that depend on the ledger are in order of precedence.
func Codes() []Code {
	all := make([]Code, len(codes))
	for i, row := range codes {
		all[i] = row.code
	}
	return all
}

// Help returns the parameter that most rejections with the code concern, or "", and a sentence with the
// remedy. Both are empty for a code that is not in [Codes]. The message of a rejection is more exact.
func (c Code) Help() (field, remedy string) {
	for _, row := range codes {
		if row.code == c {
			return row.field, row.remedy
		}
	}
	return "", ""
}

// AppliesTo reports whether conversions, or else commands that change an action, can be
// rejected with the code.
func (c Code) AppliesTo(conversions bool) bool {
	want := ofAmendments
	if conversions {
		want = ofConversions
	}
	for _, row := range codes {
		if row.code == c {
			return row.kinds == want
		}
	}
	return false
}

// ErrorType returns the error type of the code. It is [NoError] for the empty code and
// [ErrorValidation] for a code that is not in [Codes].
func (c Code) ErrorType() ErrorType {
	for _, row := range codes {
		if row.code == c {
			return row.errorType
		}
	}
	if c == "" {
		return NoError
	}
	return ErrorValidation
}
