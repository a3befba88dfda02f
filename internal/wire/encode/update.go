package encode

import (
	"time"

	"github.com/trueup-ledger/trueup/ledger"
)

// Details of the state of an action.
const (
	detailOpen           = "OPEN"
	detailPaymentPending = "PAYMENT_PENDING"
)

// AppendUpdate appends an update of the action a to dst. The state and the dates are the
// action's current ones. AppendUpdate doesn't use the items of a.
func (e *Encoder) AppendUpdate(dst []byte, u ledger.Update, a ledger.Action) []byte {
	o := e.open(dst, Updates.Element)
	eventType := e.Reference.EventTypes[u.Action.EventType]
	digits := a.Currency.Digits()
	detail, description := e.StateDetail(u, a)
	id := u.ID().String()
	o.text("Id", id)
	o.actionID("ActionId", u.Action)
	o.integer("CampaignId", u.Action.Campaign)
	o.integer("ActionTrackerId", u.Action.EventType)
	if e.atLeast(versionEventCodes) {
		o.idText("EventTypeId", u.Action.EventType)
		o.text("EventTypeName", eventType.Name)
		o.text("EventCode", eventType.Code)
	}
	o.integer("MediaPartnerId", a.Partner)
	o.text("State", string(a.State(e.Now)))
	o.text("StateDetail", detail)
	o.text("StateDetailDescription", description)
	o.integer("AdId", 0)
	o.text("Disposition", u.Disposition)
	o.amount("DeltaPayout", u.Delta.Payout, digits)
	o.amount("DeltaAmount", u.Delta.Amount, digits)
	o.text("Currency", string(a.Currency))
	o.text("Category", u.Category)
	o.text("Sku", u.SKU)
	o.integerText("Quantity", u.Quantity)
	for _, name := range catalogFields {
		o.text(name, "")
	}
	o.text("PayoutLevel", string(u.Level))
	o.text("DefaultPayoutRate", rate(u))
	o.contractID("ContractId", u.Terms.Contract)
	o.timestamp("UpdateDate", u.At)
	o.timestamp("LockingDate", lockingDate(a, e.Now))
	o.timestamp("ClearingDate", time.Time{})
	o.timestamp("ActionDate", a.EventDate)
	o.text("Oid", a.Order)
	o.text("CustomerId", a.Customer.ID)
	o.text("CustomerStatus", a.CustomerStatus)
	o.text("SharedId", a.SharedID)
	o.actionURI("ActionUri", u.Action)
	o.uri("/ActionUpdates/", id)
	return o.close(Updates.Element)
}

// catalogFields are fields of product catalogs. They are empty, because Trueup has no
// catalogs.
var catalogFields = []string{
	"CatalogName", "CatalogCategory", "CatalogDescription", "CatalogManufacturer",
	"CatalogOriginalFormatCategory", "CatalogSubCategory",
}

// rate returns the payout rate of an update, or "".
func rate(u ledger.Update) string {
	if u.Rate == 0 {
		return ""
	}
	return u.Rate.String()
}

// StateDetail returns the detail of the action's current state and its description. If the
// action is reversed, only the description for its last update has the reason.
func (e *Encoder) StateDetail(u ledger.Update, a ledger.Action) (detail, description string) {
	custom := e.dispositionName(a)
	switch a.State(e.Now) {
	case ledger.Approved:
		return detailPaymentPending, "Approved/Payment Pending"
	case ledger.Reversed:
		if u.Number == a.Last.Number {
			return "", "Reversed/" + u.Disposition
		}
		return "", "Reversed"
	}
	if custom != "" {
		return "", "Pending/" + custom
	}
	return detailOpen, "Pending/Open"
}

// dispositionName returns the name of the custom disposition code that was last applied to
// the action, or "".
func (e *Encoder) dispositionName(a ledger.Action) string {
	for _, d := range e.Reference.EventTypes[a.ID.EventType].Dispositions {
		if d.Code == a.Disposition {
			return d.Name
		}
	}
	return ""
}
