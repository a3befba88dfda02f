package wire

import (
	"fmt"
	"strings"

	"github.com/trueup-ledger/trueup/ledger"
)

// The HTTP statuses of this package's errors; it does not import net/http.
const (
	statusBadRequest           = 400
	statusNotAcceptable        = 406
	statusUnsupportedMediaType = 415
)

// messageInvalid is the protocol's own text for faults of fields.
const messageInvalid = "Validation Failed"

// Error is the answer to a request that cannot be served.
type Error struct {
	// Status is that of HTTP.
	Status int
	// Message is a sentence for the caller.
	Message string
	// Faults are empty unless fields are at fault.
	Faults []Fault
}

// Fault says what is wrong with one parameter, and what to do about it.
type Fault struct {
	// Field is the parameter's name as it was sent, or as it should have been.
	Field, Message string
}

// Error answers the message and the faults.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s", e.Status, e.Message)
	for _, f := range e.Faults {
		fmt.Fprintf(&b, "; %s: %s", f.Field, f.Message)
	}
	return b.String()
}

// Invalid answers the 400 for faults of fields.
func Invalid(faults ...Fault) *Error {
	return &Error{Status: statusBadRequest, Message: messageInvalid, Faults: faults}
}

// Refused answers the 400 for what the rules see in the request alone, with the
// field under the name that the caller sent.
func Refused(p *Params, r *ledger.Rejection) *Error {
	if r.Field == "" {
		return malformed(r.Message)
	}
	return Invalid(refusedFault(p, r))
}

func refusedFault(p *Params, r *ledger.Rejection) Fault { return Fault{p.spelling(r.Field), r.Message} }

// malformed answers a 400 that is no single field's fault.
func malformed(message string) *Error {
	return &Error{Status: statusBadRequest, Message: message}
}

// TooMany answers the 400 for a list that has more objects than the page's Most.
func TooMany(p ledger.Page) *Error {
	return &Error{Status: statusBadRequest, Message: fmt.Sprintf(
		"More than %d objects match: narrow the dates or raise PageSize (at most %d)", p.Most, MaxPageSize)}
}
