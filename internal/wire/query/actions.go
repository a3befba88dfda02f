package query

import (
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

const (
	// defaultRangeDays is the length of the default range.
	defaultRangeDays = 7
	// pinnedMargin extends the default range, so that actions that are updated while
	// a client follows page URIs stay in it.
	pinnedMargin = 24 * time.Hour
	// minDocumentedPageSize is the smallest page size of actions and updates that the
	// Brand API documents.
	minDocumentedPageSize = 2_000
	// maxPages bounds the objects of a list of actions. They must fit on maxPages pages
	// of the requested size, or of minDocumentedPageSize if that is larger.
	maxPages = 10
)

// DecodeActions decodes a GET of actions or of their updates.
//
// A list without dates covers the last 7 days, unless it is filtered by action, order or
// Sku. If env.DocumentedLimits is set, a list without dates always covers the last 7 days, and
// Total=false has no effect.
func DecodeActions(p *wire.Params, env wire.Env) (List[search.ActionFilter], error) {
	d := wire.NewDecoder(p, env)
	filter := actionFilter(d, env, d.TimeRange)
	if env.DocumentedLimits {
		d.Require("CampaignId")
	}
	none := search.TimeRange{}
	dated := filter.Updated != none || filter.EventDate != none || filter.LockingDate != none
	if !dated && !env.Uncounted && (env.DocumentedLimits || !d.Has("Oid", "OrderId", "Sku", "ActionId")) {
		filter.Updated = d.PinTimeRange("StartDate", "EndDate", env.Now.AddDate(0, 0, -defaultRangeDays), env.Now.Add(pinnedMargin))
	}
	total := d.Bool("Total")
	l := List[search.ActionFilter]{Filter: filter, Page: d.Page(wire.MaxPageSize), Filters: d.Filters()}
	l.Page.MaxTotal = maxPages * max(l.Page.Size, minDocumentedPageSize)
	switch {
	case env.DocumentedLimits:
		l.Page.Size = max(l.Page.Size, minDocumentedPageSize)
	case env.Uncounted, total != nil && !*total:
		l.Page.MaxTotal, l.Page.Uncounted = 0, true
	}
	if err := d.Err(); err != nil {
		return List[search.ActionFilter]{}, err
	}
	return l, nil
}

// actionFilter reads a filter of actions or updates. The
// function timeRange reads the dates of a range.
func actionFilter(d *wire.Decoder, env wire.Env, timeRange func(start, end string) search.TimeRange) search.ActionFilter {
	return search.ActionFilter{
		Action:      d.ActionID("ActionId"),
		Campaign:    d.ID("CampaignId"),
		EventType:   d.ID("ActionTrackerId"),
		Partner:     d.ID("MediaPartnerId"),
		Order:       d.OrderID("Oid", "OrderId"),
		SKU:         d.Text("Sku"),
		State:       wire.OneOf(d, "State", ledger.States...),
		Now:         env.Now,
		Updated:     timeRange("StartDate", "EndDate"),
		EventDate:   timeRange("ActionDateStart", "ActionDateEnd"),
		LockingDate: timeRange("LockingDateStart", "LockingDateEnd"),
	}
}
