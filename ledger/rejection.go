package ledger

import (
	"errors"
	"fmt"
)

// ErrNotFound is returned by a [Lookup] or a store for an object that doesn't exist.
var ErrNotFound = errors.New("not found")

// Rejection is the reason why a command is rejected. It is a result, not a failure of the
// program: a rejected submission is completed and changes nothing.
type Rejection struct {
	Code Code
	// Field is the name of the invalid parameter, or empty. The caller may have sent it
	// under another name.
	Field string
	// Message is a sentence for the caller that names the remedy.
	Message string
}

// Error returns the code, the field and the message.
func (r *Rejection) Error() string {
	if r.Field == "" {
		return fmt.Sprintf("%s: %s", r.Code, r.Message)
	}
	return fmt.Sprintf("%s: %s: %s", r.Code, r.Field, r.Message)
}

func reject(code Code, field, format string, args ...any) *Rejection {
	return &Rejection{Code: code, Field: field, Message: fmt.Sprintf(format, args...)}
}

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
