package store

import (
	"time"

	"github.com/trueup-ledger/trueup/ledger"
)

// Preview is what a command would make of the ledger.
type Preview struct {
	// Before is the action before: zero if there is none yet, or none is meant.
	Before ledger.Action
	// After is the action after; as before if nothing changes.
	After ledger.Action
	// At is the instant at which it would be applied.
	At time.Time
	// Rejection is why the command would fail, or nil.
	Rejection *ledger.Rejection
	// Accepted and Applied are the numbers of the last submission that was accepted
	// and of the last that is complete: what lies between has not counted yet.
	Accepted, Applied int64
}

// errorTypeOf answers the class of the error that completed a command of a kind;
// NoError for no code.
func errorTypeOf(kind ledger.Kind, code ledger.Code) ErrorType {
	switch {
	case code == "":
		return NoError
	case code == ledger.CodeParked:
		return ErrorInternal
	case kind == ledger.KindConversion && contractError(code):
		return ErrorContract
	default:
		return ErrorValidation
	}
}

// contractError reports whether what is wrong is the relation to the partner, not the order.
func contractError(code ledger.Code) bool {
	switch code {
	case ledger.CodePartnerNotActive, ledger.CodeContractNotFound, ledger.CodeTermsNotFound,
		ledger.CodePromoCodeBlocks, ledger.CodePromoCodeRestricted, ledger.CodeRuleMismatch,
		ledger.CodeRecurrencesReached, ledger.CodeOutsideWindow, ledger.CodeReferralNotAccepted:
		return true
	default:
		return false
	}
}

// RejectedOutcome answers the outcome of a submission that a refusal completed, but for
// the instant and the action.
func RejectedOutcome(kind ledger.Kind, r *ledger.Rejection) Outcome {
	return Outcome{ErrorType: errorTypeOf(kind, r.Code), Code: r.Code, Message: r.Message}
}

// ParkedByOperator answers the outcome of a submission that an operator parked, but for
// the instant and the action. Why is in the operator's deeds.
func ParkedByOperator(kind ledger.Kind) Outcome {
	return RejectedOutcome(kind, &ledger.Rejection{
		Code:    ledger.CodeParked,
		Message: "The operator kept the submission from being applied and it changed nothing; ask the operator before you send it again.",
	})
}

// ParkedOutcome answers the outcome of a submission on which the program failed
// [MaxAttempts] times, but for the instant and the action. What failed is not for
// the caller's eyes.
func ParkedOutcome(kind ledger.Kind) Outcome {
	return RejectedOutcome(kind, &ledger.Rejection{
		Code:    ledger.CodeParked,
		Message: "The submission could not be applied and changed nothing; ask the operator for the cause, then send it again.",
	})
}
