package encode

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// AppendContract appends a contract to dst, with the terms in force and the scheduled
// ones.
func (e *Encoder) AppendContract(dst []byte, c program.Contract) []byte {
	o := e.open(dst, "Contract")
	id := contractID(c.ID)
	o.text("Id", id)
	o.text("Status", wire.ContractStatus(c, e.Now))
	o.idText("CampaignId", c.Campaign)
	o.text("CampaignName", e.Reference.Campaigns[c.Campaign].Name)
	o.idText("PartnerId", c.Partner)
	o.text("PartnerName", e.Reference.Partners[c.Partner].Name)
	o.timestamp("StartDate", c.Start)
	o.timestamp("EndDate", c.End)
	o.begin("TemplateTerms")
	o.nested(func() { o.templateTerms(e.terms(c)) })
	o.end("TemplateTerms")
	o.uri("/Contracts/", id)
	return o.close("Contract")
}

// terms returns the terms in force and the scheduled terms, ordered by event type and
// version.
func (e *Encoder) terms(c program.Contract) (inForce, scheduled []program.Terms) {
	for of, versions := range e.Reference.Terms {
		if of.Contract != c.ID {
			continue
		}
		coming := slices.IndexFunc(versions, func(t program.Terms) bool { return t.From.After(e.Now) })
		if coming < 0 {
			coming = len(versions)
		}
		if coming > 0 {
			inForce = append(inForce, versions[coming-1])
		}
		scheduled = append(scheduled, versions[coming:]...)
	}
	order := func(a, b program.Terms) int {
		return cmp.Or(cmp.Compare(a.EventType, b.EventType), cmp.Compare(a.Version, b.Version))
	}
	slices.SortFunc(inForce, order)
	slices.SortFunc(scheduled, order)
	return inForce, scheduled
}

func (o *objectWriter) templateTerms(inForce, scheduled []program.Terms) {
	o.text("Currency", string(o.Reference.Account.Currency))
	o.array("EventPayouts", "EventPayout", len(inForce), func(o *objectWriter, i int) {
		o.nested(func() { o.eventPayout(inForce[i]) })
	})
	o.array("ScheduledTerms", "ScheduledTerm", len(scheduled), func(o *objectWriter, i int) {
		o.nested(func() {
			o.timestamp("StartDate", scheduled[i].From)
			o.eventPayout(scheduled[i])
		})
	})
}

func (o *objectWriter) eventPayout(t program.Terms) {
	o.idText("EventTypeId", t.EventType)
	o.text("EventTypeName", o.Reference.EventTypes[t.EventType].Name)
	o.text("EventCategory", "")
	o.payout("DefaultPayout", t.Default)
	o.text("PayoutLevel", string(t.Level))
	o.array("PayoutGroups", "PayoutGroup", len(t.Groups), func(o *objectWriter, i int) {
		o.nested(func() { o.payoutGroup(i+1, t.Groups[i]) })
	})
}

// payout writes a flat payout under name, and a rate under name followed by Rate.
func (o *objectWriter) payout(name string, p program.Payout) {
	switch {
	case p.Rate != nil:
		o.text(name+"Rate", p.Rate.String())
	case p.Flat != nil:
		o.text(name, o.Reference.Account.Currency.Pad(*p.Flat))
	}
}

func (o *objectWriter) payoutGroup(rank int, g program.Group) {
	o.idText("Id", g.ID)
	o.text("Rank", strconv.Itoa(rank))
	o.array("Rules", "Rule", len(g.Rules), func(o *objectWriter, i int) {
		o.nested(func() { o.rule(g.Rules[i]) })
	})
	o.payout("Payout", g.Payout)
	o.array("Limits", "Limit", 0, nil)
	o.array("Tiers", "Tier", 0, nil)
}

func (o *objectWriter) rule(r program.Rule) {
	o.text("Variable", string(r.Variable))
	o.text("Operator", string(r.Operator))
	o.array("Values", "Value", len(r.Values), func(o *objectWriter, i int) { o.value(r.Values[i]) })
}
