package encode

import (
	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// Preview is the effect of a write that is not carried out.
type Preview struct {
	// Before and After are the action before and after the write, or nil if it doesn't
	// exist. A new action has no number.
	Before, After *ledger.Action
	// Status is that of the invoice that has the action's payout, or empty.
	Status invoice.Status
	// Adjustments are those that the write would make of a locked action.
	Adjustments []ledger.Adjustment
	// Inquiry is the inquiry after an answer, or nil.
	Inquiry *inquiry.Inquiry
	// Rejection is the reason why the write would have no effect, or nil.
	Rejection *rejection.Rejection
	// Queued counts earlier submissions that are not yet applied. The preview doesn't
	// include their effect.
	Queued int64
}

// AppendPreview appends the response to a dry run with the parameters p.
func (e *Encoder) AppendPreview(dst []byte, p *wire.Params, v Preview) []byte {
	return e.response(dst, func(o *objectWriter) {
		o.text("Status", "DRY_RUN")
		if v.Inquiry != nil {
			o.begin(Inquiries.Element)
			o.nested(func() { o.inquiryFields(*v.Inquiry) })
			o.end(Inquiries.Element)
		}
		o.previewSide("Before", v.Before, v.Status)
		o.previewSide("After", v.After, v.Status)
		o.previewChange(v)
		if v.After != nil {
			o.previewAdjustments(v.Adjustments, v.After.Partner)
		}
		o.integerText("Queued", v.Queued)
		rejections := 0
		if v.Rejection != nil {
			rejections = 1
		}
		o.array("Errors", "Error", rejections, func(o *objectWriter, _ int) {
			o.nested(func() {
				e := wire.RejectedField(p, v.Rejection)
				o.text("Code", string(v.Rejection.Code))
				o.text("Field", e.Field)
				o.text("Message", e.Message)
			})
		})
	})
}

// previewSide writes the action before or after the write.
func (o *objectWriter) previewSide(name string, a *ledger.Action, status invoice.Status) {
	if a == nil {
		return
	}
	o.begin(name)
	o.nested(func() {
		o.begin(Actions.Element)
		o.nested(func() { o.actionFields(*a, status) })
		o.end(Actions.Element)
		o.array(Items.Key, Items.Element, len(a.Items), func(o *objectWriter, i int) {
			o.nested(func() { o.itemFields(*a, a.Items[i]) })
		})
	})
	o.end(name)
}

// previewChange writes the differences of the action's totals.
func (o *objectWriter) previewChange(v Preview) {
	if v.After == nil {
		return
	}
	before := ledger.Totals{}
	if v.Before != nil {
		before = v.Before.Totals
	}
	digits := v.After.Currency.Digits()
	o.amount("DeltaAmount", v.After.Amount-before.Amount, digits)
	o.amount("DeltaPayout", v.After.Payout-before.Payout, digits)
}

// AppendFilePreview appends the response to a dry run of a batch file.
func (e *Encoder) AppendFilePreview(dst []byte, p FilePreview) []byte {
	digits := e.Reference.Account.Currency.Digits()
	return e.response(dst, func(o *objectWriter) {
		o.text("Status", "DRY_RUN")
		o.text("Type", string(p.Kind))
		o.integerText("TotalRecords", int64(p.Records))
		o.integerText("DecidedRecords", int64(p.Decided))
		o.integerText("BlankRecords", int64(p.Blank))
		o.integerText("TotalErrors", int64(p.Errors))
		o.integerText("UnpricedLines", int64(p.Unpriced))
		o.array("MediaPartners", Partners.Element, len(p.Partners), func(o *objectWriter, i int) {
			o.nested(func() {
				o.integer("MediaPartnerId", p.Partners[i].Partner)
				o.text("MediaPartnerName", o.Reference.Partners[p.Partners[i].Partner].Name)
				o.integerText("Actions", int64(p.Partners[i].Actions))
				before, delta := p.Partners[i].Before, p.Partners[i].Delta
				o.amount("DeltaAmount", delta.Amount, digits)
				o.amount("DeltaPayout", delta.Payout, digits)
				o.amount("Amount", before.Amount, digits)
				o.amount("NewAmount", before.Amount+delta.Amount, digits)
				o.amount("Payout", before.Payout, digits)
				o.amount("NewPayout", before.Payout+delta.Payout, digits)
			})
		})
		o.array("Errors", "Error", len(p.Failed), func(o *objectWriter, i int) {
			o.nested(func() {
				o.integerText("Line", int64(p.Failed[i].Line))
				o.text("Code", string(p.Failed[i].Code))
				o.text("Message", p.Failed[i].Message)
			})
		})
		o.text("Format", p.Format)
	})
}
