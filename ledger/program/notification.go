package program

import "slices"

// Notification is a subscription to the events of a campaign's actions and invoices, which are
// sent to its URL (docs/protocol.md, section 21).
type Notification struct {
	ID, Campaign int64
	// EventTypes are the event types of the actions. Empty means all.
	EventTypes []int64 `json:",omitempty"`
	// Events are the events to send. Empty means [UsualEvents].
	Events []Event `json:",omitempty"`
	Method Method
	// URL and Body are templates with macros. Body and Format are set together or not at all.
	URL    string
	Body   string     `json:",omitempty"`
	Format BodyFormat `json:",omitempty"`
	// State is [StateActive] while events are sent.
	State string
}

// Method is the HTTP method of a notification.
type Method string

// The methods. Only a POST has a body.
const (
	MethodGet  Method = "GET"
	MethodPost Method = "POST"
)

// Methods lists every Method.
var Methods = []Method{MethodGet, MethodPost}

// BodyFormat is the format of a notification's body.
type BodyFormat string

// The formats of bodies.
const (
	BodyJSON BodyFormat = "json"
	BodyXML  BodyFormat = "xml"
	BodyForm BodyFormat = "form"
)

// BodyFormats lists every BodyFormat.
var BodyFormats = []BodyFormat{BodyJSON, BodyXML, BodyForm}

// Event is the kind of change that a submission made to an action, or that happened to an
// invoice.
type Event string

// The events. An action that becomes APPROVED as time passes causes none. EventAdjusted is the
// change of a locked action by adjustments. EventInvoiced and EventPaid are those of invoices.
const (
	EventTracked  Event = "tracked"
	EventModified Event = "modified"
	EventReversed Event = "reversed"
	EventAdjusted Event = "adjusted"
	EventInvoiced Event = "invoiced"
	EventPaid     Event = "paid"
)

var (
	// Events lists every Event.
	Events = []Event{EventTracked, EventModified, EventReversed, EventAdjusted, EventInvoiced, EventPaid}
	// UsualEvents are those of a notification that lists none.
	UsualEvents = Events[:3:3]
	// ActionEvents are those of actions.
	ActionEvents = Events[:4:4]
	// InvoiceEvents are those of invoices.
	InvoiceEvents = Events[4:]
)

// Limits of notifications.
const (
	// MaxNotifications is the maximum number of active notifications of a campaign.
	MaxNotifications = 20
	// MaxNotificationURL is the maximum length of a URL in characters.
	MaxNotificationURL = 2048
	// MaxNotificationBody is the maximum size of a body in bytes.
	MaxNotificationBody = 64 << 10
)

// MatchesAction reports whether the notification subscribes to the events of actions
// of the campaign and event type.
func (n Notification) MatchesAction(campaign, eventType int64) bool {
	return n.Campaign == campaign && (len(n.EventTypes) == 0 || slices.Contains(n.EventTypes, eventType))
}

// MatchesEvent reports whether the notification subscribes to the event.
func (n Notification) MatchesEvent(e Event) bool {
	return slices.Contains(EventsOf(n.Events), e)
}

// EventsOf returns the events that a notification sends if it lists the given ones.
func EventsOf(listed []Event) []Event {
	if len(listed) == 0 {
		return UsualEvents
	}
	return listed
}
