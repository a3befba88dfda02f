package ledger

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
	{CodeStaleAction, ofAmendments, ErrorValidation},
	{CodeLimitReached, ofAmendments, ErrorValidation},
	{CodeCustomerStatusUnknown, ofAmendments, ErrorValidation},
	{CodeCurrencyMismatch, ofAmendments, ErrorValidation},
	{CodeItemNotFound, ofAmendments, ErrorValidation},
	{CodeItemReversed, ofAmendments, ErrorValidation},
	{CodeQuantityNegative, ofAmendments, ErrorValidation},
	{CodeAmountNegative, ofAmendments, ErrorValidation},
	{CodeAmountTooLarge, ofAmendments, ErrorValidation},
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

// AppliesTo reports whether commands of the kind can be rejected with the code.
func (c Code) AppliesTo(k Kind) bool {
	want := ofAmendments
	if k == KindConversion {
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
