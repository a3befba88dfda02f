package encode

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/published"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// AppendContract appends a contract to dst, with the terms in force and the scheduled
// ones.
func (e *Encoder) AppendContract(dst []byte, c program.Contract) []byte {
	v := valuesOf(c.Profile)
	id := wire.FormatContractID(c.ID)
	v["Id"], v["PartnerId"], v["PartnerValue1"] = id, c.Partner, e.Reference.Partners[c.Partner].Values[0]
	v["Status"], v["StartDate"], v["EndDate"] = published.ContractStatus(c, e.Now), c.Start, c.End
	template, _ := v["TemplateTerms"].(publishedValues)
	if template == nil {
		template = make(publishedValues)
	}
	template["Currency"] = string(e.Reference.Account.Currency)
	template["EventPayouts"], v["ScheduledTerms"] = e.terms(c)
	v["TemplateTerms"], v["HasCampaignTerms"] = template, false
	v["Uri"] = e.path("/Campaigns/" + strconv.FormatInt(c.Campaign, 10) + "/Contracts/" + id)
	v["CampaignId"], v["CampaignName"] = c.Campaign, e.Reference.Campaigns[c.Campaign].Name
	v["PartnerName"] = e.Reference.Partners[c.Partner].Name
	return e.appendPublished(dst, Contracts.Element, published.Contract, v)
}

// terms returns the terms in force and the scheduled terms, ordered by event type and
// start.
func (e *Encoder) terms(c program.Contract) (inForce, scheduled []any) {
	for _, eventType := range e.Reference.EventTypesOf(c.Campaign) {
		of := program.TermsOf{Contract: c.ID, EventType: eventType}
		if t, found := e.Reference.TermsAt(of, e.Now); found {
			inForce = append(inForce, e.eventPayout(t))
		}
		end := c.End
		var later []any
		for _, t := range slices.Backward(e.Reference.Terms[of]) { // a later version replaces those that start after it
			if !t.From.After(e.Now) || !end.IsZero() && !t.From.Before(end) {
				continue
			}
			later = append(later, e.scheduledTerm(t, end))
			end = t.From
		}
		slices.Reverse(later)
		scheduled = append(scheduled, later...)
	}
	return inForce, scheduled
}

func (e *Encoder) scheduledTerm(t program.Terms, end time.Time) publishedValues {
	return publishedValues{"Status": published.ContractUpcoming, "StartDate": t.From, "EndDate": end, "EventPayouts": []any{e.eventPayout(t)}}
}

func (e *Encoder) eventPayout(t program.Terms) publishedValues {
	v := publishedValues{"EventTypeId": t.EventType, "EventTypeName": e.Reference.EventTypes[t.EventType].Name, "PayoutLevel": string(t.Level)}
	v["DefaultPayout"], v["DefaultPayoutRate"] = e.payout(t.Default)
	var groups []any
	for i, g := range t.Groups {
		group := publishedValues{"Id": strconv.FormatInt(g.ID, 10), "Rank": int64(i + 1), "Rules": rules(g.Rules)}
		group["Payout"], group["PayoutRate"] = e.payout(g.Payout)
		groups = append(groups, group)
	}
	v["PayoutGroups"] = groups
	return v
}

// payout returns the flat payout and the rate, of which one is missing.
func (e *Encoder) payout(p program.Payout) (flat, rate any) {
	switch {
	case p.Rate != nil:
		rate = json.Number(p.Rate.String())
	case p.Flat != nil:
		flat = json.Number(e.Reference.Account.Currency.FormatDecimal(*p.Flat))
	}
	return flat, rate
}

func rules(all []program.Rule) []any {
	var rules []any
	for _, r := range all {
		var values []any
		for _, value := range r.Values {
			values = append(values, value)
		}
		rules = append(rules, publishedValues{"Variable": string(r.Variable), "Operator": string(r.Operator), "Values": values})
	}
	return rules
}
