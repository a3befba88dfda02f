package inquiry

import (
	"cmp"
	"reflect"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

// Resolution is the brand's decision about an inquiry.
type Resolution struct {
	// Status is VALID, DECLINED or INCOMPLETE.
	Status Status
	// RejectReason is required with DECLINED and used with it only.
	RejectReason string `json:",omitzero"`
	// Notes becomes a comment of the inquiry.
	Notes string `json:",omitzero"`

	// The other fields are for VALID only: they are fields of the conversion. EventType is
	// required. Date and Amount default to those of the claim.
	EventType int64          `json:",omitzero"`
	Date      time.Time      `json:",omitzero"`
	Amount    *money.Decimal `json:",omitzero"`
	// FinalPayout is the payout for the whole order. Nil means that the terms determine it.
	FinalPayout *money.Decimal          `json:",omitzero"`
	Lines       []ledger.ConversionLine `json:",omitzero"`
	PromoCode   string                  `json:",omitzero"`
	Customer    string                  `json:",omitzero"`
}

// ResolveResult is the result of [Inquiry.Resolve].
type ResolveResult struct {
	// Inquiry is the resolved inquiry, without the number of its submission.
	Inquiry Inquiry
	// Conversion is the conversion to queue in the same commit, or nil.
	Conversion *ledger.Conversion
	// Changed is false if the resolution repeats the last one and nothing is to be stored.
	Changed bool
}

// Resolve returns the inquiry with the resolution. If the resolution is invalid or a
// final one exists, Resolve returns a [*rejection.Rejection] that names the field.
// VALID and DECLINED are final, unless the conversion of a valid inquiry failed
// (docs/rules.md, section 2).
func (q Inquiry) Resolve(r Resolution, reference *program.Reference, at time.Time) (ResolveResult, error) {
	same := q.Status == r.Status && r.equal(q.Resolution)
	switch {
	case same && !q.failed():
		return ResolveResult{Inquiry: q}, nil
	case q.final():
		return ResolveResult{}, reject(rejection.CodeMalformed, "ResolutionStatus",
			"Inquiry %d was resolved as %s, which is final; modify or reverse its action instead.", q.Number, q.Status)
	}
	if len(q.Comments) >= maxComments && r.Status != StatusDeclined {
		return ResolveResult{}, reject(rejection.CodeMalformed, "ResolutionStatus", "Inquiry %d already has %d comments; it can only be declined.",
			q.Number, maxComments)
	}
	after := q
	after.Comments = q.AllComments() // keeps the reason of a failed conversion
	after.Status, after.Resolution, after.Resolved, after.Submission, after.Outcome = r.Status, r, at, 0, ConversionOutcome{}
	after.addComment(reference.Account.Name, r.Notes, at)
	switch r.Status {
	case StatusValid:
		c := q.conversion(r)
		if rejections := c.Validate(at, reference.Account); len(rejections) > 0 {
			return ResolveResult{}, rejections[0]
		}
		if _, err := c.FindEventType(reference); err != nil {
			return ResolveResult{}, err
		}
		return ResolveResult{Inquiry: after, Conversion: &c, Changed: true}, nil
	case StatusDeclined:
		if r.RejectReason == "" {
			return ResolveResult{}, reject(rejection.CodeMalformed, "RejectReason", "Required with DECLINED: give the partner a reason.")
		}
	case StatusIncomplete:
		after.Resolved = time.Time{}
	default:
		return ResolveResult{}, reject(rejection.CodeMalformed, "ResolutionStatus", "Must be VALID, DECLINED or INCOMPLETE.")
	}
	return ResolveResult{Inquiry: after, Changed: true}, nil
}

// final reports whether the inquiry can no longer be resolved differently.
func (q Inquiry) final() bool {
	return q.Status == StatusValid && !q.failed() || q.Status == StatusDeclined
}

// equal reports whether two resolutions are the same.
func (r Resolution) equal(s Resolution) bool {
	sameDate := r.Date.Equal(s.Date)
	r.Date, s.Date = time.Time{}, time.Time{}
	return sameDate && reflect.DeepEqual(r, s)
}

// conversion returns the conversion that a VALID resolution queues.
func (q Inquiry) conversion(r Resolution) ledger.Conversion {
	c := ledger.Conversion{
		Campaign: q.Campaign, EventType: r.EventType, EventDate: r.Date, Order: q.Order, Currency: q.Currency,
		Partner: q.Partner, PromoCode: r.PromoCode, Customer: r.Customer, Inquiry: q.Number,
		Prices: ledger.Prices{Lines: r.Lines, Amount: r.Amount}, Payout: r.FinalPayout,
	}
	if c.EventDate.IsZero() {
		c.EventDate = q.Date
	}
	unpriced := len(c.Lines) == 0
	for _, line := range c.Lines {
		unpriced = unpriced || !line.HasPrice()
	}
	if unpriced { // the order's total determines the amounts of lines without a price
		c.Amount = cmp.Or(c.Amount, q.Amount)
	}
	return c
}
