package wire

import (
	"fmt"
	"strings"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// HTTP status codes. The package doesn't import net/http.
const (
	statusBadRequest           = 400
	statusUnsupportedMediaType = 415
)

// validationFailed is the message of the Brand API for field errors.
const validationFailed = "Validation Failed"

// Error is an error response to a request.
type Error struct {
	// Status is the HTTP status code.
	Status int
	// Message is a sentence for the caller.
	Message string
	// Fields holds the errors of single parameters.
	Fields []FieldError
}

// FieldError describes a parameter that is wrong, and how to fix it.
type FieldError struct {
	// Field is the parameter's name as the caller sent it, or the preferred name of a
	// missing parameter.
	Field string
	// Message is a phrase or a sentence for the caller. [Invalid] adds a missing period.
	Message string
}

// valueError is the message about a malformed value.
type valueError string

// differentValues is the message about a parameter whose values differ.
const differentValues = "Given twice with different values"

func (e valueError) Error() string { return string(e) }

// Error returns the status, the message and the field errors.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s", e.Status, e.Message)
	for _, f := range e.Fields {
		fmt.Fprintf(&b, "; %s: %s", f.Field, f.Message)
	}
	return b.String()
}

// Invalid returns a 400 error with field errors. It ends their messages with a period.
func Invalid(errors ...FieldError) *Error {
	for i := range errors {
		errors[i].Message = sentence(errors[i].Message)
	}
	return &Error{Status: statusBadRequest, Message: validationFailed, Fields: errors}
}

// sentence returns a message with a period at its end, unless it ends like a sentence. The
// messages of this package lack the period like all errors of Go.
func sentence(message string) string {
	if message == "" || strings.ContainsRune(".?!", rune(message[len(message)-1])) {
		return message
	}
	return message + "."
}

// Rejected returns a 400 error for a request that the rules reject. It names the field as
// the caller sent it.
func Rejected(p *Params, r *rejection.Rejection) *Error {
	if r.Field == "" {
		return badRequest(r.Message)
	}
	return Invalid(RejectedField(p, r))
}

// RejectedField returns the field error for a rejection. It names the field as the caller
// sent it.
func RejectedField(p *Params, r *rejection.Rejection) FieldError {
	return FieldError{p.sentName(r.Field), r.Message}
}

// badRequest returns a 400 error about the request as a whole.
func badRequest(message string) *Error {
	return &Error{Status: statusBadRequest, Message: message}
}

// TooManyResults returns a 400 error for a list with more than p.MaxTotal objects.
func TooManyResults(p search.Page) *Error {
	return &Error{Status: statusBadRequest, Message: fmt.Sprintf(
		"More than %d objects match: narrow the dates or raise PageSize (at most %d)", p.MaxTotal, MaxPageSize)}
}
