package query

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/published"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// contractFilter holds the filters that only contracts have.
type contractFilter struct {
	start, end, updated dates
	signatory           string
	template            int64
	// from and until are the period in which a contract must have been in force. Zero
	// means unbounded.
	from, until time.Time
}

// DecodeContracts decodes a GET of the contracts of a campaign. Without a Status it selects
// the active ones, or with StartDate or EndDate those that were in force at some time between
// them.
func DecodeContracts(p *wire.Params, env wire.Env) (Reference, error) {
	d := wire.NewDecoder(p, env)
	q := Reference{
		partner: d.ID("PartnerId"), now: env.Now, state: wire.OneOf(d, "Status", published.ContractStatuses...),
		contracts: contractFilter{
			start:     readDates(d, "StartDateAfter", "StartDateBefore"),
			end:       readDates(d, "EndDateAfter", "EndDateBefore"),
			updated:   readDates(d, "DateLastUpdatedAfter", "DateLastUpdatedBefore"),
			signatory: d.Text("Signatory"), template: d.ID("TemplateId"),
		},
	}
	from, started := d.Timestamp("StartDate")
	until, ended := d.Timestamp("EndDate")
	if ended && until.Before(from) {
		d.AddError("EndDate", "Must not be before StartDate")
	}
	q.contracts.from, q.contracts.until = from, until
	if q.state == "" && !started && !ended {
		q.state = published.ContractActive
	}
	return decodeReference(d, q)
}

// Contracts returns the contracts of the campaign that match, ordered by id.
func (q Reference) Contracts(r *program.Reference, campaign int64) []program.Contract {
	return selectByID(r.Contracts, func(c program.Contract) int64 { return c.ID }, func(c program.Contract) bool {
		return c.Campaign == campaign && (q.partner == 0 || q.partner == c.Partner) &&
			q.matchesState(published.ContractStatus(c, q.now)) && q.contracts.matchesPeriod(c) && q.contracts.matchesProfile(c)
	})
}

// matchesPeriod reports whether the contract starts and ends in the ranges of dates, and was
// in force in the period. A contract without an end ends after every date.
func (f contractFilter) matchesPeriod(c program.Contract) bool {
	ends := f.end.contain(c.End)
	if c.End.IsZero() {
		ends = f.end.before.IsZero()
	}
	return ends && f.start.contain(c.Start) && (c.End.IsZero() || f.from.Before(c.End)) && (f.until.IsZero() || !c.Start.After(f.until))
}

// matchesProfile reports whether the profile has the signatory, the template and a date of
// the last update in the range.
func (f contractFilter) matchesProfile(c program.Contract) bool {
	if f.signatory == "" && f.template == 0 && f.updated.unbounded() {
		return true
	}
	profile := c.Profile.Values()
	brand, _ := profile["BrandSignatory"].(string)
	partner, _ := profile["PartnerSignatory"].(string)
	terms, _ := profile["TemplateTerms"].(map[string]any)
	template, _ := terms["TemplateId"].(json.Number)
	return (f.signatory == "" || strings.EqualFold(f.signatory, brand) || strings.EqualFold(f.signatory, partner)) &&
		(f.template == 0 || template.String() == strconv.FormatInt(f.template, 10)) &&
		f.updated.contain(profileTime(profile, "DateLastUpdated"))
}

// dates is a range of dates that begins with after and ends before before. Zero means
// unbounded.
type dates struct{ after, before time.Time }

func readDates(d *wire.Decoder, after, before string) (r dates) {
	r.after, _ = d.Timestamp(after)
	r.before, _ = d.Timestamp(before)
	if !r.before.IsZero() && r.before.Before(r.after) {
		d.AddError(before, "Must not be before %s", after)
	}
	return r
}

func (r dates) unbounded() bool { return r.after.IsZero() && r.before.IsZero() }

// contain reports whether a date is in the range. A missing date is in no bounded range.
func (r dates) contain(t time.Time) bool {
	return r.unbounded() || !t.IsZero() && !t.Before(r.after) && (r.before.IsZero() || t.Before(r.before))
}
