package refdata

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/wire/template"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// maxNotificationEventTypes bounds the event types that a notification names.
const maxNotificationEventTypes = 100

type notificationKey int64

// notificationEntry is the JSON form of a notification.
type notificationEntry struct {
	ID         int64              `json:"id"`
	Campaign   int64              `json:"campaign"`
	EventTypes []int64            `json:"event_types,omitempty"`
	Events     []program.Event    `json:"events,omitempty"`
	Method     program.Method     `json:"method"`
	URL        string             `json:"url"`
	Body       string             `json:"body,omitempty"`
	Format     program.BodyFormat `json:"format,omitempty"`
	State      string             `json:"state"`
}

func (o *object) notification() {
	n := program.Notification{
		ID:       required(o, "id", scalar.ID),
		Campaign: o.campaignID(),
		Method:   required(o, "method", scalar.OneOf(program.Methods...)),
		Format:   optional(o, "format", "", scalar.OneOf(program.BodyFormats...)),
		State:    optional(o, "state", program.StateActive, scalar.State),
	}
	for _, event := range o.texts("events", anyOf(program.Events...)) {
		n.Events = append(n.Events, program.Event(event))
	}
	n.URL = required(o, "url", urlTemplate(n.Events))
	n.Body = optional(o, "body", "", bodyTemplate(n.Format))
	o.notificationEventTypes(&n)
	_, body := o.value("body")
	_, format := o.value("format")
	switch {
	case body != format:
		o.errorf("format", "Required with a body, and only then: json, xml or form")
	case body && n.Method == program.MethodGet:
		o.errorf("body", "Only a POST has a body: move the values to url, or set method to POST")
	}
	o.unique("id", notificationKey(n.ID))
	o.limitNotifications(n)
	o.draft.change.Notifications[n.ID] = n
}

// notificationEventTypes reads the event types to which a notification is limited.
func (o *object) notificationEventTypes(n *program.Notification) {
	texts := o.texts("event_types", func(s string) (string, error) {
		_, err := scalar.ID(s)
		return s, err
	})
	if len(texts) > maxNotificationEventTypes {
		o.errorf("event_types", "At most %d: leave it out for all of the campaign", maxNotificationEventTypes)
		return
	}
	for _, text := range texts {
		eventType, _ := scalar.ID(text) // validated above
		n.EventTypes = append(n.EventTypes, eventType)
		o.checkEventType("event_types", eventType, n.Campaign, "notification")
	}
}

// limitNotifications bounds the active notifications of a campaign, because each sends a
// request for every event.
func (o *object) limitNotifications(n program.Notification) {
	o.checkLater("id", func(_, after *program.Reference) string {
		active := 0
		for _, other := range after.Notifications {
			if other.Campaign == n.Campaign && other.State == program.StateActive {
				active++
			}
		}
		if active > program.MaxNotifications && n.State == program.StateActive {
			return fmt.Sprintf("At most %d of a campaign can be ACTIVE: end others first", program.MaxNotifications)
		}
		return ""
	})
}

// urlTemplate returns a parser of URL templates for a notification that lists the events.
func urlTemplate(listed []program.Event) func(string) (string, error) {
	return func(s string) (string, error) {
		if _, err := scalar.Text(program.MaxNotificationURL)(s); err != nil {
			return "", err
		}
		_, err := template.ParseURL(s, listed)
		return s, err
	}
}

// bodyTemplate returns a parser of body templates, which may have several lines. If format
// is empty, the parser doesn't check the body against it: the missing format is reported
// separately.
func bodyTemplate(format program.BodyFormat) func(string) (string, error) {
	return func(s string) (string, error) {
		s = strings.TrimSpace(s)
		switch {
		case s == "":
			return "", scalar.ValueError("Must not be empty")
		case len(s) > program.MaxNotificationBody:
			return "", scalar.Errorf("At most %d KiB", program.MaxNotificationBody>>10)
		case strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\t\r\n", r) }):
			return "", scalar.ValueError("Must not contain control characters except tabs and line breaks")
		case format == "":
			return s, nil
		}
		_, err := template.ParseBody(s, format)
		return s, err
	}
}

// anyOf is oneOf with a string result, for lists.
func anyOf[T ~string](values ...T) func(string) (string, error) {
	parse := scalar.OneOf(values...)
	return func(s string) (string, error) {
		value, err := parse(s)
		return string(value), err
	}
}
