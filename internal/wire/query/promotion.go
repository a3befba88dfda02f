package query

import (
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// DecodePromoCodes decodes a GET of promo codes. StartDate and EndDate select the codes that
// were in force at some time between them.
func DecodePromoCodes(p *wire.Params, env wire.Env) (Reference, error) {
	d := wire.NewDecoder(p, env)
	from, _ := d.Timestamp("StartDate")
	until, bounded := d.Timestamp("EndDate")
	if bounded && until.Before(from) {
		d.AddError("EndDate", "Must not be before StartDate")
	}
	return decodeReference(d, Reference{
		campaign: d.ID("CampaignId"), code: d.Text("Code"), from: from, until: until, now: env.Now,
		state: wire.OneOf(d, "State", program.PromoCodeActive, program.PromoCodeInactive),
	})
}

// PromoCodes returns the promo codes that match, ordered by id.
func (q Reference) PromoCodes(r *program.Reference) []program.PromoCode {
	return selectByID(r.PromoCodes, func(p program.PromoCode) int64 { return p.ID }, func(p program.PromoCode) bool {
		return (q.campaign == 0 || q.campaign == p.Campaign) && (q.code == "" || strings.EqualFold(q.code, p.Code)) &&
			q.matchesState(p.StateAt(q.now)) && q.overlaps(p.Start, p.End)
	})
}

// overlaps reports whether a period from start until before end overlaps that of the request. A
// zero end means forever.
func (q Reference) overlaps(start, end time.Time) bool {
	return (end.IsZero() || q.from.Before(end)) && (q.until.IsZero() || !start.After(q.until))
}

// Groups returns the active groups of partners of the campaign, ordered by id.
func (q Reference) Groups(r *program.Reference, campaign int64) []program.PartnerGroup {
	return selectByID(r.PartnerGroups, func(g program.PartnerGroup) int64 { return g.ID }, func(g program.PartnerGroup) bool {
		return g.Campaign == campaign && g.State == program.StateActive
	})
}
