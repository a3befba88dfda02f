package encode

import (
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Adjustment is an adjustment with the partner of its action, the id of its submission, and the
// invoice that has it, or zero.
type Adjustment struct {
	ledger.Adjustment
	Partner    int64
	Submission string
	Invoice    invoice.ID
}

// AppendAdjustment appends an adjustment to dst.
func (e *Encoder) AppendAdjustment(dst []byte, d Adjustment) []byte {
	o := e.open(dst, Adjustments.Element)
	o.storedAdjustmentFields(d)
	return o.close(Adjustments.Element)
}

func (o *objectWriter) storedAdjustmentFields(d Adjustment) {
	o.adjustmentFields(d)
	o.uriAs("SubmissionUri", "/APISubmissions/", d.Submission)
	o.actionURI("ActionUri", d.Action)
	o.uri("/Adjustments/", d.ID().String())
}

// adjustmentFields writes the fields that an adjustment has in a preview, too. There it has no
// number.
func (o *objectWriter) adjustmentFields(d Adjustment) {
	digits, delta := d.Currency.Digits(), d.Delta()
	id := ""
	if d.Number != 0 {
		id = d.ID().String()
	}
	o.text("Id", id)
	o.actionID("ActionId", d.Action)
	o.integer("CampaignId", d.Action.Campaign)
	o.integer("MediaPartnerId", d.Partner)
	o.text("Sku", d.SKU)
	o.integerText("Quantity", d.To.Quantity)
	o.integerText("DeltaQuantity", d.To.Quantity-d.From.Quantity)
	o.amount("DeltaAmount", delta.Amount, digits)
	o.amount("DeltaPayout", delta.Payout, digits)
	o.text("Currency", string(d.Currency))
	o.text("Reason", d.Reason)
	o.timestamp("EffectiveDate", d.Effective)
	o.text("InvoiceId", d.Invoice.String())
}

// previewAdjustments writes the adjustments that a write would make, and the month of the
// invoice in which they would appear.
func (o *objectWriter) previewAdjustments(adjustments []ledger.Adjustment, partner int64) {
	if len(adjustments) == 0 {
		return
	}
	o.array(Adjustments.Key, Adjustments.Element, len(adjustments), func(o *objectWriter, i int) {
		d := adjustments[i]
		d.Number = 0
		o.nested(func() { o.adjustmentFields(Adjustment{Adjustment: d, Partner: partner}) })
	})
	o.text("InvoicePeriod", program.MonthOf(adjustments[0].Effective, o.Reference.Zone()).String())
}
