// Package inquiry defines inquiries: a partner claims to be paid for an order, and the
// brand accepts the claim, declines it or asks for details. An accepted claim becomes a
// conversion.
package inquiry

import (
	"fmt"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// Type is the reason of an inquiry.
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

// The statuses of an inquiry. VALID and DECLINED are final. INCOMPLETE asks the partner
// for more details.
const (
	StatusUnresolved Status = "UNRESOLVED"
	StatusValid      Status = "VALID"
	StatusDeclined   Status = "DECLINED"
	StatusIncomplete Status = "INCOMPLETE"
)

// Statuses lists every Status.
var Statuses = []Status{StatusUnresolved, StatusValid, StatusDeclined, StatusIncomplete}

const (
	// failureAuthor is the author of the comment on a failed conversion.
	failureAuthor = "Trueup"
	maxComments   = 1000
)

// Claim is a partner's claim to be paid for an order.
type Claim struct {
	Campaign, Partner int64
	Order             string
	// Date and Amount are those of the order, as far as the partner knows them.
	Date           time.Time
	Amount         *money.Decimal `json:",omitzero"`
	Type           Type
	ExpectedPayout *money.Decimal `json:",omitzero"`
	TrackingLink   string         `json:",omitzero"`
	// Deadline and AutoApproval are stored only. Nothing happens when they pass.
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
	// Resolution is the latest resolution. Resolved is its instant if it is final.
	Resolution Resolution `json:",omitzero"`
	Resolved   time.Time  `json:",omitzero"`
	// Submission is the number of the conversion that a valid inquiry queued.
	Submission int64 `json:",omitzero"`
	// Outcome is the outcome of that conversion. It is not stored with the inquiry.
	Outcome ConversionOutcome `json:"-"`
}

// ConversionOutcome is the outcome of an inquiry's conversion.
type ConversionOutcome struct {
	// Completed is zero while the conversion is queued.
	Completed time.Time
	// Action is the action that the conversion created, and Payout its payout.
	Action ledger.ActionID
	Payout money.Amount
	// Code and Message are those of the rejection, if the conversion failed.
	Code    ledger.Code
	Message string
}

// Open validates the claim and returns a new inquiry without a number. If the claim is
// invalid, it returns a [*Rejection] that names the field.
func (c Claim) Open(r *program.Reference, at time.Time) (Inquiry, error) {
	partner, known := r.Partners[c.Partner]
	switch _, found := r.Campaigns[c.Campaign]; {
	case !found:
		return Inquiry{}, reject(ledger.CodeCampaignNotFound, "CampaignId", "There is no campaign %d.", c.Campaign)
	case !known:
		return Inquiry{}, reject(ledger.CodeMalformed, "MediaPartnerId", "There is no partner %d.", c.Partner)
	case c.Order == "":
		return Inquiry{}, reject(ledger.CodeOrderMissing, "OrderId", "Send the id of the order.")
	case c.Date.IsZero():
		return Inquiry{}, reject(ledger.CodeMalformed, "TransactionDate", "Send the date of the order.")
	case c.Date.After(at.Add(ledger.MaxClockSkew)):
		return Inquiry{}, reject(ledger.CodeMalformed, "TransactionDate", "Must not be in the future.")
	case !slices.Contains(Types, c.Type):
		return Inquiry{}, reject(ledger.CodeMalformed, "InquiryType", "Must be UNTRACKED, INCORRECT or DECLINED.")
	case c.Amount != nil && *c.Amount < 0:
		return Inquiry{}, reject(ledger.CodeMalformed, "TransactionAmount", "Must not be negative.")
	case c.ExpectedPayout != nil && *c.ExpectedPayout < 0:
		return Inquiry{}, reject(ledger.CodeMalformed, "ExpectedPayout", "Must not be negative.")
	}
	q := Inquiry{Created: at, Claim: c, Currency: r.Account.Currency, Status: StatusUnresolved}
	q.addComment(partner.Name, c.Comment, at)
	return q, nil
}

// FinalPayout returns the payout that the brand set in the resolution, else that of the
// action. It returns nil while neither is known.
func (q Inquiry) FinalPayout() *money.Amount {
	switch {
	case q.Status != StatusValid:
		return nil
	case q.Resolution.FinalPayout != nil:
		return new(q.Currency.Round(*q.Resolution.FinalPayout))
	case q.Outcome.Action != (ledger.ActionID{}):
		return new(q.Outcome.Payout)
	}
	return nil
}

// AllComments returns the comments, oldest first. If the conversion failed, the last
// comment says why.
func (q Inquiry) AllComments() []Comment {
	if !q.failed() {
		return q.Comments
	}
	return append(q.Comments[:len(q.Comments):len(q.Comments)], Comment{failureAuthor, string(q.Outcome.Code) + ": " + q.Outcome.Message, q.Outcome.Completed})
}

// failed reports whether the inquiry's conversion failed.
func (q Inquiry) failed() bool { return q.Submission != 0 && q.Outcome.Code != "" }

// addComment appends a comment unless the text is empty.
func (q *Inquiry) addComment(user, text string, at time.Time) {
	if text != "" {
		q.Comments = append(q.Comments[:len(q.Comments):len(q.Comments)], Comment{user, text, at})
	}
}

func reject(code ledger.Code, field, format string, args ...any) *ledger.Rejection {
	return &ledger.Rejection{Code: code, Field: field, Message: fmt.Sprintf(format, args...)}
}
