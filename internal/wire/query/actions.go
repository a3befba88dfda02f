package query

import (
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

const (
	// defaultRangeDays is the range of a list of actions without dates.
	defaultRangeDays = 7
	// pinnedMargin extends the default range, so that actions that are updated while
	// a client follows page URIs stay in it.
	pinnedMargin = 24 * time.Hour
	// minDocumentedPageSize is the smallest documented page of actions and updates.
	minDocumentedPageSize = 2_000
	// maxPages bounds the objects of a list of actions: there are at most maxPages
	// pages of the requested size, or of minDocumentedPageSize if that is larger.
	maxPages = 10
)

// DecodeActions decodes a GET of actions or of their updates.
//
// A list without dates covers the last 7 days. A list that names an action, an
// order or a Sku has no default range, unless env.DocumentedLimits is set.
func DecodeActions(p *wire.Params, env wire.Env) (List[search.ActionFilter], error) {
	d := wire.NewDecoder(p, env)
	filter := search.ActionFilter{
		Action:    d.ActionID("ActionId"),
		Campaign:  d.ID("CampaignId"),
		EventType: d.ID("ActionTrackerId"),
		Partner:   d.ID("MediaPartnerId"),
		Order:     d.OrderID("Oid", "OrderId"),
		SKU:       d.Text("Sku"),
		State:     wire.OneOf(d, "State", ledger.States...),
		Now:       env.Now,
		Updated:   d.TimeRange("StartDate", "EndDate"),
		EventDate: d.TimeRange("ActionDateStart", "ActionDateEnd"),
		Locking:   d.TimeRange("LockingDateStart", "LockingDateEnd"),
	}
	if env.DocumentedLimits {
		d.Require("CampaignId")
	}
	none := search.TimeRange{}
	dated := filter.Updated != none || filter.EventDate != none || filter.Locking != none
	if !dated && (env.DocumentedLimits || !d.Has("Oid", "OrderId", "Sku", "ActionId")) {
		filter.Updated = d.PinTimeRange("StartDate", "EndDate", env.Now.AddDate(0, 0, -defaultRangeDays), env.Now.Add(pinnedMargin))
	}
	l := List[search.ActionFilter]{Filter: filter, Page: d.Page(wire.MaxPageSize), Filters: d.Filters()}
	l.Page.Most = maxPages * max(l.Page.Size, minDocumentedPageSize)
	if env.DocumentedLimits {
		l.Page.Size = max(l.Page.Size, minDocumentedPageSize)
	}
	if err := d.Err(); err != nil {
		return List[search.ActionFilter]{}, err
	}
	return l, nil
}
