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
	o := e.open(dst, Contracts.Element)
	id := wire.FormatContractID(c.ID)
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
	return o.close(Contracts.Element)
}

// terms returns the terms in force and the scheduled terms, ordered by event type and
// version.
func (e *Encoder) terms(c program.Contract) (inForce, scheduled []program.Terms) {
	for key, versions := range e.Reference.Terms {
		if key.Contract != c.ID {
			continue
		}
		next := slices.IndexFunc(versions, func(t program.Terms) bool { return t.From.After(e.Now) })
		if next < 0 {
			next = len(versions)
		}
		if next > 0 {
			inForce = append(inForce, versions[next-1])
		}
		scheduled = append(scheduled, versions[next:]...)
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

// payout writes the flat payout as name, or the rate as name followed by Rate.
func (o *objectWriter) payout(name string, p program.Payout) {
	switch {
	case p.Rate != nil:
		o.text(name+"Rate", p.Rate.String())
	case p.Flat != nil:
		o.text(name, o.Reference.Account.Currency.FormatDecimal(*p.Flat))
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
