package encode

import (
	"time"

	"github.com/trueup-ledger/trueup/ledger"
)

// AppendUpdate appends an update of the action a to dst. It doesn't use the items of a, nor
// anything that can change.
func (e *Encoder) AppendUpdate(dst []byte, u ledger.Update, a ledger.Action) []byte {
	o := e.open(dst, Updates.Element)
	o.updateFields(u, a)
	return o.close(Updates.Element)
}

func (o *objectWriter) updateFields(u ledger.Update, a ledger.Action) {
	e := o.Encoder
	eventType := e.Reference.EventTypes[u.Action.EventType]
	digits := a.Currency.Digits()
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
	o.text("State", string(u.State))
	o.text("StateDetail", string(u.Detail))
	o.text("StateDetailDescription", u.Description)
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
	locking := u.VisibleLockingDate()
	o.timestamp("LockingDate", locking)
	o.timestamp("ClearingDate", e.clearingDate(a, locking))
	o.timestamp("ActionDate", a.EventDate)
	o.text("Oid", a.Order)
	o.text("CustomerId", a.Customer.ID)
	o.text("CustomerStatus", u.CustomerStatus)
	o.text("SharedId", a.SharedID)
	o.actionURI("ActionUri", u.Action)
	o.uri("/ActionUpdates/", id)
}

// clearingDate returns the clearing date of an action with a visible locking date. Without one,
// it returns the zero time.
func (e *Encoder) clearingDate(a ledger.Action, locking time.Time) time.Time {
	if locking.IsZero() {
		return time.Time{}
	}
	return e.Reference.ClearingDate(a.Terms, locking)
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
