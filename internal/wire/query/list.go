package query

import (
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/wire"
)

// List is a request for a page of the objects that match a filter.
type List[Filter any] struct {
	Filter Filter
	Page   search.Page
	// Filters is the query string of the filter, for page URIs.
	Filters string
}

// newList returns the list for a filter that d has read. It reads the page.
func newList[Filter any](d *wire.Decoder, filter Filter) (List[Filter], error) {
	l := List[Filter]{Filter: filter, Page: d.Page(wire.DefaultPageSize), Filters: d.Filters()}
	if err := d.Err(); err != nil {
		return List[Filter]{}, err
	}
	return l, nil
}

// Bounds returns the bounds of a page in a list of total objects that is held in memory,
// and a description of the page.
func Bounds(p search.Page, total int) (from, to int, info search.PageInfo) {
	from = min((p.Number-1)*p.Size, total)
	to = min(from+p.Size, total)
	return from, to, search.PageInfo{Total: total, Count: to - from, More: to < total}
}
