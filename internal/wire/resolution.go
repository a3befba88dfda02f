package wire

import (
	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/ledger"
)

// inquiryLineNames holds the parameters of an order line of an inquiry.
var inquiryLineNames = newNameSet(namesRead((*Decoder).decodeInquiryLine))

// DecodeResolution decodes a PUT of an inquiry: its number and the brand's decision. It
// ignores parameters that belong to another ResolutionStatus. The error is an [*Error]
// that names every malformed parameter. [inquiry.Inquiry.Resolve] checks the resolution
// against the inquiry.
func DecodeResolution(p *Params, env Env) (number int64, r inquiry.Resolution, err error) {
	d := NewDecoder(p, env)
	d.dryRun(env.AllowDryRun)
	d.Require("Id")
	d.Require("ResolutionStatus")
	number = d.ID("Id")
	r.Status = OneOf(d, "ResolutionStatus", inquiry.StatusValid, inquiry.StatusDeclined, inquiry.StatusIncomplete)
	r.Notes = d.Text("ResolutionNotes")
	switch r.Status {
	case inquiry.StatusValid:
		d.decodeApproval(&r)
	case inquiry.StatusDeclined:
		d.Require("RejectReason")
		r.RejectReason = d.Text("RejectReason")
	}
	if err := d.Err(); err != nil {
		return 0, inquiry.Resolution{}, err
	}
	return number, r, nil
}

// decodeApproval reads the data of the action that a valid inquiry creates. Parameters that
// conversions have, too, are read by their name there first, because rejections use it.
func (d *Decoder) decodeApproval(r *inquiry.Resolution) {
	d.Require("ActionTrackerId", "EventTypeId")
	r.EventType = d.ID("EventTypeId", "ActionTrackerId")
	r.Date, _ = d.Timestamp("EventDate", "TransactionDate")
	r.Amount = d.amount("Amount", "TransactionAmount")
	r.FinalPayout = d.amount("FinalPayout")
	r.PromoCode = d.Text("PromoCode")
	r.Customer = d.Text("CustomerId")
	numbers := d.itemNumbers(inquiryLineNames)
	if len(numbers) > MaxItems {
		d.AddError("ItemSku", "At most %d items can be sent", MaxItems)
		return
	}
	for _, n := range numbers {
		d.selectItem(n)
		r.Lines = append(r.Lines, d.decodeInquiryLine())
	}
	d.selectItem(0)
}

// decodeInquiryLine reads an order line of an inquiry.
func (d *Decoder) decodeInquiryLine() ledger.ConversionLine {
	return ledger.ConversionLine{
		Number:      d.item,
		SKU:         d.Text("ItemSku"),
		Name:        d.Text("ItemName"),
		Category:    d.Text("ItemCategory"),
		SubCategory: d.Text("ItemSubCategory"),
		MPN:         d.Text("ItemMpn"),
		Quantity:    d.quantity("ItemQuantity", "ItemQty"),
		SubTotal:    d.amount("ItemSubTotal"),
		Rebate:      d.amount("ItemTotalRebate"),
	}
}
