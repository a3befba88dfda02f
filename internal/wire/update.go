package wire

import (
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
)

// Details of an action's state.
const (
	detailOpen    = "OPEN"
	detailPending = "PAYMENT_PENDING"
)

// AppendUpdate writes an update of the action it belongs to, whose items are not
// needed. State and dates are the action's present ones.
func (e *Encoder) AppendUpdate(dst []byte, u ledger.Update, of ledger.Action) []byte {
	o := e.open(dst, "ActionUpdate")
	eventType := e.Reference.EventTypes[u.Action.EventType]
	digits := of.Currency.Digits()
	detail, description := e.stateDetail(u, of)
	id := u.ID().String()
	o.text("Id", id)
	o.action("ActionId", u.Action)
	o.integer("CampaignId", u.Action.Campaign)
	o.integer("ActionTrackerId", u.Action.EventType)
	if e.has(versionNames) {
		o.digitsText("EventTypeId", u.Action.EventType)
		o.text("EventTypeName", eventType.Name)
		o.text("EventCode", eventType.Code)
	}
	o.integer("MediaPartnerId", of.Partner)
	o.text("State", string(of.State(e.Now)))
	o.text("StateDetail", detail)
	o.text("StateDetailDescription", description)
	o.integer("AdId", 0)
	o.text("Disposition", u.Disposition)
	o.amount("DeltaPayout", u.Delta.Payout, digits)
	o.amount("DeltaAmount", u.Delta.Amount, digits)
	o.text("Currency", string(of.Currency))
	o.text("Category", u.Category)
	o.text("Sku", u.SKU)
	o.count("Quantity", u.Quantity)
	for _, name := range catalogFields {
		o.text(name, "")
	}
	o.text("PayoutLevel", string(u.Level))
	o.text("DefaultPayoutRate", rate(u))
	o.text("ContractId", contractID(u.Terms.Contract))
	o.instant("UpdateDate", u.At)
	o.instant("LockingDate", lockingDate(of, e.Now))
	o.instant("ClearingDate", time.Time{})
	o.instant("ActionDate", of.EventDate)
	o.text("Oid", of.Order)
	o.text("CustomerId", of.Customer.ID)
	o.text("CustomerStatus", of.CustomerStatus)
	o.text("SharedId", of.SharedID)
	o.actionURI("ActionUri", u.Action)
	o.uri("/ActionUpdates/", id)
	return o.close("ActionUpdate")
}

// catalogFields are of product catalogs, which Trueup has none of.
var catalogFields = []string{
	"CatalogName", "CatalogCategory", "CatalogDescription", "CatalogManufacturer",
	"CatalogOriginalFormatCategory", "CatalogSubCategory",
}

func rate(u ledger.Update) string {
	if u.Rate == 0 {
		return ""
	}
	return u.Rate.String()
}

// contractID answers a contract's id as clients know it; 0 is a missing one.
func contractID(contract int64) string {
	if contract == 0 {
		return ""
	}
	return "S-" + strconv.FormatInt(contract, 10)
}

// stateDetail answers the detail of the action's present state and what people
// are shown of it.
func (e *Encoder) stateDetail(u ledger.Update, of ledger.Action) (detail, description string) {
	custom := e.dispositionName(of)
	switch of.State(e.Now) {
	case ledger.Approved:
		return detailPending, "Approved/Payment Pending"
	case ledger.Reversed:
		if u.Number == of.Last.Number { // only the newest update tells why
			return "", "Reversed/" + u.Disposition
		}
		return "", "Reversed"
	}
	if custom != "" {
		return "", "Pending/" + custom
	}
	return detailOpen, "Pending/Open"
}

// dispositionName answers the name of the custom code that was last applied.
func (e *Encoder) dispositionName(a ledger.Action) string {
	for _, d := range e.Reference.EventTypes[a.ID.EventType].Dispositions {
		if d.Code == a.Disposition {
			return d.Name
		}
	}
	return ""
}
