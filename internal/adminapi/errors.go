package adminapi

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/trueup-ledger/trueup/internal/accounting"
	"github.com/trueup-ledger/trueup/internal/bankfile"
	"github.com/trueup-ledger/trueup/internal/bridge"
	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/people"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/signin"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// conflicts holds the messages of errors that are reported with status 409.
var conflicts = []struct {
	err     error
	message string
}{
	{store.ErrTokenDisabled, "The token is disabled: create another"},
	{store.ErrMember, "The person is a member of the account: change the role instead"},
	{store.ErrTooManyMembers, fmt.Sprintf("The account has %d members, or the person as many memberships: remove one first", people.MaxMembers)},
	{signin.ErrNoMember, "The person is no member of the account: invite the person to it"},
	{signin.ErrDisabled, "The person is disabled: invite the person again"},
	{bridge.ErrEmpty, "No webhook of the order could be mapped. Send it again from the platform."},
	{store.ErrTokenExpired, "The token has expired: set another expiry first"},
	{store.ErrNotIssued, "A period has ended and its invoices are not issued yet: issue them, and write off what is carried then"},
	{store.ErrBalanceTooLarge, "The carried balance has too many digits: record bonuses with negative amounts first"},
	{store.ErrNothingCarried, "No balance of the partner is carried: there is nothing to write off"},
	{store.ErrComplete, "The submission is complete: it took effect or failed already"},
	{store.ErrAnsweredAgain, "The inquiry was resolved again since: resolve it as VALID instead"},
	{store.ErrNotActive, "The notification is not ACTIVE: activate it first"},
	{store.ErrArchived, "The account has archives: name their folder with --archive, which trueup serve and trueup erase have"},
	{store.ErrUnreadFiles, "Rows of a batch file are not queued yet: send the request again when the file is complete"},
	{store.ErrNotFailed, "The submission did not fail: it is queued, or took effect"},
}

// mapErrors returns a handler whose errors are mapped by mapError.
func mapErrors(handle func(httpapi.OperatorRequest) error) func(httpapi.OperatorRequest) error {
	return func(o httpapi.OperatorRequest) error { return mapError(handle(o)) }
}

// mapError returns the wire error for errors of the store and of reference data. All other
// errors are returned unchanged and mapped by package httpapi.
func mapError(err error) error {
	var invalid *refdata.FileError
	var rejection *rejection.Rejection
	var retried *store.RetriedError
	var field *accounting.FieldError
	var file *bankfile.FileError
	var unpaid *store.PaymentError
	var refused *store.NotInvoicedError
	switch {
	case errors.As(err, &field):
		return wire.Invalid(wire.FieldError{Field: field.Field, Message: field.Message})
	case errors.As(err, &file):
		return wire.Invalid(wire.FieldError{Field: "content", Message: file.Error()})
	case errors.As(err, &unpaid):
		return conflict("Nothing was recorded: " + unpaid.Error())
	case errors.As(err, &refused):
		return conflict("No invoice was issued: " + string(refused.Reason))
	case errors.As(err, &invalid):
		return invalidBody(invalid)
	case errors.As(err, &rejection):
		return wire.Invalid(wire.FieldError{Field: rejection.Field, Message: rejection.Message})
	case errors.As(err, &retried):
		return conflict("It was submitted again as " + string(retried.Retry) + "; if that failed too, retry that one")
	}
	for _, c := range conflicts {
		if errors.Is(err, c.err) {
			return conflict(c.message)
		}
	}
	return err
}

func conflict(message string) error {
	return &wire.Error{Status: http.StatusConflict, Message: message}
}

// invalidBody returns the wire error for an invalid body, with the position of each error.
func invalidBody(invalid *refdata.FileError) error {
	list := make([]wire.FieldError, 0, len(invalid.Diagnostics)+1)
	for _, d := range invalid.Diagnostics {
		list = append(list, wire.FieldError{
			Field: d.Key, Message: d.Message + " (line " + strconv.Itoa(d.Line) + ", column " + strconv.Itoa(d.Column) + ")",
		})
	}
	if invalid.More > 0 {
		list = append(list, wire.FieldError{Message: "And " + strconv.Itoa(invalid.More) + " more"})
	}
	return wire.Invalid(list...)
}
