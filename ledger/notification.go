package ledger

import "slices"

// Notification has a receiver told, over HTTP, of what becomes of a campaign's
// actions (docs/protocol.md, section 21).
type Notification struct {
	ID, Campaign int64
	// EventTypes are those whose actions are told of; none means all of the campaign.
	EventTypes []int64 `json:",omitempty"`
	// Events are those that are told; none means all.
	Events []Event `json:",omitempty"`
	Method Method
	// URL and Body are templates with macros. Body and Format are "" together.
	URL    string
	Body   string     `json:",omitempty"`
	Format BodyFormat `json:",omitempty"`
	// State is ACTIVE, or nothing is told.
	State string
}

// Method is the HTTP method of a notification.
type Method string

// The methods. Only POST has a body.
const (
	MethodGet  Method = "GET"
	MethodPost Method = "POST"
)

// BodyFormat is what a notification's body is written in.
type BodyFormat string

// The formats of bodies.
const (
	BodyJSON BodyFormat = "json"
	BodyXML  BodyFormat = "xml"
	BodyForm BodyFormat = "form"
)

// Event is what a submission did to an action.
type Event string

// The events. An action that becomes APPROVED by the passing of time has none.
const (
	EventTracked  Event = "tracked"
	EventModified Event = "modified"
	EventReversed Event = "reversed"
)

// Limits of notifications.
const (
	// MaxNotifications is how many of a campaign may be ACTIVE.
	MaxNotifications = 20
	// MaxNotificationURL is in characters, MaxNotificationBody in bytes.
	MaxNotificationURL  = 2048
	MaxNotificationBody = 64 << 10
)

// EventOf answers what the submission that made was into is did; what was tracked
// was nothing before.
func EventOf(was, is Action) Event {
	switch {
	case was.ID == (ActionID{}):
		return EventTracked
	case is.Reversed && !was.Reversed:
		return EventReversed
	default:
		return EventModified
	}
}

// Concerns reports whether the notification is about actions like this one.
func (n Notification) Concerns(id ActionID) bool {
	return n.Campaign == id.Campaign && (len(n.EventTypes) == 0 || slices.Contains(n.EventTypes, id.EventType))
}

// Tells reports whether the notification tells of such events.
func (n Notification) Tells(e Event) bool {
	return len(n.Events) == 0 || slices.Contains(n.Events, e)
}
