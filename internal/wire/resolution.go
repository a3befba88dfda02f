package wire

import "github.com/trueup-ledger/trueup/ledger"

// inquiryLineSet are the names that make a line of an inquiry's order.
var inquiryLineSet = setOf([]string{
	"ItemSku", "ItemName", "ItemCategory", "ItemSubCategory", "ItemMpn", "ItemTotalRebate",
	"ItemQty", "ItemQuantity", "ItemSubTotal",
})

// DecodeResolution reads a PUT of an inquiry: the inquiry's number and the brand's
// answer. What belongs to another ResolutionStatus is not read. Its error is an
// [*Error] with the faults of all parameters; what they make of the inquiry is for
// [ledger.Inquiry.Resolve] to say.
func DecodeResolution(p *Params, env Env) (number int64, r ledger.Resolution, err error) {
	f := fields{params: p, env: env}
	f.dryRun(false)
	f.require("Id")
	f.require("ResolutionStatus")
	number = f.id("Id")
	r.Status = ledger.InquiryStatus(f.oneOf("ResolutionStatus",
		string(ledger.InquiryValid), string(ledger.InquiryDeclinedForGood), string(ledger.InquiryAsksForMore)))
	r.Notes = f.text(maxText, "ResolutionNotes")
	switch r.Status {
	case ledger.InquiryValid:
		f.validity(&r)
	case ledger.InquiryDeclinedForGood:
		f.require("RejectReason")
		r.RejectReason = f.text(maxText, "RejectReason")
	}
	if err := f.err(); err != nil {
		return 0, ledger.Resolution{}, err
	}
	return number, r, nil
}

// validity reads what the action is made of. The first names are those under which
// the rules know the fields of a conversion.
func (f *fields) validity(r *ledger.Resolution) {
	if !f.has("ActionTrackerId", "EventTypeId") {
		f.require("ActionTrackerId")
	}
	r.EventType = f.id("EventTypeId", "ActionTrackerId")
	r.Date, _ = f.timestamp("EventDate", "TransactionDate")
	r.Amount = f.amount("Amount", "TransactionAmount")
	r.FinalPayout = f.amount("FinalPayout")
	r.PromoCode = f.text(maxText, "PromoCode")
	r.Customer = f.text(maxText, "CustomerId")
	numbers := f.numbers(inquiryLineSet)
	if len(numbers) > MaxItems {
		f.fault("ItemSku", "At most %d items can be sent", MaxItems)
		return
	}
	for _, n := range numbers {
		f.enter(n)
		r.Lines = append(r.Lines, ledger.ConversionLine{
			Number:      n,
			SKU:         f.text(maxText, "ItemSku"),
			Name:        f.text(maxText, "ItemName"),
			Category:    f.text(maxText, "ItemCategory"),
			SubCategory: f.text(maxText, "ItemSubCategory"),
			MPN:         f.text(maxText, "ItemMpn"),
			Quantity:    f.quantity("ItemQuantity", "ItemQty"),
			SubTotal:    f.amount("ItemSubTotal"),
			Rebate:      f.amount("ItemTotalRebate"),
		})
	}
	f.enter(0)
}

// DecodeClaim reads what a partner misses, under the names of the inquiry's own
// fields and Comment: for whoever creates inquiries. Its error is an [*Error] with
// the faults of all parameters; what the reference data show is for
// [ledger.Claim.Inquiry] to say.
func DecodeClaim(p *Params, env Env) (ledger.Claim, error) {
	f := fields{params: p, env: env}
	for _, name := range []string{"CampaignId", "MediaPartnerId", "OrderId", "TransactionDate"} {
		f.require(name)
	}
	c := ledger.Claim{
		Campaign:       f.id("CampaignId"),
		Partner:        f.id("MediaPartnerId"),
		Order:          f.text(maxOrder, "OrderId"),
		Amount:         f.amount("TransactionAmount"),
		ExpectedPayout: f.amount("ExpectedPayout"),
		TrackingLink:   f.text(maxLink, "TrackingLink"),
		Comment:        f.text(maxText, "Comment"),
	}
	c.Date, _ = f.timestamp("TransactionDate")
	c.Deadline, _ = f.timestamp("ResolutionDeadlineDate")
	c.AutoApproval, _ = f.timestamp("AutoApprovalDate")
	c.Type = ledger.InquiryType(f.oneOf("InquiryType",
		string(ledger.InquiryUntracked), string(ledger.InquiryIncorrect), string(ledger.InquiryDeclined)))
	if c.Type == "" {
		c.Type = ledger.InquiryUntracked
	}
	if err := f.err(); err != nil {
		return ledger.Claim{}, err
	}
	return c, nil
}

// InquiryQuery asks for a list of inquiries.
type InquiryQuery struct {
	Filter ledger.InquiryFilter
	Page   ledger.Page
	// Filters is the query string that page URIs carry.
	Filters string
}

// DecodeInquiryQuery reads a GET of inquiries; without dates it covers all. Its
// error is an [*Error].
func DecodeInquiryQuery(p *Params, env Env) (InquiryQuery, error) {
	f := fields{params: p, env: env}
	q := InquiryQuery{Filter: ledger.InquiryFilter{
		Campaign: f.id("CampaignId"),
		Partner:  f.id("MediaPartnerId"),
		Order:    f.text(maxOrder, "OrderId", "Oid"),
		Status: ledger.InquiryStatus(f.oneOf("ResolutionStatus", string(ledger.InquiryUnresolved), string(ledger.InquiryValid),
			string(ledger.InquiryDeclinedForGood), string(ledger.InquiryAsksForMore))),
		Created: f.span("StartDate", "EndDate"),
		Date:    f.span("TransactionDateStart", "TransactionDateEnd"),
	}}
	f.campaignNeeded()
	q.Page = f.page(DefaultPageSize, 0)
	q.Filters = f.filters()
	if err := f.err(); err != nil {
		return InquiryQuery{}, err
	}
	return q, nil
}
