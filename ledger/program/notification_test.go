package program_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/ledger/program"
)

func TestNotificationMatchesItsActions(t *testing.T) {
	all := program.Notification{Campaign: 1000}
	some := program.Notification{Campaign: 1000, EventTypes: []int64{1, 2}}
	for name, c := range map[string]struct {
		notification        program.Notification
		campaign, eventType int64
		want                bool
	}{
		"every event type of the campaign":      {all, 1000, 3, true},
		"another campaign":                      {all, 1001, 3, false},
		"an event type of the list":             {some, 1000, 2, true},
		"an event type that the list lacks":     {some, 1000, 3, false},
		"an event type, but another campaign's": {some, 1001, 2, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.notification.MatchesAction(c.campaign, c.eventType); got != c.want {
				t.Errorf("matches: %t, want %t", got, c.want)
			}
		})
	}
}

func TestNotificationMatchesItsEvents(t *testing.T) {
	for name, c := range map[string]struct {
		events []program.Event
		event  program.Event
		want   bool
	}{
		"every event":                         {nil, program.EventReversed, true},
		"every event but adjustments":         {nil, program.EventAdjusted, false},
		"adjustments, if the list has them":   {[]program.Event{program.EventAdjusted}, program.EventAdjusted, true},
		"adjustments, if the list lacks them": {[]program.Event{program.EventReversed}, program.EventAdjusted, false},
		"an event of the list":                {[]program.Event{program.EventTracked, program.EventReversed}, program.EventReversed, true},
		"an event the list lacks":             {[]program.Event{program.EventTracked}, program.EventReversed, false},
		"the only event of the list":          {[]program.Event{program.EventReversed}, program.EventReversed, true},
	} {
		t.Run(name, func(t *testing.T) {
			n := program.Notification{Events: c.events}
			if got := n.MatchesEvent(c.event); got != c.want {
				t.Errorf("matches: %t, want %t", got, c.want)
			}
		})
	}
}
