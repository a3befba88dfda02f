package wire

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
)

// ReferenceQuery asks for a list of reference data. Those lists are short: what
// matches is picked from the Reference itself.
type ReferenceQuery struct {
	Page    ledger.Page
	Filters string

	id, campaign, partner int64
	name, state           string
	now                   time.Time
	// from and until bound the time in which contracts were in force; zero is no bound.
	from, until time.Time
}

// DecodeCampaignQuery reads a GET of campaigns: Name and State.
func DecodeCampaignQuery(p *Params, env Env) (ReferenceQuery, error) {
	f := fields{params: p, env: env}
	return f.referenceQuery(ReferenceQuery{name: f.text(maxText, "Name"), state: f.text(maxText, "State")})
}

// DecodePartnerQuery reads a GET of media partners: Id, CampaignId and State.
func DecodePartnerQuery(p *Params, env Env) (ReferenceQuery, error) {
	f := fields{params: p, env: env}
	return f.referenceQuery(ReferenceQuery{id: f.id("Id"), campaign: f.id("CampaignId"), state: f.text(maxText, "State")})
}

// DecodeContractQuery reads a GET of a campaign's contracts: Status, PartnerId,
// and StartDate and EndDate of a time in which they were in force.
func DecodeContractQuery(p *Params, env Env) (ReferenceQuery, error) {
	f := fields{params: p, env: env}
	from, _ := f.timestamp("StartDate")
	until, bounded := f.timestamp("EndDate")
	if bounded && until.Before(from) {
		f.fault("EndDate", "Must not be before StartDate")
	}
	return f.referenceQuery(ReferenceQuery{
		partner: f.id("PartnerId"), from: from, until: until,
		state: f.oneOf("Status", statusActive, statusExpired),
	})
}

// DecodePageQuery reads a GET of a list that has no filters.
func DecodePageQuery(p *Params, env Env) (ReferenceQuery, error) {
	f := fields{params: p, env: env}
	return f.referenceQuery(ReferenceQuery{})
}

func (f *fields) referenceQuery(q ReferenceQuery) (ReferenceQuery, error) {
	q.now = f.env.Now
	q.Page = f.page(DefaultPageSize, 0)
	q.Filters = f.filters()
	if err := f.err(); err != nil {
		return ReferenceQuery{}, err
	}
	return q, nil
}

// Campaigns answers the campaigns that match, by id.
func (q ReferenceQuery) Campaigns(r *ledger.Reference) []ledger.Campaign {
	return picked(r.Campaigns, func(c ledger.Campaign) int64 { return c.ID }, func(c ledger.Campaign) bool {
		return (q.name == "" || strings.EqualFold(q.name, c.Name)) && q.stands(c.State)
	})
}

// Partners answers the partners that match, by id; those of a campaign have a
// contract in it.
func (q ReferenceQuery) Partners(r *ledger.Reference) []ledger.Partner {
	bound := make(map[int64]bool)
	for _, c := range r.Contracts {
		if c.Campaign == q.campaign {
			bound[c.Partner] = true
		}
	}
	return picked(r.Partners, func(p ledger.Partner) int64 { return p.ID }, func(p ledger.Partner) bool {
		return (q.id == 0 || q.id == p.ID) && (q.campaign == 0 || bound[p.ID]) && q.stands(p.State)
	})
}

// Contracts answers the campaign's contracts that match, by id.
func (q ReferenceQuery) Contracts(r *ledger.Reference, campaign int64) []ledger.Contract {
	return picked(r.Contracts, func(c ledger.Contract) int64 { return c.ID }, func(c ledger.Contract) bool {
		return c.Campaign == campaign && (q.partner == 0 || q.partner == c.Partner) && q.stands(contractStatus(c, q.now)) &&
			(c.End.IsZero() || q.from.Before(c.End)) && (q.until.IsZero() || !c.Start.After(q.until))
	})
}

func (q ReferenceQuery) stands(state string) bool {
	return q.state == "" || strings.EqualFold(q.state, state)
}

// picked answers the values that match, by id.
func picked[T any](all map[int64]T, id func(T) int64, matches func(T) bool) []T {
	found := slices.DeleteFunc(slices.Collect(maps.Values(all)), func(v T) bool { return !matches(v) })
	slices.SortFunc(found, func(a, b T) int { return cmp.Compare(id(a), id(b)) })
	return found
}
