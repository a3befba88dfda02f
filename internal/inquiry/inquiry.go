// Package inquiry implements inquiries. A partner claims to be paid for an order, and the
// brand accepts the claim, declines it or asks for details. Accepting a claim creates a
// conversion.
package inquiry

import (
	"fmt"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

// Type is the kind of a partner's claim.
type Type string

// The types of inquiry. The partner claims that an order was not tracked, was tracked
// incorrectly, or was reversed.
const (
	TypeUntracked Type = "UNTRACKED"
	TypeIncorrect Type = "INCORRECT"
	TypeDeclined  Type = "DECLINED"
)

// Types lists every Type.
var Types = []Type{TypeUntracked, TypeIncorrect, TypeDeclined}

// Status is the status of an inquiry.
type Status string

// The statuses of an inquiry. VALID and DECLINED are final, but VALID only if the conversion
// succeeds. INCOMPLETE asks the partner for more details.
const (
	StatusUnresolved Status = "UNRESOLVED"
	StatusValid      Status = "VALID"
	StatusDeclined   Status = "DECLINED"
	StatusIncomplete Status = "INCOMPLETE"
)

// Statuses lists every Status.
var Statuses = []Status{StatusUnresolved, StatusValid, StatusDeclined, StatusIncomplete}

// failureAuthor is the author of the comment on a failed conversion.
const failureAuthor = "Trueup"

// maxComments is the number of comments from which an inquiry can only be declined.
const maxComments = 1000

// Claim is a partner's claim to be paid for an order.
type Claim struct {
	Campaign, Partner int64
	Order             string
	// Date and Amount are those of the order. Amount is nil if the partner doesn't know it.
	Date           time.Time
	Amount         *money.Decimal `json:",omitzero"`
	Type           Type
	ExpectedPayout *money.Decimal `json:",omitzero"`
	TrackingLink   string         `json:",omitzero"`
	// Deadline and AutoApproval are only stored. Nothing happens when they pass.
	Deadline     time.Time `json:",omitzero"`
	AutoApproval time.Time `json:",omitzero"`
	// Comment becomes the first comment of the inquiry.
	Comment string `json:",omitzero"`
}

// Comment is a comment on an inquiry.
type Comment struct {
	User, Text string
	At         time.Time
}

// Inquiry is a claim and the brand's decision about it. Its JSON form is stored.
type Inquiry struct {
	// Number is unique in the account. Numbers only grow.
	Number  int64
	Created time.Time
	Claim
	// Currency is the currency of all amounts: the account's at the time of the claim.
	Currency money.Currency
	Comments []Comment `json:",omitzero"`
	Status   Status
	// Resolution is the latest resolution. Resolved is its instant, or zero if the inquiry is
	// incomplete.
	Resolution Resolution `json:",omitzero"`
	Resolved   time.Time  `json:",omitzero"`
	// Submission is the number of the submission that has a valid inquiry's conversion.
	Submission int64 `json:",omitzero"`
	// Outcome is the outcome of the conversion. It is not stored with the inquiry.
	Outcome ConversionOutcome `json:"-"`
}

// ConversionOutcome is the outcome of an inquiry's conversion.
type ConversionOutcome struct {
	// Completed is zero while the conversion is queued.
	Completed time.Time
	// Action is the action that the conversion created, and Payout its payout.
	Action ids.ActionID
	Payout money.Amount
	// Code and Message are those of the rejection, if the conversion failed.
	Code    rejection.Code
	Message string
}

// Open validates the claim and returns a new inquiry without a number. If the claim is
// invalid, Open returns a [*rejection.Rejection] that names the field.
func (c Claim) Open(r *program.Reference, at time.Time) (Inquiry, error) {
	partner, known := r.Partners[c.Partner]
	switch _, found := r.Campaigns[c.Campaign]; {
	case !found:
		return Inquiry{}, reject(rejection.CodeCampaignNotFound, "CampaignId", "There is no campaign %d.", c.Campaign)
	case !known:
		return Inquiry{}, reject(rejection.CodeMalformed, "MediaPartnerId", "There is no partner %d.", c.Partner)
	case c.Order == "":
		return Inquiry{}, reject(rejection.CodeOrderMissing, "OrderId", "Send the id of the order.")
	case c.Date.IsZero():
		return Inquiry{}, reject(rejection.CodeMalformed, "TransactionDate", "Send the date of the order.")
	case c.Date.After(at.Add(ledger.MaxClockSkew)):
		return Inquiry{}, reject(rejection.CodeMalformed, "TransactionDate", "Must not be in the future.")
	case !slices.Contains(Types, c.Type):
		return Inquiry{}, reject(rejection.CodeMalformed, "InquiryType", "Must be UNTRACKED, INCORRECT or DECLINED.")
	case negative(c.Amount):
		return Inquiry{}, reject(rejection.CodeMalformed, "TransactionAmount", "Must not be negative.")
	case negative(c.ExpectedPayout):
		return Inquiry{}, reject(rejection.CodeMalformed, "ExpectedPayout", "Must not be negative.")
	}
	q := Inquiry{Created: at, Claim: c, Currency: r.Account.Currency, Status: StatusUnresolved}
	q.addComment(partner.Name, c.Comment, at)
	return q, nil
}

func negative(d *money.Decimal) bool { return d != nil && *d < 0 }

// FinalPayout returns the payout of a valid inquiry: the one that the brand set in the
// resolution, or else that of the action when it was created. It returns nil if neither is
// known.
func (q Inquiry) FinalPayout() *money.Amount {
	switch {
	case q.Status != StatusValid:
		return nil
	case q.Resolution.FinalPayout != nil:
		return new(q.Currency.Round(*q.Resolution.FinalPayout))
	case q.Outcome.Action != (ids.ActionID{}):
		return new(q.Outcome.Payout)
	}
	return nil
}

// AllComments returns the comments, oldest first. If the conversion failed, the last one
// gives the reason.
func (q Inquiry) AllComments() []Comment {
	if !q.failed() {
		return q.Comments
	}
	text := string(q.Outcome.Code) + ": " + q.Outcome.Message
	return append(slices.Clip(q.Comments), Comment{failureAuthor, text, q.Outcome.Completed})
}

// failed reports whether the inquiry's conversion failed.
func (q Inquiry) failed() bool { return q.Submission != 0 && q.Outcome.Code != "" }

// addComment appends a comment unless the text is empty.
func (q *Inquiry) addComment(user, text string, at time.Time) {
	if text != "" {
		q.Comments = append(slices.Clip(q.Comments), Comment{user, text, at})
	}
}

func reject(code rejection.Code, field, format string, args ...any) *rejection.Rejection {
	return &rejection.Rejection{Code: code, Field: field, Message: fmt.Sprintf(format, args...)}
}

// PrivateTexts returns the texts of people in the inquiry, which may be personal data, and the
// customer's id.
func (q *Inquiry) PrivateTexts() []*string {
	texts := []*string{&q.Comment, &q.TrackingLink, &q.Resolution.Notes, &q.Resolution.RejectReason, &q.Resolution.Customer}
	q.Comments = slices.Clone(q.Comments)
	for i := range q.Comments {
		texts = append(texts, &q.Comments[i].Text)
	}
	return texts
}
