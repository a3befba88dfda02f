package wire

import (
	"strconv"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// InquiryPath answers the path of an inquiry below the account's root.
func InquiryPath(number int64) string { return inquiriesPath + strconv.FormatInt(number, 10) }

const inquiriesPath = "/ActionInquiries/"

// AppendInquiry writes an inquiry. The published schema of version 14 names no
// numbers in it: all of its scalars are strings in every version.
func (e *Encoder) AppendInquiry(dst []byte, q ledger.Inquiry) []byte {
	o := e.open(dst, Inquiries.Element)
	said := q.AllComments()
	o.count("Id", q.Number)
	o.digitsText("CampaignId", q.Campaign)
	o.text("CampaignName", e.Reference.Campaigns[q.Campaign].Name)
	o.digitsText("MediaPartnerId", q.Partner)
	o.text("MediaPartnerName", e.Reference.Partners[q.Partner].Name)
	o.text("OrderId", q.Order)
	o.instant("TransactionDate", q.Date)
	o.given("TransactionAmount", rounded(q.Amount, q.Currency), q.Currency)
	o.text("InquiryType", string(q.Type))
	o.given("ExpectedPayout", rounded(q.ExpectedPayout, q.Currency), q.Currency)
	o.instant("ResolutionDeadlineDate", q.Deadline)
	o.array("Comments", "Comment", len(said), func(o *object, i int) {
		o.nested(func() {
			o.text("User", said[i].User)
			o.text("Comment", said[i].Text)
			o.instant("Date", said[i].At)
		})
	})
	o.text("TrackingLink", q.TrackingLink)
	o.action("ActionId", q.Outcome.Action)
	o.actionURI("ActionUri", q.Outcome.Action)
	o.instant("AutoApprovalDate", q.AutoApproval)
	o.text("ResolutionStatus", string(q.Status))
	o.text("RejectReason", q.Resolution.RejectReason)
	o.given("FinalPayout", q.FinalPayout(), q.Currency)
	o.instant("ResolutionDate", q.Resolved)
	o.instant("CreationDate", q.Created)
	o.uri(inquiriesPath, strconv.FormatInt(q.Number, 10))
	return o.close(Inquiries.Element)
}

// given writes money that need not be there, a string in every version.
func (o *object) given(name string, a *money.Amount, currency money.Currency) {
	if a == nil {
		o.text(name, "")
		return
	}
	o.amountText(name, *a, currency.Digits())
}

func rounded(d *money.Decimal, currency money.Currency) *money.Amount {
	if d == nil {
		return nil
	}
	return new(currency.Round(*d))
}
