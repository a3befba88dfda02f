// Package rejection holds the reasons why submissions are rejected, with their codes.
package rejection

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/trueup-ledger/trueup/money"
)

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

// New returns a rejection with a formatted message.
func New(code Code, field, format string, args ...any) *Rejection {
	return &Rejection{Code: code, Field: field, Message: fmt.Sprintf(format, args...)}
}

// TooLarge returns a rejection if err is [money.ErrTooLarge], else err.
func TooLarge(err error) error {
	if !errors.Is(err, money.ErrTooLarge) {
		return err
	}
	return New(CodeAmountTooLarge, "Amount", "An amount, a payout or their sum would exceed %d digits before the decimal point.",
		money.MaxIntegerDigits)
}

// List collects rejections with [CodeMalformed].
type List []*Rejection

// Add appends a rejection of the field.
func (r *List) Add(field, format string, args ...any) {
	*r = append(*r, New(CodeMalformed, field, format, args...))
}

// AddIfNegative appends a rejection of the field if its value is negative.
func (r *List) AddIfNegative(field string, d *money.Decimal) {
	if d != nil && *d < 0 {
		r.Add(field, "Must not be negative.")
	}
}

// Field returns the name of the parameter with the number, such as "Quantity2".
func Field(name string, number int) string {
	if number <= 1 {
		return name
	}
	return name + strconv.Itoa(number)
}
