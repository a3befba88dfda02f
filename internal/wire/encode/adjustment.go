package encode

import (
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// AppendAdjustment appends an adjustment to dst, with the partner of its action and the id of
// its submission.
func (e *Encoder) AppendAdjustment(dst []byte, d ledger.Adjustment, partner int64, submission string) []byte {
	o := e.open(dst, Adjustments.Element)
	o.storedAdjustmentFields(d, partner, submission)
	return o.close(Adjustments.Element)
}

func (o *objectWriter) storedAdjustmentFields(d ledger.Adjustment, partner int64, submission string) {
	o.adjustmentFields(d, partner)
	o.uriAs("SubmissionUri", "/APISubmissions/", submission)
	o.actionURI("ActionUri", d.Action)
	o.uri("/Adjustments/", d.ID().String())
}

// adjustmentFields writes the fields that an adjustment has in a preview, too. There it has no
// number.
func (o *objectWriter) adjustmentFields(d ledger.Adjustment, partner int64) {
	digits, delta := d.Currency.Digits(), d.Delta()
	id := ""
	if d.Number != 0 {
		id = d.ID().String()
	}
	o.text("Id", id)
	o.actionID("ActionId", d.Action)
	o.integer("CampaignId", d.Action.Campaign)
	o.integer("MediaPartnerId", partner)
	o.text("Sku", d.SKU)
	o.integerText("Quantity", d.To.Quantity)
	o.integerText("DeltaQuantity", d.To.Quantity-d.From.Quantity)
	o.amount("DeltaAmount", delta.Amount, digits)
	o.amount("DeltaPayout", delta.Payout, digits)
	o.text("Currency", string(d.Currency))
	o.text("Reason", d.Reason)
	o.timestamp("EffectiveDate", d.Effective)
	o.text("InvoiceId", "")
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
		o.nested(func() { o.adjustmentFields(d, partner) })
	})
	o.text("InvoicePeriod", program.MonthOf(adjustments[0].Effective, o.Reference.Zone()).String())
}
