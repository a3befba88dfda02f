package listing

import (
	"math"
	"slices"

	"github.com/trueup-ledger/trueup/internal/search"
)

// UnknownTotal is the total of a listing whose rows have to be counted.
const UnknownTotal = -1

// Page returns the numbers of the rows on a page, newest first. Total is the number of
// rows that match, or [UnknownTotal].
func (l *Listing) Page(p search.Page, total int) (info search.PageInfo, numbers []int64, err error) {
	switch {
	case p.Uncounted:
		total = math.MaxInt
	case total < 0:
		total, err = l.count(p.MaxTotal)
	case p.MaxTotal > 0:
		total = min(total, p.MaxTotal+1)
	}
	info.Total = total
	if err != nil || total == 0 || p.MaxTotal > 0 && total > p.MaxTotal {
		return info, nil, err
	}
	if p.Above != 0 {
		numbers, info.More, err = l.above(p)
	} else {
		numbers, info.More, err = l.below(p, total)
	}
	if info.Count = len(numbers); info.Count > 0 {
		info.First, info.Last = numbers[0], numbers[info.Count-1]
	}
	if p.Uncounted {
		info.Total = uncountedTotal(p, info)
	}
	return info, numbers, err
}

// uncountedTotal returns the number of rows up to the end of a page, plus one if rows follow it.
func uncountedTotal(p search.Page, info search.PageInfo) int {
	if info.Count == 0 {
		return 0
	}
	total := info.Count
	if before := p.Number - 1; before > 0 {
		total += before * p.Size
	}
	if info.More {
		total++
	}
	return total
}

// count counts the rows that match. If limit is positive, it stops at limit + 1.
func (l *Listing) count(limit int) (total int, err error) {
	text, args := "SELECT count(*) FROM "+l.from+" WHERE "+l.where.String(), l.args
	if limit > 0 {
		text = "SELECT count(*) FROM (SELECT 1 FROM " + l.from + " WHERE " + l.where.String() + " LIMIT ?) AS matching"
		args = append(slices.Clone(args), int64(limit)+1)
	}
	err = l.snapshot.Row(text, args, &total)
	return total, err
}

// below returns the page with the number p.Number, or the one below the cursor p.Below. It
// reports whether rows follow the page.
func (l *Listing) below(p search.Page, total int) (numbers []int64, more bool, err error) {
	condition, args := "", slices.Clone(l.args)
	offset := int64(0)
	switch {
	case p.Below != 0:
		condition, args = " AND "+l.Key()+" < ?", append(args, p.Below)
	case p.Number > 1 && p.Number-1 > total/p.Size:
		return nil, false, nil
	case p.Number > 1:
		offset = int64(p.Number-1) * int64(p.Size)
	}
	numbers, err = l.numbers(condition, "DESC LIMIT ? OFFSET ?", append(args, int64(p.Size)+1, offset))
	if err != nil || len(numbers) <= p.Size {
		return numbers, false, err
	}
	return numbers[:p.Size], true, nil
}

// above returns the page above the cursor p.Above, and reports whether rows follow it.
func (l *Listing) above(p search.Page) (numbers []int64, more bool, err error) {
	numbers, err = l.numbers(" AND "+l.Key()+" > ?", "ASC LIMIT ?", append(slices.Clone(l.args), p.Above, int64(p.Size)))
	if err != nil || len(numbers) == 0 {
		return nil, false, err
	}
	slices.Reverse(numbers)
	after, err := l.numbers(" AND "+l.Key()+" < ?", "DESC LIMIT 1", append(slices.Clone(l.args), numbers[len(numbers)-1]))
	return numbers, len(after) > 0, err
}

// numbers returns the numbers of the rows that also match a condition. Order ends the
// ORDER BY clause and limits the rows.
func (l *Listing) numbers(condition, order string, args []any) (numbers []int64, err error) {
	text := "SELECT " + l.number + " FROM " + l.from + " WHERE " + l.where.String() + condition
	if l.orderHint != "" {
		// The limit is larger than any table, but a subquery without one is not sorted.
		text = "SELECT number FROM (" + text + " ORDER BY " + l.orderHint + " DESC LIMIT 9223372036854775807) AS matching ORDER BY number " + order
	} else {
		text += " ORDER BY " + l.Key() + " " + order
	}
	var number int64
	err = l.snapshot.Rows(text, args, []any{&number}, func() error {
		numbers = append(numbers, number)
		return nil
	})
	return numbers, err
}
