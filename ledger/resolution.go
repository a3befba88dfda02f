package ledger

import (
	"cmp"
	"reflect"
	"time"

	"github.com/trueup-ledger/trueup/money"
)

// Resolution is the brand's answer to an inquiry.
type Resolution struct {
	// Status is VALID, DECLINED or INCOMPLETE.
	Status InquiryStatus
	// RejectReason is required with DECLINED, and only there.
	RejectReason string `json:",omitzero"`
	Notes        string `json:",omitzero"`

	// The rest is for VALID alone: what the conversion says, where that differs from
	// the claim. EventType is required.
	EventType int64          `json:",omitzero"`
	Date      time.Time      `json:",omitzero"`
	Amount    *money.Decimal `json:",omitzero"`
	// FinalPayout is what the whole order pays, instead of what the terms say.
	FinalPayout *money.Decimal   `json:",omitzero"`
	Lines       []ConversionLine `json:",omitzero"`
	PromoCode   string           `json:",omitzero"`
	Customer    string           `json:",omitzero"`
}

// Resolved is what a resolution makes of an inquiry.
type Resolved struct {
	// Inquiry is the inquiry as it now is, but for the number of its submission.
	Inquiry Inquiry
	// Conversion is to be queued with it, in one commit; nil for none.
	Conversion *Conversion
	// Changed is false for a resolution that says again what was said: then nothing
	// is to be kept.
	Changed bool
}

// Resolve answers what a resolution makes of the inquiry at an instant, or refuses
// with a [*Rejection] that names the field. VALID and DECLINED are final, unless the
// conversion of a VALID one failed (docs/rules.md, section 2).
func (q Inquiry) Resolve(r Resolution, reference *Reference, at time.Time) (Resolved, error) {
	final := q.Status == InquiryValid && !q.failed() || q.Status == InquiryDeclinedForGood
	same := q.Status == r.Status && r.equal(q.Resolution)
	switch {
	case same && !q.failed():
		return Resolved{Inquiry: q}, nil
	case final:
		return Resolved{}, reject(CodeMalformed, "ResolutionStatus",
			"Inquiry %d was resolved as %s before, and that is final; modify or reverse its action instead.", q.Number, q.Status)
	}
	if len(q.Comments) >= maxInquiryComments && r.Status != InquiryDeclinedForGood {
		return Resolved{}, reject(CodeMalformed, "ResolutionStatus", "Inquiry %d has %d comments already; decline it.",
			q.Number, maxInquiryComments)
	}
	is := q
	is.Comments = q.AllComments() // why the last one failed stays there
	is.Status, is.Resolution, is.Resolved, is.Submission, is.Outcome = r.Status, r, at, 0, ConversionOutcome{}
	is.addComment(reference.Account.Name, r.Notes, at)
	switch r.Status {
	case InquiryValid:
		c := q.conversion(r)
		if err := c.Check(at, reference.Account); err != nil {
			return Resolved{}, err
		}
		if _, err := c.eventType(reference); err != nil {
			return Resolved{}, err
		}
		return Resolved{Inquiry: is, Conversion: &c, Changed: true}, nil
	case InquiryDeclinedForGood:
		if r.RejectReason == "" {
			return Resolved{}, reject(CodeMalformed, "RejectReason", "Required with DECLINED: tell the partner why.")
		}
	case InquiryAsksForMore:
		is.Resolved = time.Time{}
	default:
		return Resolved{}, reject(CodeMalformed, "ResolutionStatus", "Must be VALID, DECLINED or INCOMPLETE.")
	}
	return Resolved{Inquiry: is, Changed: true}, nil
}

// equal reports whether two resolutions say the same.
func (r Resolution) equal(s Resolution) bool {
	dates := r.Date.Equal(s.Date)
	r.Date, s.Date = time.Time{}, time.Time{}
	return dates && reflect.DeepEqual(r, s)
}

// conversion answers the conversion that the brand agrees to.
func (q Inquiry) conversion(r Resolution) Conversion {
	c := Conversion{
		Campaign: q.Campaign, EventType: r.EventType, EventDate: r.Date, Order: q.Order, Currency: q.Currency,
		Partner: q.Partner, PromoCode: r.PromoCode, Customer: r.Customer, Inquiry: q.Number,
		Lines: r.Lines, Amount: r.Amount, Payout: r.FinalPayout,
	}
	if c.EventDate.IsZero() {
		c.EventDate = q.Date
	}
	open := len(c.Lines) == 0
	for _, line := range c.Lines {
		open = open || line.unpriced() > 0
	}
	if open { // the order's total says what its items leave open
		c.Amount = cmp.Or(c.Amount, q.Amount)
	}
	return c
}
