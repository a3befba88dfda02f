package refdata

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

// maxOfNotification bounds the event types that a notification names.
const maxOfNotification = 100

type notificationKey int64

// notificationEntry is a notification as a file has it.
type notificationEntry struct {
	ID         int64             `json:"id"`
	Campaign   int64             `json:"campaign"`
	EventTypes []int64           `json:"event_types,omitempty"`
	Events     []ledger.Event    `json:"events,omitempty"`
	Method     ledger.Method     `json:"method"`
	URL        string            `json:"url"`
	Body       string            `json:"body,omitempty"`
	Format     ledger.BodyFormat `json:"format,omitempty"`
	State      string            `json:"state"`
}

func notificationOf(n ledger.Notification) notificationEntry { return notificationEntry(n) }

func (o *object) notification() {
	n := ledger.Notification{
		ID:       need(o, "id", id),
		Campaign: o.campaignID(),
		Method:   need(o, "method", oneOf(ledger.MethodGet, ledger.MethodPost)),
		URL:      need(o, "url", urlTemplate),
		Format:   may(o, "format", "", oneOf(ledger.BodyJSON, ledger.BodyXML, ledger.BodyForm)),
		State:    may(o, "state", ledger.StateActive, state),
	}
	n.Body = may(o, "body", "", bodyTemplate(n.Format))
	for _, event := range o.texts("events", anyOf(ledger.EventTracked, ledger.EventModified, ledger.EventReversed)) {
		n.Events = append(n.Events, ledger.Event(event))
	}
	o.notificationEventTypes(&n)
	_, body := o.take("body")
	_, format := o.take("format")
	switch {
	case body != format:
		o.fault("format", "Must be given with body, and only then: json, xml or form")
	case body && n.Method == ledger.MethodGet:
		o.fault("body", "Only a POST has one: put it into the url, or make the method POST")
	}
	o.once("id", notificationKey(n.ID))
	o.fewNotifications(n)
	o.draft.is.Notifications[n.ID] = n
}

// notificationEventTypes reads which event types of its campaign a notification is for.
func (o *object) notificationEventTypes(n *ledger.Notification) {
	texts := o.texts("event_types", func(s string) (string, error) {
		_, err := id(s)
		return s, err
	})
	if len(texts) > maxOfNotification {
		o.fault("event_types", "At most %d: leave it out for all of the campaign", maxOfNotification)
		return
	}
	campaign := n.Campaign
	for _, text := range texts {
		eventType, _ := id(text) // it was one above
		n.EventTypes = append(n.EventTypes, eventType)
		o.check("event_types", func(_, will *ledger.Reference) string {
			e, found := will.EventTypes[eventType]
			if found && e.Campaign != campaign {
				return fmt.Sprintf("Event type %d belongs to campaign %d, the notification to campaign %d: they must agree",
					eventType, e.Campaign, campaign)
			}
			return missing(found, "event type", eventType)
		})
	}
}

// fewNotifications bounds those of a campaign: each is a request for each event.
func (o *object) fewNotifications(n ledger.Notification) {
	o.check("id", func(_, will *ledger.Reference) string {
		active := 0
		for _, other := range will.Notifications {
			if other.Campaign == n.Campaign && other.State == ledger.StateActive {
				active++
			}
		}
		if active > ledger.MaxNotifications && n.State == ledger.StateActive {
			return fmt.Sprintf("At most %d of a campaign can be ACTIVE: end others first", ledger.MaxNotifications)
		}
		return ""
	})
}

func urlTemplate(s string) (string, error) {
	if _, err := text(ledger.MaxNotificationURL)(s); err != nil {
		return "", err
	}
	_, err := wire.ParseURLTemplate(s)
	return s, err
}

// bodyTemplate reads a body, which may have lines; a format that has a fault is told alone.
func bodyTemplate(format ledger.BodyFormat) func(string) (string, error) {
	return func(s string) (string, error) {
		s = strings.TrimSpace(s)
		switch {
		case s == "":
			return "", message("Must not be empty")
		case len(s) > ledger.MaxNotificationBody:
			return "", say("At most %d KiB", ledger.MaxNotificationBody>>10)
		case strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\t\r\n", r) }):
			return "", message("Must not contain control characters but tabs and line breaks")
		case format == "":
			return s, nil
		}
		_, err := wire.ParseBodyTemplate(s, format)
		return s, err
	}
}

// anyOf is oneOf for a list of texts.
func anyOf[T ~string](values ...T) func(string) (string, error) {
	parse := oneOf(values...)
	return func(s string) (string, error) {
		value, err := parse(s)
		return string(value), err
	}
}
