package template

import (
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Notification is an event of an action, about which a template is rendered.
type Notification struct {
	Event program.Event
	// Time is the time of the event.
	Time time.Time
	// Update is the last update by the submission that caused the event.
	Update ledger.Update
	// Action is the action after Update.
	Action ledger.Action
	// Reference holds the names and the time zone of the account.
	Reference *program.Reference
}

func (n Notification) encoder() *encode.Encoder {
	return &encode.Encoder{Now: n.Time, Reference: n.Reference}
}

// macro is a placeholder for a value of a notification. Its value is a field of the
// action on the wire, the result of a function, or the list of the items.
type macro struct {
	name  string
	field string
	value func(Notification) string
	items bool
	// neverEmpty reports whether no value is empty or consists of dots only. Such a
	// value can be a path segment.
	neverEmpty bool
}

// macros lists all macros in the order of the documentation.
var macros = []macro{
	{name: "CampaignId", field: "CampaignId", neverEmpty: true},
	{name: "CampaignName", field: "CampaignName"},
	{name: "ActionTrackerId", field: "ActionTrackerId", neverEmpty: true},
	{name: "ActionTrackerName", field: "ActionTrackerName"},
	{name: "EventCode", field: "EventCode"},
	{name: "MediaPartnerId", field: "MediaPartnerId", neverEmpty: true},
	{name: "MediaPartnerName", field: "MediaPartnerName"},
	{name: "Event", value: func(n Notification) string { return string(n.Event) }, neverEmpty: true},
	{name: "ActionId", field: "Id", neverEmpty: true},
	{name: "ActionUpdateId", value: func(n Notification) string { return n.Update.ID().String() }, neverEmpty: true},
	{name: "Status", field: "State", neverEmpty: true},
	{name: "StatusDetail", value: func(n Notification) string {
		_, description := n.encoder().StateDetail(n.Update, n.Action)
		return description
	}},
	{name: "AdId", field: "AdId"},
	{name: "Payout", field: "Payout", neverEmpty: true},
	{name: "DeltaPayout", field: "DeltaPayout", neverEmpty: true},
	{name: "IntendedPayout", field: "IntendedPayout", neverEmpty: true},
	{name: "Amount", field: "Amount", neverEmpty: true},
	{name: "DeltaAmount", field: "DeltaAmount", neverEmpty: true},
	{name: "IntendedAmount", field: "IntendedAmount", neverEmpty: true},
	{name: "Currency", field: "Currency", neverEmpty: true},
	// Orders are accepted in the currency of the account only: it is the original one.
	{name: "OriginalCurrency", field: "Currency", neverEmpty: true},
	{name: "OriginalAmount", field: "Amount", neverEmpty: true},
	{name: "EventDate", field: "EventDate", neverEmpty: true},
	{name: "CreationDate", field: "CreationDate", neverEmpty: true},
	{name: "LockingDate", field: "LockingDate"},
	{name: "Oid", field: "Oid"},
	{name: "SubId1", value: func(n Notification) string { return n.Action.Extras["SubId1"] }},
	{name: "SubId2", value: func(n Notification) string { return n.Action.Extras["SubId2"] }},
	{name: "SubId3", value: func(n Notification) string { return n.Action.Extras["SubId3"] }},
	{name: "SharedId", field: "SharedId"},
	{name: "items[]", items: true},
}

// macroByName finds a macro by its name in lower case.
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
