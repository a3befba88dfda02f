package encode

import (
	"strconv"

	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/money"
)

// InquiryPath returns the path of an inquiry below the account.
func InquiryPath(number int64) string { return inquiriesPath + strconv.FormatInt(number, 10) }

const inquiriesPath = "/ActionInquiries/"

// AppendInquiry appends an inquiry to dst.
func (e *Encoder) AppendInquiry(dst []byte, q inquiry.Inquiry) []byte {
	o := e.open(dst, Inquiries.Element)
	o.inquiryFields(q)
	return o.close(Inquiries.Element)
}

func (o *objectWriter) inquiryFields(q inquiry.Inquiry) {
	comments := q.AllComments()
	o.integer("Id", q.Number)
	o.integer("CampaignId", q.Campaign)
	o.text("CampaignName", o.Reference.Campaigns[q.Campaign].Name)
	o.integer("MediaPartnerId", q.Partner)
	o.text("MediaPartnerName", o.Reference.Partners[q.Partner].Name)
	o.text("OrderId", q.Order)
	o.timestamp("TransactionDate", q.Date)
	o.optionalAmount("TransactionAmount", rounded(q.Amount, q.Currency), q.Currency.Digits())
	o.text("InquiryType", string(q.Type))
	o.optionalAmount("ExpectedPayout", rounded(q.ExpectedPayout, q.Currency), q.Currency.Digits())
	o.timestamp("ResolutionDeadlineDate", q.Deadline)
	o.array("Comments", "Comment", len(comments), func(o *objectWriter, i int) {
		o.nested(func() {
			o.text("User", comments[i].User)
			o.text("Comment", comments[i].Text)
			o.timestamp("Date", comments[i].At)
		})
	})
	o.text("TrackingLink", q.TrackingLink)
	o.actionID("ActionId", q.Outcome.Action)
	o.actionURI("ActionUri", q.Outcome.Action)
	o.timestamp("AutoApprovalDate", q.AutoApproval)
	o.text("ResolutionStatus", string(q.Status))
	o.text("RejectReason", q.Resolution.RejectReason)
	o.optionalAmount("FinalPayout", q.FinalPayout(), q.Currency.Digits())
	o.timestamp("ResolutionDate", q.Resolved)
	o.timestamp("CreationDate", q.Created)
	o.uri(inquiriesPath, strconv.FormatInt(q.Number, 10))
}

func rounded(d *money.Decimal, currency money.Currency) *money.Amount {
	if d == nil {
		return nil
	}
	return new(currency.Round(*d))
}
