package ledger

import (
	"time"

	"github.com/trueup-ledger/trueup/money"
)

// InquiryType says what a partner misses.
type InquiryType string

// The types of inquiry: an order was not tracked, was tracked wrongly, or was
// reversed.
const (
	InquiryUntracked InquiryType = "UNTRACKED"
	InquiryIncorrect InquiryType = "INCORRECT"
	InquiryDeclined  InquiryType = "DECLINED"
)

// InquiryStatus is what the brand answered.
type InquiryStatus string

// The statuses of an inquiry. VALID and DECLINED are final, INCOMPLETE asks the
// partner for more.
const (
	InquiryUnresolved      InquiryStatus = "UNRESOLVED"
	InquiryValid           InquiryStatus = "VALID"
	InquiryDeclinedForGood InquiryStatus = "DECLINED"
	InquiryAsksForMore     InquiryStatus = "INCOMPLETE"
	userOfFailures                       = "Trueup"
	maxInquiryComments                   = 1000
	inquiryReferral                      = "ACTION_INQUIRY"
)

// Claim is what a partner says of an order.
type Claim struct {
	Campaign, Partner int64
	Order             string
	// Date and Amount are the order's, as the partner knows them.
	Date           time.Time
	Amount         *money.Decimal `json:",omitzero"`
	Type           InquiryType
	ExpectedPayout *money.Decimal `json:",omitzero"`
	TrackingLink   string         `json:",omitzero"`
	// Deadline and AutoApproval are kept as they are given: nothing happens at them.
	Deadline     time.Time `json:",omitzero"`
	AutoApproval time.Time `json:",omitzero"`
	// Comment is the partner's own.
	Comment string `json:",omitzero"`
}

// Comment is something that was said about an inquiry.
type Comment struct {
	User, Text string
	At         time.Time
}

// Inquiry is a claim on its way to an answer. Its JSON is kept on disk.
type Inquiry struct {
	// Number is unique in the account; numbers only grow.
	Number  int64
	Created time.Time
	Claim
	// Currency is that of all its amounts: the account's when it came.
	Currency money.Currency
	Comments []Comment `json:",omitzero"`
	Status   InquiryStatus
	// Resolution is the latest answer; Resolved is when it was given if it is final.
	Resolution Resolution `json:",omitzero"`
	Resolved   time.Time  `json:",omitzero"`
	// Submission is the number of the conversion that a VALID one queued. What became
	// of that is Made: it is looked up, not kept.
	Submission int64             `json:",omitzero"`
	Outcome    ConversionOutcome `json:"-"`
}

// ConversionOutcome is what became of an inquiry's conversion.
type ConversionOutcome struct {
	// Completed is zero while it is queued.
	Completed time.Time
	// Action is the one that it made, and Payout that action's.
	Action ActionID
	Payout money.Amount
	// Code says why it made none, or is "".
	Code    Code
	Message string
}

// Inquiry answers the new inquiry that a claim is at an instant, but for its
// number, or refuses it with a [*Rejection] that names the field.
func (c Claim) Inquiry(r *Reference, at time.Time) (Inquiry, error) {
	partner, known := r.Partners[c.Partner]
	switch _, found := r.Campaigns[c.Campaign]; {
	case !found:
		return Inquiry{}, reject(CodeCampaignNotFound, "CampaignId", "There is no campaign %d.", c.Campaign)
	case !known:
		return Inquiry{}, reject(CodeMalformed, "MediaPartnerId", "There is no partner %d.", c.Partner)
	case c.Order == "":
		return Inquiry{}, reject(CodeOrderMissing, "OrderId", "Send the id of the order.")
	case c.Date.IsZero():
		return Inquiry{}, reject(CodeMalformed, "TransactionDate", "Send the date of the order.")
	case c.Date.After(at.Add(MaxAhead)):
		return Inquiry{}, reject(CodeMalformed, "TransactionDate", "Must not be in the future.")
	case c.Type != InquiryUntracked && c.Type != InquiryIncorrect && c.Type != InquiryDeclined:
		return Inquiry{}, reject(CodeMalformed, "InquiryType", "Must be UNTRACKED, INCORRECT or DECLINED.")
	case value(c.Amount) < 0:
		return Inquiry{}, reject(CodeMalformed, "TransactionAmount", "Must not be negative.")
	case value(c.ExpectedPayout) < 0:
		return Inquiry{}, reject(CodeMalformed, "ExpectedPayout", "Must not be negative.")
	}
	q := Inquiry{Created: at, Claim: c, Currency: r.Account.Currency, Status: InquiryUnresolved}
	q.addComment(partner.Name, c.Comment, at)
	return q, nil
}

// FinalPayout answers what the brand pays: what it said, else what the action
// pays; nil while neither is known.
func (q Inquiry) FinalPayout() *money.Amount {
	switch {
	case q.Status != InquiryValid:
		return nil
	case q.Resolution.FinalPayout != nil:
		return new(q.Currency.Round(*q.Resolution.FinalPayout))
	case q.Outcome.Action != (ActionID{}):
		return new(q.Outcome.Payout)
	}
	return nil
}

// AllComments answers what was said of the inquiry, oldest first: last, if its
// conversion failed, why.
func (q Inquiry) AllComments() []Comment {
	if !q.failed() {
		return q.Comments
	}
	return append(q.Comments[:len(q.Comments):len(q.Comments)], Comment{userOfFailures, string(q.Outcome.Code) + ": " + q.Outcome.Message, q.Outcome.Completed})
}

// failed reports whether the brand said VALID and no action came of it.
func (q Inquiry) failed() bool { return q.Submission != 0 && q.Outcome.Code != "" }

// addComment appends a comment; an empty one is none.
func (q *Inquiry) addComment(user, text string, at time.Time) {
	if text != "" {
		q.Comments = append(q.Comments[:len(q.Comments):len(q.Comments)], Comment{user, text, at})
	}
}
