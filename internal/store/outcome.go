package store

import trueup "github.com/trueup-ledger/trueup"

// errorTypeOf answers the class of the error that completed a command of a kind;
// NoError for no code.
func errorTypeOf(kind trueup.Kind, code trueup.Code) ErrorType {
	switch {
	case code == "":
		return NoError
	case code == trueup.CodeParked:
		return ErrorInternal
	case kind == trueup.KindConversion && contractError(code):
		return ErrorContract
	default:
		return ErrorValidation
	}
}

// contractError reports whether what is wrong is the relation to the partner, not the order.
func contractError(code trueup.Code) bool {
	return code == trueup.CodePartnerNotActive || code == trueup.CodeContractNotFound || code == trueup.CodeTermsNotFound
}

// Refused answers the outcome of a submission that a refusal completed, but for
// the instant and the action.
func Refused(kind trueup.Kind, r *trueup.Refusal) Outcome {
	return Outcome{ErrorType: errorTypeOf(kind, r.Code), Code: r.Code, Message: r.Message}
}

// Parked answers the outcome of a submission on which the program failed
// [MaxAttempts] times, but for the instant and the action. What failed is not for
// the caller's eyes.
func Parked(kind trueup.Kind) Outcome {
	return Refused(kind, &trueup.Refusal{
		Code:    trueup.CodeParked,
		Message: "The submission could not be applied and changed nothing; ask the operator for the cause, then send it again.",
	})
}
