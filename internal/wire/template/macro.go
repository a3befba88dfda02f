package template

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Notification is an event of an action or of an invoice.
type Notification struct {
	Event program.Event
	// Time is the time of the event.
	Time time.Time
	// Update is the last update by the submission that caused the event.
	Update ledger.Update
	// Action is the action after Update.
	Action ledger.Action
	// Invoice is the invoice after the event, or nil if it is one of an action.
	Invoice *invoice.Record
	// Reference holds the names and the time zone of the account.
	Reference *program.Reference
}

func (n Notification) encoder() *encode.Encoder {
	return &encode.Encoder{Now: n.Time, Reference: n.Reference}
}

// macro is a placeholder for a value of a notification. For an action, that is a field of it on
// the wire, the result of a function, or the list of the items. For an invoice, it is the field
// that a function returns. If there is none of these, the macro has no value.
type macro struct {
	name    string
	field   string
	value   func(Notification) string
	items   bool
	invoice func(Notification) encode.Field
	// pathSafe reports whether every value can be a path segment: it is not empty, "."
	// or "..".
	pathSafe bool
}

// isPathSafe reports whether the value can be a path segment in each of the events.
func (m *macro) isPathSafe(events []program.Event) bool {
	for _, e := range events {
		if slices.Contains(program.InvoiceEvents, e) && m.invoice == nil || slices.Contains(program.ActionEvents, e) && m.field == "" && m.value == nil {
			return false
		}
	}
	return m.pathSafe
}

// macros lists all macros in the order of the documentation.
var macros = []macro{
	{name: "CampaignId", field: "CampaignId", pathSafe: true},
	{name: "CampaignName", field: "CampaignName"},
	{name: "ActionTrackerId", field: "ActionTrackerId", pathSafe: true},
	{name: "ActionTrackerName", field: "ActionTrackerName"},
	{name: "EventCode", field: "EventCode"},
	{name: "MediaPartnerId", field: "MediaPartnerId", invoice: invoicedPartner, pathSafe: true},
	{name: "MediaPartnerName", field: "MediaPartnerName", invoice: invoicedName},
	{name: "ActionType", value: actionType},
	{name: "ReferringType", field: "ReferringType"},
	{name: "Event", value: func(n Notification) string { return string(n.Event) }, invoice: invoiceEvent, pathSafe: true},
	{name: "ActionId", field: "Id", pathSafe: true},
	{name: "ActionUpdateId", value: updateID, pathSafe: true},
	{name: "Status", field: "State", invoice: invoiceStatus, pathSafe: true},
	{name: "StatusDetail", value: statusDetail},
	{name: "AdId", field: "AdId"},
	{name: "Payout", field: "Payout", pathSafe: true},
	{name: "DeltaPayout", field: "DeltaPayout", pathSafe: true},
	{name: "IntendedPayout", field: "IntendedPayout", pathSafe: true},
	{name: "Amount", field: "Amount", invoice: invoiceTotal, pathSafe: true},
	{name: "DeltaAmount", field: "DeltaAmount", pathSafe: true},
	{name: "IntendedAmount", field: "IntendedAmount", pathSafe: true},
	{name: "Currency", field: "Currency", invoice: invoiceCurrency, pathSafe: true},
	{name: "OriginalCurrency", value: originalCurrency, pathSafe: true},
	{name: "OriginalAmount", value: originalAmount, pathSafe: true},
	{name: "EventDate", field: "EventDate", invoice: invoiceCreated, pathSafe: true},
	{name: "CreationDate", field: "CreationDate", pathSafe: true},
	{name: "LockingDate", field: "LockingDate"},
	{name: "Oid", field: "Oid"},
	{name: "SubId1", value: func(n Notification) string { return n.Action.Extras["SubId1"] }},
	{name: "SubId2", value: func(n Notification) string { return n.Action.Extras["SubId2"] }},
	{name: "SubId3", value: func(n Notification) string { return n.Action.Extras["SubId3"] }},
	{name: "SharedId", field: "SharedId"},
	{name: "InvoiceId", invoice: invoiceID, pathSafe: true},
	{name: "VatAmount", invoice: invoiceVAT, pathSafe: true},
	{name: "DueDate", invoice: invoiceDue, pathSafe: true},
	{name: "PaidDate", invoice: invoicePaid},
	{name: "items[]", items: true},
}

// updateID returns the id of the update, or of the adjustment.
func updateID(n Notification) string {
	if n.Event == program.EventAdjusted {
		return ids.AdjustmentID(n.Update.ID()).String()
	}
	return n.Update.ID().String()
}

// statusDetail returns the description of the state after the update. That of an adjusted
// action is its present one.
func statusDetail(n Notification) string {
	if n.Event == program.EventAdjusted {
		_, description := n.Action.StateDetail(n.Time, n.Reference.EventTypes[n.Action.ID.EventType], "")
		return description
	}
	return n.Update.Description
}

// originalCurrency returns the currency in which the order was reported.
func originalCurrency(n Notification) string {
	return string(cmp.Or(n.Action.Original.Currency, n.Action.Currency))
}

// originalAmount returns the action's amount in [originalCurrency].
func originalAmount(n Notification) string {
	if original := n.Action.Original; original.Currency != "" {
		return original.Currency.Format(original.Amount)
	}
	return n.Action.Currency.Format(n.Action.Amount)
}

// actionType returns the code of the event type, or its name if it has none.
func actionType(n Notification) string {
	eventType := n.Reference.EventTypes[n.Action.ID.EventType]
	return cmp.Or(eventType.Code, eventType.Name)
}

// macroByName maps lower-case names to macros.
var macroByName = func() map[string]*macro {
	byName := make(map[string]*macro, len(macros))
	for i := range macros {
		byName[strings.ToLower(macros[i].name)] = &macros[i]
	}
	return byName
}()

// macroNames returns the names of all macros, for error messages.
func macroNames() string {
	names := make([]string, len(macros))
	for i, m := range macros {
		names[i] = m.name
	}
	return strings.Join(names, ", ")
}
