package listing

import (
	"iter"

	"github.com/trueup-ledger/trueup/internal/search"
)

// maxAllPage is the number of row numbers that [Listing.All] holds in memory. Each page is a
// query of its own, and one that finds its rows by an index finds all of them again for each
// page. So pages are large, except for the first ones.
const (
	maxAllPage    = 1 << 17
	allPageGrowth = 8
)

// All returns the numbers of all rows, newest first, in pages.
func (l *Listing) All() iter.Seq2[[]int64, error] {
	return func(yield func([]int64, error) bool) {
		page := search.Page{Size: Chunk}
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
