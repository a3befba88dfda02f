package query

import (
	"slices"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/published"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// DecodePartners decodes a GET of media partners. The dates are those at which partners were
// created.
func DecodePartners(p *wire.Params, env wire.Env) (Reference, error) {
	d := wire.NewDecoder(p, env)
	q := Reference{
		ids: readIDs(d, "Id"), campaign: d.ID("CampaignId"), group: d.ID("GroupId"), state: d.Text("State"), country: d.Text("Country"),
		relationship: d.Text("RelationshipState"), created: readDates(d, "startDate", "endDate"), now: env.Now,
	}
	if !q.created.before.IsZero() {
		q.created.before = q.created.before.Add(time.Second) // includes the second that endDate names
	}
	return decodeReference(d, q)
}

// Partners returns the partners that match, ordered by id. A partner belongs to the campaigns
// in which it has a contract.
func (q Reference) Partners(r *program.Reference) []program.Partner {
	return selectByID(r.Partners, func(p program.Partner) int64 { return p.ID }, func(p program.Partner) bool {
		_, listed := slices.BinarySearch(q.ids, p.ID)
		return (len(q.ids) == 0 || listed) && q.matchesState(p.State) && q.matchesGroup(r, p.ID) &&
			q.matchesContracts(r, p.ID) && q.matchesProfile(r, p)
	})
}

// matchesGroup reports whether a partner is in the group.
func (q Reference) matchesGroup(r *program.Reference, partner int64) bool {
	if q.group == 0 {
		return true
	}
	g := r.PartnerGroups[q.group]
	return g.State == program.StateActive && slices.Contains(g.Partners, partner)
}

// matchesContracts reports whether a partner has a contract in the campaign, and one with
// the state of the relationship.
func (q Reference) matchesContracts(r *program.Reference, partner int64) bool {
	if q.campaign == 0 && q.relationship == "" {
		return true
	}
	return slices.ContainsFunc(contractsOf(r, partner), func(c program.Contract) bool {
		return (q.campaign == 0 || q.campaign == c.Campaign) && (q.relationship == "" || strings.EqualFold(q.relationship, published.ContractStatus(c, q.now)))
	})
}

// matchesProfile reports whether a partner has the country and was created in the range of
// dates. A partner whose profile has no DateCreated was created when its first contract
// started.
func (q Reference) matchesProfile(r *program.Reference, p program.Partner) bool {
	if q.country == "" && q.created.unbounded() {
		return true
	}
	profile := p.Profile.Values()
	address, _ := profile["Address"].(map[string]any)
	country, _ := address["Country"].(string)
	created := profileTime(profile, "DateCreated")
	if created.IsZero() {
		for _, c := range contractsOf(r, p.ID) {
			if created.IsZero() || c.Start.Before(created) {
				created = c.Start
			}
		}
	}
	return (q.country == "" || strings.EqualFold(q.country, country)) && q.created.contain(created)
}

// contractsOf returns the contracts of a partner in all campaigns.
func contractsOf(r *program.Reference, partner int64) (contracts []program.Contract) {
	for _, campaign := range r.CampaignsOf(partner) {
		contracts = append(contracts, r.ContractsOf(campaign, partner)...)
	}
	return contracts
}

// profileTime returns a time in a profile, or the zero time.
func profileTime(profile map[string]any, name string) time.Time {
	text, _ := profile[name].(string)
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}
	}
	return t
}
