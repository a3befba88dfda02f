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

	ids               []int64
	campaign, partner int64
	group             int64
	code              string
	// from and until are the period in which a promo code must have been in force. Zero
	// means unbounded.
	from, until  time.Time
	name, state  string
	country      string
	relationship string
	now          time.Time
	created      dates
	contracts    contractFilter
}

// DecodeCampaigns decodes a GET of campaigns.
func DecodeCampaigns(p *wire.Params, env wire.Env) (Reference, error) {
	d := wire.NewDecoder(p, env)
	return decodeReference(d, Reference{name: d.Text("Name"), state: d.Text("State")})
}

// DecodePage decodes a GET of a list that reads no filters. It accepts the parameters that
// are named as filters, which have no effect.
func DecodePage(p *wire.Params, env wire.Env, filters ...string) (Reference, error) {
	d := wire.NewDecoder(p, env)
	for _, name := range filters {
		d.Text(name)
	}
	return decodeReference(d, Reference{})
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

func (q Reference) matchesState(state string) bool {
	return q.state == "" || strings.EqualFold(q.state, state)
}

// selectByID returns the values that match, ordered by id.
func selectByID[K comparable, T any](all map[K]T, id func(T) int64, matches func(T) bool) []T {
	selected := slices.DeleteFunc(slices.Collect(maps.Values(all)), func(v T) bool { return !matches(v) })
	slices.SortFunc(selected, func(a, b T) int { return cmp.Compare(id(a), id(b)) })
	return selected
}
