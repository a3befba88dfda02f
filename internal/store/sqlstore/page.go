package sqlstore

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/ledger"
)

// chunk is how many rows a sequence holds at a time, wideChunk how many
// submissions: one can have a megabyte.
const (
	chunk     = 256
	wideChunk = 16
)

// page answers which numbers are on a page, newest first. A total below 0 is
// still to be counted.
func (r *reader) page(l *listing, p ledger.Page, total int) (found ledger.PageInfo, numbers []int64, err error) {
	if total < 0 {
		total, err = r.count(l, p.Most)
	} else if p.Most > 0 {
		total = min(total, p.Most+1)
	}
	found.Total = total
	if err != nil || total == 0 || p.Most > 0 && total > p.Most {
		return found, nil, err
	}
	if p.Above != 0 {
		numbers, found.More, err = r.above(l, p)
	} else {
		numbers, found.More, err = r.below(l, p, total)
	}
	if found.Count = len(numbers); found.Count > 0 {
		found.First, found.Last = numbers[0], numbers[found.Count-1]
	}
	return found, numbers, err
}

// count counts what matches, to one more than most.
func (r *reader) count(l *listing, most int) (total int, err error) {
	text, args := "SELECT count(*) FROM "+l.from+" WHERE "+l.where.String(), l.args
	if most > 0 {
		text = "SELECT count(*) FROM (SELECT 1 FROM " + l.from + " WHERE " + l.where.String() + " LIMIT ?) AS matching"
		args = append(slices.Clone(args), int64(most)+1)
	}
	err = r.row(text, args, &total)
	return total, err
}

// below answers a counted page or the one below a cursor, and whether there is more.
func (r *reader) below(l *listing, p ledger.Page, total int) ([]int64, bool, error) {
	condition, args := "", slices.Clone(l.args)
	offset := int64(0)
	switch {
	case p.Below != 0:
		condition, args = " AND "+l.key()+" < ?", append(args, p.Below)
	case p.Number > 1 && p.Number-1 > total/p.Size:
		return nil, false, nil
	case p.Number > 1:
		offset = int64(p.Number-1) * int64(p.Size)
	}
	numbers, err := r.numbers(l, condition, "DESC LIMIT ? OFFSET ?", append(args, int64(p.Size)+1, offset))
	if err != nil || len(numbers) <= p.Size {
		return numbers, false, err
	}
	return numbers[:p.Size], true, nil
}

// above answers the page above a cursor.
func (r *reader) above(l *listing, p ledger.Page) ([]int64, bool, error) {
	numbers, err := r.numbers(l, " AND "+l.key()+" > ?", "ASC LIMIT ?", append(slices.Clone(l.args), p.Above, int64(p.Size)))
	if err != nil || len(numbers) == 0 {
		return nil, false, err
	}
	slices.Reverse(numbers)
	after, err := r.numbers(l, " AND "+l.key()+" < ?", "DESC LIMIT 1", append(slices.Clone(l.args), numbers[len(numbers)-1]))
	return numbers, len(after) > 0, err
}

func (r *reader) numbers(l *listing, condition, order string, args []any) (numbers []int64, err error) {
	text := "SELECT " + l.number + " FROM " + l.from + " WHERE " + l.where.String() + condition
	if l.walk != "" { // the limit is none, but without one the order would be ignored
		text = "SELECT number FROM (" + text + " ORDER BY " + l.walk + " DESC LIMIT 9223372036854775807) AS matching ORDER BY number " + order
	} else {
		text += " ORDER BY " + l.key() + " " + order
	}
	var number int64
	err = r.rows(text, args, []any{&number}, func() error {
		numbers = append(numbers, number)
		return nil
	})
	return numbers, err
}

// byNumbers are texts of one query for the rows of a table with the numbers of a chunk.
type byNumbers struct{ marked, array string }

// newByNumbers takes a query without condition, its table with the alias, and how many
// numbers there are at most. With an array each row is looked up by itself: whatever a
// server believes of an account's size, it must not read all of the account for them.
func newByNumbers(query, table string, size int) byNumbers {
	name, alias, _ := strings.Cut(table, " ")
	each := "FROM unnest(?2::bigint[]) AS n (number) CROSS JOIN LATERAL (SELECT * FROM " + name + //nolint:unqueryvet // the query outside names them
		" b WHERE b.account = ?1 AND b.number = n.number OFFSET 0) " + alias
	return byNumbers{
		marked: query + " WHERE " + alias + ".account = ? AND " + alias + ".number IN (" + marks(size) + ")",
		array:  strings.Replace(query, "FROM "+table, each, 1),
	}
}

// text answers the query for a database.
func (b byNumbers) text(d *dialect) string {
	if d.arrays {
		return b.array
	}
	return b.marked
}

// numbers answers the arguments of such a query: without arrays the last number is
// repeated to fill the chunk.
func (d *dialect) numbers(account int64, part []int64, size int) []any {
	if d.arrays {
		return []any{account, part}
	}
	args := []any{account}
	for i := range size {
		args = append(args, part[min(i, len(part)-1)])
	}
	return args
}

// stream answers the objects with the numbers, in their order, and holds no more
// than size of them. Load answers those of one chunk in any order, given the
// arguments of [byNumbers].
func stream[T any](
	r *reader, numbers []int64, size int, number func(T) int64, load func(args []any) ([]T, error),
) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		for part := range slices.Chunk(numbers, size) {
			if r.ctx.Err() != nil {
				yield(none, context.Cause(r.ctx))
				return
			}
			objects, err := load(r.dialect.numbers(r.account, part, size))
			if err != nil {
				yield(none, err)
				return
			}
			slices.SortFunc(objects, func(a, b T) int { return cmp.Compare(number(b), number(a)) })
			for _, object := range objects {
				if !yield(object, nil) {
					return
				}
			}
		}
	}
}
