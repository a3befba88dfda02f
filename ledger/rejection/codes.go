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

// codes lists every code in a row of its own. Codes that depend on the ledger are in order of
// precedence: if several apply, the submission is rejected with the first.
var codes = []struct {
	code      Code
	kinds     commandKinds
	errorType ErrorType
}{
	{CodeMalformed, ofConversions, ErrorValidation},
	{CodeOrderMissing, ofConversions, ErrorValidation},
	{CodeNoItem, ofConversions, ErrorValidation},
	{CodeDuplicateSKU, ofConversions, ErrorValidation},
	{CodeCampaignNotFound, ofConversions, ErrorValidation},
	{CodeEventTypeNotFound, ofConversions, ErrorValidation},
	{CodeEventTypeNotActive, ofConversions, ErrorValidation},
	{CodeEventTypeCampaignMismatch, ofConversions, ErrorValidation},
	{CodeConversionDuplicate, ofConversions, ErrorValidation},
	{CodeReferralNotFound, ofConversions, ErrorValidation},
	{CodePartnerNotActive, ofConversions, ErrorContract},
	{CodeContractNotFound, ofConversions, ErrorContract},
	{CodeTermsNotFound, ofConversions, ErrorContract},
	{CodeRateNotFound, ofConversions, ErrorValidation},
	{CodeSourceBlocked, ofConversions, ErrorValidation},
	{CodePromoCodeBlocks, ofConversions, ErrorContract},
	{CodeRuleMismatch, ofConversions, ErrorContract},
	{CodeRecurrencesReached, ofConversions, ErrorContract},
	{CodeNoValidReferral, ofConversions, ErrorValidation},
	{CodeOutsideWindow, ofConversions, ErrorContract},
	{CodeReferralNotAccepted, ofConversions, ErrorContract},
	{CodePromoCodeRestricted, ofConversions, ErrorContract},
	{CodeActionNotFound, ofAmendments, ErrorValidation},
	{CodeIdentifierMismatch, ofAmendments, ErrorValidation},
	{CodeReasonNotAllowed, ofAmendments, ErrorValidation},
	{CodeActionLocked, ofAmendments, ErrorValidation},
	{CodeActionReversed, ofAmendments, ErrorValidation},
	{CodeAlreadyUndone, ofAmendments, ErrorValidation},
	{CodeStaleAction, ofAmendments, ErrorValidation},
	{CodeLimitReached, ofAmendments, ErrorValidation},
	{CodeCustomerStatusUnknown, ofAmendments, ErrorValidation},
	{CodeCurrencyMismatch, ofAmendments, ErrorValidation},
	{CodeItemNotFound, ofAmendments, ErrorValidation},
	{CodeItemReversed, ofAmendments, ErrorValidation},
	{CodeQuantityNegative, ofAmendments, ErrorValidation},
	{CodeAmountNegative, ofAmendments, ErrorValidation},
	{CodeAmountTooLarge, ofAmendments, ErrorValidation},
	{CodeAdjustmentTooLate, ofAmendments, ErrorValidation},
	{CodeAdjustmentTooHigh, ofAmendments, ErrorValidation},
	{CodeResetNotAdjustable, ofAmendments, ErrorValidation},
	{CodeParked, ofNone, ErrorInternal},
}

// Codes returns every code. Those that depend on the ledger are in order of precedence.
func Codes() []Code {
	all := make([]Code, len(codes))
	for i, row := range codes {
		all[i] = row.code
	}
	return all
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
