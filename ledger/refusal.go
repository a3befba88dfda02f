package ledger

import (
	"errors"
	"fmt"
	"slices"
)

// ErrNotFound says that a [Lookup] or a store holds no such thing.
var ErrNotFound = errors.New("not found")

// Code names the reason of a refusal. The list is closed.
type Code string

// Codes of conversions that the request alone shows (docs/rules.md, section 2).
const (
	CodeMalformed    Code = "MALFORMED"
	CodeOrderMissing Code = "OID_MISSING"
	CodeNoItem       Code = "NO_ITEM"
	CodeDuplicateSKU Code = "DUPLICATE_SKU"
)

// Codes of conversions that the ledger decides, in order of precedence.
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

// Codes of conversions in the protocol for which there is no rule here: only a
// test that emulates them gives them.
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

// Codes of modifications, reversals and undos, in order of precedence
// (docs/rules.md, section 8).
const (
	CodeActionNotFound        Code = "ACTION_NOT_FOUND"
	CodeIdentifierMismatch    Code = "IDENTIFIER_MISMATCH"
	CodeReasonNotAllowed      Code = "REASON_NOT_ALLOWED"
	CodeActionLocked          Code = "ACTION_LOCKED"
	CodeActionReversed        Code = "ACTION_REVERSED"
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

var conversionCodes = []Code{
	CodeMalformed, CodeOrderMissing, CodeNoItem, CodeDuplicateSKU, CodeCampaignNotFound, CodeEventTypeNotFound,
	CodeEventTypeNotActive, CodeEventTypeCampaignMismatch, CodeConversionDuplicate, CodeReferralNotFound,
	CodePartnerNotActive, CodeContractNotFound, CodeTermsNotFound, CodeRateNotFound, CodeSourceBlocked,
	CodePromoCodeBlocks, CodeRuleMismatch, CodeRecurrencesReached, CodeNoValidReferral, CodeOutsideWindow,
	CodeReferralNotAccepted, CodePromoCodeRestricted,
}

var modificationCodes = []Code{
	CodeActionNotFound, CodeIdentifierMismatch, CodeReasonNotAllowed, CodeActionLocked, CodeActionReversed,
	CodeStaleAction, CodeLimitReached, CodeCustomerStatusUnknown, CodeCurrencyMismatch, CodeItemNotFound,
	CodeItemReversed, CodeQuantityNegative, CodeAmountNegative, CodeAmountTooLarge,
}

// Of reports whether the protocol has the code for submissions of the kind.
func (c Code) Of(k Kind) bool {
	if k == KindConversion {
		return slices.Contains(conversionCodes, c)
	}
	return slices.Contains(modificationCodes, c)
}

// CodeParked completes a submission on which the program failed three times.
const CodeParked Code = "PARKED"

// Rejection is the answer "no" to a submission, not a failure of the program: it
// completes the submission and changes nothing.
type Rejection struct {
	// Code says why.
	Code Code
	// Field is the parameter at fault as the caller may have sent it, or "".
	Field string
	// Message is one sentence that tells the caller what to do.
	Message string
}

// Error answers the code, the field and the message.
func (r *Rejection) Error() string {
	if r.Field == "" {
		return fmt.Sprintf("%s: %s", r.Code, r.Message)
	}
	return fmt.Sprintf("%s: %s: %s", r.Code, r.Field, r.Message)
}

func reject(code Code, field, format string, args ...any) *Rejection {
	return &Rejection{Code: code, Field: field, Message: fmt.Sprintf(format, args...)}
}
