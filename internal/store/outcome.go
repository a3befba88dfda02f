package store

import (
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// Outcome is the result of a completed submission. It is written once and never
// changed.
type Outcome struct {
	// Completed is the time at which the submission was applied, or zero while it is
	// queued.
	Completed time.Time
	// Action is the action that the submission named or created, or zero.
	Action ids.ActionID
	// Partner is the partner of Action.
	Partner   int64
	ErrorType rejection.ErrorType
	// Code and Message describe the rejection. They are empty if there was none.
	Code    rejection.Code
	Message string
	// Changed reports whether the submission changed the action.
	Changed bool
	// Basis records the terms, fee and limit that priced the submission.
	Basis ledger.PricingBasis
}

// RejectedOutcome returns the outcome of a rejected submission, without its time and
// action.
func RejectedOutcome(r *rejection.Rejection) Outcome {
	return Outcome{ErrorType: r.Code.ErrorType(), Code: r.Code, Message: r.Message}
}

// ParkedByOperator returns the outcome of a submission that an operator parked, without
// its time and action. The reason is in the audit log.
func ParkedByOperator() Outcome {
	return RejectedOutcome(&rejection.Rejection{
		Code:    rejection.CodeParked,
		Message: "The operator kept the submission from being applied and it changed nothing; ask the operator before you send it again.",
	})
}

// ParkedOutcome returns the outcome of a submission whose application failed
// [MaxAttempts] times, without its time and action. It does not contain the error, since
// API callers see the outcome.
func ParkedOutcome() Outcome {
	return RejectedOutcome(&rejection.Rejection{
		Code:    rejection.CodeParked,
		Message: "The submission could not be applied and changed nothing; ask the operator for the cause, then send it again.",
	})
}
