package wire

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
)

// The statuses of contracts.
const (
	statusActive  = "ACTIVE"
	statusExpired = "EXPIRED"
)

func contractStatus(c ledger.Contract, at time.Time) string {
	if c.End.IsZero() || at.Before(c.End) {
		return statusActive
	}
	return statusExpired
}

// ParseContractID reads a contract's id as it stands in a path: "S-3240326".
func ParseContractID(s string) (int64, error) {
	digits, found := strings.CutPrefix(s, "S-")
	id, err := parseID(digits)
	if !found || err != nil {
		return 0, fault("Not a contract's id, as in S-3240326")
	}
	return id, nil
}

// AppendContract writes a contract with its terms: those in force, and those that
// will be.
func (e *Encoder) AppendContract(dst []byte, c ledger.Contract) []byte {
	o := e.open(dst, "Contract")
	id := contractID(c.ID)
	o.text("Id", id)
	o.text("Status", contractStatus(c, e.Now))
	o.digitsText("CampaignId", c.Campaign)
	o.text("CampaignName", e.Reference.Campaigns[c.Campaign].Name)
	o.digitsText("PartnerId", c.Partner)
	o.text("PartnerName", e.Reference.Partners[c.Partner].Name)
	o.instant("StartDate", c.Start)
	o.instant("EndDate", c.End)
	o.begin("TemplateTerms")
	o.nested(func() { o.templateTerms(e.terms(c)) })
	o.end("TemplateTerms")
	o.uri("/Contracts/", id)
	return o.close("Contract")
}

// terms answers the versions in force, by event type, and the coming ones.
func (e *Encoder) terms(c ledger.Contract) (inForce, scheduled []ledger.Terms) {
	for of, versions := range e.Reference.Terms {
		if of.Contract != c.ID {
			continue
		}
		coming := slices.IndexFunc(versions, func(t ledger.Terms) bool { return t.From.After(e.Now) })
		if coming < 0 {
			coming = len(versions)
		}
		if coming > 0 {
			inForce = append(inForce, versions[coming-1])
		}
		scheduled = append(scheduled, versions[coming:]...)
	}
	order := func(a, b ledger.Terms) int {
		return cmp.Or(cmp.Compare(a.EventType, b.EventType), cmp.Compare(a.Version, b.Version))
	}
	slices.SortFunc(inForce, order)
	slices.SortFunc(scheduled, order)
	return inForce, scheduled
}

func (o *object) templateTerms(inForce, scheduled []ledger.Terms) {
	o.text("Currency", string(o.Reference.Account.Currency))
	o.array("EventPayouts", "EventPayout", len(inForce), func(o *object, i int) {
		o.nested(func() { o.eventPayout(inForce[i]) })
	})
	o.array("ScheduledTerms", "ScheduledTerm", len(scheduled), func(o *object, i int) {
		o.nested(func() {
			o.instant("StartDate", scheduled[i].From)
			o.eventPayout(scheduled[i])
		})
	})
}

func (o *object) eventPayout(t ledger.Terms) {
	o.digitsText("EventTypeId", t.EventType)
	o.text("EventTypeName", o.Reference.EventTypes[t.EventType].Name)
	o.text("EventCategory", "")
	o.payout("DefaultPayout", t.Default)
	o.text("PayoutLevel", string(t.Level))
	o.array("PayoutGroups", "PayoutGroup", len(t.Groups), func(o *object, i int) {
		o.nested(func() { o.payoutGroup(i+1, t.Groups[i]) })
	})
}

// payout writes a flat payout under its name, a rate under the name with Rate.
func (o *object) payout(name string, p ledger.Payout) {
	switch {
	case p.Rate != nil:
		o.text(name+"Rate", p.Rate.String())
	case p.Flat != nil:
		o.text(name, o.Reference.Account.Currency.Pad(*p.Flat))
	}
}

func (o *object) payoutGroup(rank int, g ledger.Group) {
	o.digitsText("Id", g.ID)
	o.text("Rank", strconv.Itoa(rank))
	o.array("Rules", "Rule", len(g.Rules), func(o *object, i int) {
		o.nested(func() { o.rule(g.Rules[i]) })
	})
	o.payout("Payout", g.Payout)
	o.array("Limits", "Limit", 0, nil)
	o.array("Tiers", "Tier", 0, nil)
}

func (o *object) rule(r ledger.Rule) {
	o.text("Variable", string(r.Variable))
	o.text("Operator", string(r.Operator))
	o.array("Values", "Value", len(r.Values), func(o *object, i int) { o.value(r.Values[i]) })
}
