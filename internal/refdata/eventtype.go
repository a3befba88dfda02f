package refdata

import (
	"fmt"

	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

type eventTypeKey int64

// dispositionKey identifies a disposition by its event type and code.
type dispositionKey struct {
	eventType int64
	code      string
}

// eventTypeEntry is the JSON form of an event type.
type eventTypeEntry struct {
	ID            int64              `json:"id"`
	Campaign      int64              `json:"campaign"`
	Name          string             `json:"name"`
	Code          string             `json:"code,omitempty"`
	State         string             `json:"state"`
	Statuses      []string           `json:"customer_statuses,omitempty"`
	Dispositions  []dispositionEntry `json:"dispositions,omitempty"`
	DuplicateDays int                `json:"duplicate_days"`
}

type dispositionEntry struct {
	Code   string         `json:"code"`
	Name   string         `json:"name"`
	Effect program.Effect `json:"effect"`
}

func newEventTypeEntry(e program.EventType) eventTypeEntry {
	entry := eventTypeEntry{
		ID: e.ID, Campaign: e.Campaign, Name: e.Name, Code: e.Code, State: e.State,
		Statuses: e.CustomerStatuses, DuplicateDays: e.DuplicateDays,
	}
	for _, d := range e.Dispositions {
		entry.Dispositions = append(entry.Dispositions, dispositionEntry(d))
	}
	return entry
}

func (o *object) eventType() {
	e := program.EventType{
		ID:               required(o, "id", scalar.ID),
		Campaign:         o.campaignID(),
		Name:             required(o, "name", scalar.Text(maxText)),
		Code:             optional(o, "code", "", scalar.Text(maxText)),
		State:            optional(o, "state", program.StateActive, scalar.State),
		CustomerStatuses: o.texts("customer_statuses", scalar.Text(maxText)),
		DuplicateDays:    optional(o, "duplicate_days", program.DefaultDuplicateDays, scalar.Number(0, maxDays)),
	}
	o.list("dispositions", func(o *object) { e.Dispositions = append(e.Dispositions, o.disposition(e.ID)) })
	o.unique("id", eventTypeKey(e.ID))
	o.checkLater("campaign", func(before, _ *program.Reference) string {
		if recorded, exists := before.EventTypes[e.ID]; exists && recorded.Campaign != e.Campaign {
			return fmt.Sprintf("Must stay %d: its actions belong to it; give the new event type another id", recorded.Campaign)
		}
		return ""
	})
	if e.Code != "" {
		o.checkLater("code", func(_, after *program.Reference) string { return uniqueCode(e, after) })
	}
	o.draft.change.EventTypes[e.ID] = e
}

// uniqueCode returns a message if another event type of the campaign has the code of e.
func uniqueCode(e program.EventType, after *program.Reference) string {
	for _, other := range after.EventTypes {
		if other.ID != e.ID && other.Campaign == e.Campaign && other.Code == e.Code {
			return fmt.Sprintf("Event type %d of the campaign has the same code: choose another, because conversions name event types by their code", other.ID)
		}
	}
	return ""
}

func (o *object) disposition(eventType int64) program.Disposition {
	d := program.Disposition{
		Code:   required(o, "code", scalar.Text(scalar.MaxCode)),
		Effect: required(o, "effect", scalar.OneOf(program.Effects...)),
	}
	d.Name = optional(o, "name", d.Code, scalar.Text(maxText))
	if ledger.IsPredefinedReason(d.Code) {
		o.errorf("code", "%s is reserved by the protocol: choose another", d.Code)
	}
	o.unique("code", dispositionKey{eventType, d.Code})
	return d
}

// checkEventType defers the checks that an event type exists and belongs to a
// campaign. owner is the kind of entry that refers to both.
func (o *object) checkEventType(key string, eventType, campaign int64, owner string) {
	o.checkLater(key, func(_, after *program.Reference) string {
		e, exists := after.EventTypes[eventType]
		if exists && e.Campaign != campaign {
			return fmt.Sprintf("Event type %d belongs to campaign %d, the %s to campaign %d: they must agree",
				eventType, e.Campaign, owner, campaign)
		}
		return mustExist(exists, "event type", eventType)
	})
}
