package listing

import (
	"iter"

	"github.com/trueup-ledger/trueup/internal/search"
)

// maxAllPage is the number of row numbers that [Listing.All] holds in memory. Each page is a
// query of its own. The first pages are small, so that rows come early, unless an index finds
// the rows: such a query finds all of them again for each page.
const (
	maxAllPage    = 1 << 18
	allPageGrowth = 8
)

// All returns the numbers of all rows, newest first, in pages.
func (l *Listing) All() iter.Seq2[[]int64, error] {
	return func(yield func([]int64, error) bool) {
		page := search.Page{Size: Chunk}
		if l.selective {
			page.Size = maxAllPage
		}
		for more := true; more; {
			numbers, follow, err := l.below(page, 0)
			if err != nil || len(numbers) == 0 {
				yield(nil, err)
				return
			}
			if !yield(numbers, nil) {
				return
			}
			more = follow
			page.Below, page.Size = numbers[len(numbers)-1], min(page.Size*allPageGrowth, maxAllPage)
		}
	}
}
