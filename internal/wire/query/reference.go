package query

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Reference is a request for a page of reference data. Its methods select the entries in
// memory, because there are few.
type Reference struct {
	Page search.Page
	// Filters is the query string of the filter, for page URIs.
	Filters string

	id, campaign, partner, group int64
	name, state, code            string
	now                          time.Time
	// from and until are the period in which a contract or a promo code must have been in
	// force. Zero means unbounded.
	from, until time.Time
}

// DecodeCampaigns decodes a GET of campaigns.
func DecodeCampaigns(p *wire.Params, env wire.Env) (Reference, error) {
	d := wire.NewDecoder(p, env)
	return decodeReference(d, Reference{name: d.Text("Name"), state: d.Text("State")})
}

// DecodePartners decodes a GET of media partners.
func DecodePartners(p *wire.Params, env wire.Env) (Reference, error) {
	d := wire.NewDecoder(p, env)
	return decodeReference(d, Reference{id: d.ID("Id"), campaign: d.ID("CampaignId"), group: d.ID("GroupId"), state: d.Text("State")})
}

// DecodeContracts decodes a GET of the contracts of a campaign. StartDate and EndDate select
// the contracts that were in force at some time between them.
func DecodeContracts(p *wire.Params, env wire.Env) (Reference, error) {
	d := wire.NewDecoder(p, env)
	from, until := decodePeriod(d)
	return decodeReference(d, Reference{
		partner: d.ID("PartnerId"), from: from, until: until, now: env.Now,
		state: wire.OneOf(d, "Status", wire.ContractActive, wire.ContractExpired),
	})
}

// decodePeriod reads StartDate and EndDate, of which each may be absent.
func decodePeriod(d *wire.Decoder) (from, until time.Time) {
	from, _ = d.Timestamp("StartDate")
	until, bounded := d.Timestamp("EndDate")
	if bounded && until.Before(from) {
		d.AddError("EndDate", "Must not be before StartDate")
	}
	return from, until
}

// DecodePromoCodes decodes a GET of promo codes. StartDate and EndDate select the codes that
// were in force at some time between them.
func DecodePromoCodes(p *wire.Params, env wire.Env) (Reference, error) {
	d := wire.NewDecoder(p, env)
	from, until := decodePeriod(d)
	return decodeReference(d, Reference{
		campaign: d.ID("CampaignId"), code: d.Text("Code"), from: from, until: until, now: env.Now,
		state: wire.OneOf(d, "State", program.PromoCodeActive, program.PromoCodeInactive),
	})
}

// DecodePage decodes a GET of a list without filters.
func DecodePage(p *wire.Params, env wire.Env) (Reference, error) {
	return decodeReference(wire.NewDecoder(p, env), Reference{})
}

// decodeReference returns r with the page and the filters that d has read.
func decodeReference(d *wire.Decoder, r Reference) (Reference, error) {
	l, err := newList(d, r)
	if err != nil {
		return Reference{}, err
	}
	r.Page, r.Filters = l.Page, l.Filters
	return r, nil
}

// Campaigns returns the campaigns that match, ordered by id.
func (q Reference) Campaigns(r *program.Reference) []program.Campaign {
	return selectByID(r.Campaigns, func(c program.Campaign) int64 { return c.ID }, func(c program.Campaign) bool {
		return (q.name == "" || strings.EqualFold(q.name, c.Name)) && q.matchesState(c.State)
	})
}

// Partners returns the partners that match, ordered by id. A partner belongs to
// the campaigns in which it has a contract.
func (q Reference) Partners(r *program.Reference) []program.Partner {
	contracted := make(map[int64]bool)
	for _, c := range r.Contracts {
		if c.Campaign == q.campaign {
			contracted[c.Partner] = true
		}
	}
	grouped := make(map[int64]bool)
	if g := r.PartnerGroups[q.group]; g.State == program.StateActive {
		for _, partner := range g.Partners {
			grouped[partner] = true
		}
	}
	return selectByID(r.Partners, func(p program.Partner) int64 { return p.ID }, func(p program.Partner) bool {
		return (q.id == 0 || q.id == p.ID) && (q.campaign == 0 || contracted[p.ID]) && (q.group == 0 || grouped[p.ID]) && q.matchesState(p.State)
	})
}

// Groups returns the active groups of partners of the campaign, ordered by id.
func (q Reference) Groups(r *program.Reference, campaign int64) []program.PartnerGroup {
	return selectByID(r.PartnerGroups, func(g program.PartnerGroup) int64 { return g.ID }, func(g program.PartnerGroup) bool {
		return g.Campaign == campaign && g.State == program.StateActive
	})
}

// PromoCodes returns the promo codes that match, ordered by id.
func (q Reference) PromoCodes(r *program.Reference) []program.PromoCode {
	return selectByID(r.PromoCodes, func(p program.PromoCode) int64 { return p.ID }, func(p program.PromoCode) bool {
		return (q.campaign == 0 || q.campaign == p.Campaign) && (q.code == "" || strings.EqualFold(q.code, p.Code)) &&
			q.matchesState(p.StateAt(q.now)) && q.overlaps(p.Start, p.End)
	})
}

// Contracts returns the contracts of the campaign that match, ordered by id.
func (q Reference) Contracts(r *program.Reference, campaign int64) []program.Contract {
	return selectByID(r.Contracts, func(c program.Contract) int64 { return c.ID }, func(c program.Contract) bool {
		return c.Campaign == campaign && (q.partner == 0 || q.partner == c.Partner) &&
			q.matchesState(wire.ContractStatus(c, q.now)) && q.overlaps(c.Start, c.End)
	})
}

// overlaps reports whether a period from start until before end overlaps that of the request. A
// zero end means forever.
func (q Reference) overlaps(start, end time.Time) bool {
	return (end.IsZero() || q.from.Before(end)) && (q.until.IsZero() || !start.After(q.until))
}

func (q Reference) matchesState(state string) bool {
	return q.state == "" || strings.EqualFold(q.state, state)
}

// selectByID returns the values that match, ordered by id.
func selectByID[K comparable, T any](all map[K]T, id func(T) int64, matches func(T) bool) []T {
	selected := slices.DeleteFunc(slices.Collect(maps.Values(all)), func(v T) bool { return !matches(v) })
	slices.SortFunc(selected, func(a, b T) int { return cmp.Compare(id(a), id(b)) })
	return selected
}
