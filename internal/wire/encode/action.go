package encode

import (
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
)

// AppendAction appends an action to dst, with the status of the invoice that has its payout. The
// status is empty if there is none.
func (e *Encoder) AppendAction(dst []byte, a ledger.Action, status invoice.Status) []byte {
	o := e.open(dst, Actions.Element)
	o.actionFields(a, status)
	return o.close(Actions.Element)
}

func (o *objectWriter) actionFields(a ledger.Action, status invoice.Status) {
	e := o.Encoder
	eventType := e.Reference.EventTypes[a.ID.EventType]
	digits := a.Currency.Digits()
	o.actionID("Id", a.ID)
	o.integer("CampaignId", a.ID.Campaign)
	o.text("CampaignName", e.Reference.Campaigns[a.ID.Campaign].Name)
	o.integer("ActionTrackerId", a.ID.EventType)
	o.text("ActionTrackerName", eventType.Name)
	if e.atLeast(versionEventCodes) {
		o.text("EventCode", eventType.Code)
	}
	o.integer("MediaPartnerId", a.Partner)
	o.text("MediaPartnerName", e.Reference.Partners[a.Partner].Name)
	o.text("State", string(a.State(e.Now)))
	o.integer("AdId", 0)
	if e.atLeast(versionEventCodes) {
		o.amount("ClientCost", a.ClientCost, digits)
	}
	o.amount("Payout", a.Payout, digits)
	o.amount("DeltaPayout", a.Delta.Payout, digits)
	o.amount("IntendedPayout", a.Intended.Payout, digits)
	o.amount("Amount", a.Amount, digits)
	o.amount("DeltaAmount", a.Delta.Amount, digits)
	o.amount("IntendedAmount", a.Intended.Amount, digits)
	o.text("Currency", string(a.Currency))
	o.timestamp("ReferringDate", a.Referral.Date)
	o.timestamp("EventDate", a.EventDate)
	o.timestamp("CreationDate", a.Created)
	locking := lockingDate(a, e.Now)
	o.timestamp("LockingDate", locking)
	o.timestamp("ClearedDate", e.clearedDate(a, locking))
	o.text("ReferringType", a.Referral.Type)
	o.text("ReferringDomain", "")
	o.text("PromoCode", a.Referral.PromoCode)
	o.text("Oid", a.Order)
	o.text("CustomerId", a.Customer.ID)
	o.text("CustomerStatus", a.CustomerStatus)
	o.text("CustomerPostCode", a.Customer.PostCode)
	o.text("CustomerArea", a.Extras["CustomerArea"])
	o.text("CustomerCity", a.Customer.City)
	o.text("CustomerRegion", a.Customer.Region)
	o.text("CustomerCountry", a.Customer.Country)
	o.text("IpAddress", a.Customer.IPHash)
	o.text("SharedId", a.SharedID)
	o.text("CallerId", a.Referral.CallerID)
	o.text("Note", a.Note)
	o.actionURI("Uri", a.ID)
	detail, _ := a.StateDetail(e.Now, eventType, status)
	o.text("StateDetail", string(detail))
	if o.hasOriginal(a) {
		o.amount("OriginalAmount", a.Original.Amount, a.Original.Currency.Digits())
		o.original(a)
	}
}

// hasOriginal reports whether an action has fields of its original currency. Without one,
// exports have them nevertheless, since all their rows have the same fields. There the amount
// is absent.
func (o *objectWriter) hasOriginal(a ledger.Action) bool {
	if a.Original.Currency == "" && o.add(Field{Name: "OriginalAmount", Kind: AmountField, Absent: true}) {
		o.original(a)
	}
	return a.Original.Currency != ""
}

// original writes the original currency of an action and its rate.
func (o *objectWriter) original(a ledger.Action) {
	o.text("OriginalCurrency", string(a.Original.Currency))
	o.text("ExchangeRate", string(a.Original.Rate))
}

// lockingDate returns the locking date that callers see at a time. An open-ended action
// has none until a disposition code or its latest date locks it.
func lockingDate(a ledger.Action, at time.Time) time.Time {
	if a.OpenEnded && at.Before(a.LockingDate) {
		return time.Time{}
	}
	return a.LockingDate
}

// clearedDate returns the clearing date of an action with a visible locking date once it has
// passed, until then the zero time.
func (e *Encoder) clearedDate(a ledger.Action, locking time.Time) time.Time {
	if e.Now.Before(locking) { // nothing clears before it locks
		return time.Time{}
	}
	clearing := e.clearingDate(a, locking)
	if e.Now.Before(clearing) {
		return time.Time{}
	}
	return clearing
}

// AppendItem appends an item of an action to dst.
func (e *Encoder) AppendItem(dst []byte, a ledger.Action, item ledger.Item) []byte {
	o := e.open(dst, Items.Element)
	o.itemFields(a, item)
	return o.close(Items.Element)
}

func (o *objectWriter) itemFields(a ledger.Action, item ledger.Item) {
	digits, currency := a.Currency.Digits(), string(a.Currency)
	o.text("Sku", item.SKU)
	o.text("ItemName", item.Name)
	o.text("Category", item.Category)
	o.integerText("Quantity", item.Quantity)
	o.amountText("SaleAmount", item.Amount, digits)
	o.text("SaleAmountCurrency", currency)
	o.amount("Payout", item.Payout, digits)
	o.text("PayoutCurrency", currency)
	o.amount("Rebate", item.Rebate, digits)
	o.text("RebateCurrency", currency)
	o.timestamp("AdjustmentDate", item.Adjusted)
	o.text("AdjustmentReason", item.AdjustmentReason)
	if o.hasOriginal(a) {
		o.amountText("OriginalAmount", item.Original, a.Original.Currency.Digits())
		o.original(a)
	}
	if a.ID.Number == 0 && o.fields == nil { // of a preview
		o.text("Uri", "")
		return
	}
	o.uri(string(appendActionID([]byte("/Actions/"), a.ID)), "/Items/"+escapeSegment(item.SKU))
}
