package listing

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
)

// Chunk is the number of rows that a sequence holds in memory at a time. WideChunk is
// the number for submissions, which can have a megabyte each.
const (
	Chunk     = 256
	WideChunk = 16
)

// Loader loads the rows of a table with the numbers of a chunk.
type Loader[T any] struct {
	// marked is the query with a parameter for each number, between the one with the first
	// and the last of consecutive numbers. The queries array and routed have one array of
	// numbers.
	marked, between, array, routed string
	size                           int
	number                         func(*T) int64
	dest                           func(*T) []any
}

// NewLoader returns a loader that adds conditions to a query without any, whose first
// parameter is the account. Table is the table of the query with its alias, size the length
// of a chunk. Number returns the number of a row, dest the scan targets in it.
//
// The query by array looks up each row by its key. Otherwise a server that underestimates
// the size of an account reads all of it. It hides the account from the planner, so that a
// distributed database, which must see the account, has a query of its own.
func NewLoader[T any](query, table string, size int, number func(*T) int64, dest func(*T) []any) *Loader[T] {
	name, alias, _ := strings.Cut(table, " ")
	each := "FROM unnest(?2::bigint[]) AS n (number) CROSS JOIN LATERAL (SELECT * FROM " + name + //nolint:unqueryvet // the outer query names the columns
		" b WHERE b.account = ?1 AND b.number = n.number OFFSET 0) " + alias
	return &Loader[T]{
		marked:  query + " WHERE " + alias + ".account = ?1 AND " + alias + ".number IN (" + params(2, size) + ")",
		between: query + " WHERE " + alias + ".account = ?1 AND " + alias + ".number BETWEEN ?2 AND ?3",
		array:   strings.Replace(query, "FROM "+table, each, 1),
		routed:  query + " WHERE " + alias + ".account = ?1 AND " + alias + ".number = ANY (?2::bigint[])",
		size:    size, number: number, dest: dest,
	}
}

// params returns a list of count numbered parameters, the first one of which is first.
func params(first, count int) string {
	list := make([]string, count)
	for i := range list {
		list[i] = "?" + strconv.Itoa(first+i)
	}
	return strings.Join(list, ", ")
}

// Array returns the query by array. Its parameters are the account and the numbers.
func (l *Loader[T]) Array(d *sqldb.Dialect) string {
	if d.Distributed {
		return l.routed
	}
	return l.array
}

// query returns the statement and its arguments for the numbers of a chunk, which descend.
// Without arrays, the last number is repeated to fill the chunk.
func (l *Loader[T]) query(d *sqldb.Dialect, account int64, chunk []int64) (string, []any) {
	if d.Arrays {
		return l.Array(d), []any{account, chunk}
	}
	if first, last := chunk[len(chunk)-1], chunk[0]; last-first == int64(len(chunk))-1 {
		return l.between, []any{account, first, last}
	}
	args := make([]any, 0, 1+l.size)
	args = append(args, account)
	for i := range l.size {
		args = append(args, chunk[min(i, len(chunk)-1)])
	}
	return l.marked, args
}

// Stream returns the rows with the given numbers, in the order of the numbers, which
// must descend. It holds one chunk of them in memory.
func (l *Loader[T]) Stream(r *account.Snapshot, numbers []int64) iter.Seq2[T, error] {
	return Stream(r, l, numbers, func(row *T) (T, error) { return *row, nil })
}

// Stream is [Loader.Stream] for rows that convert turns into values.
func Stream[T, V any](r *account.Snapshot, l *Loader[T], numbers []int64, convert func(*T) (V, error)) iter.Seq2[V, error] {
	return func(yield func(V, error) bool) {
		var none V
		for chunk := range slices.Chunk(numbers, l.size) {
			if r.Context.Err() != nil {
				yield(none, context.Cause(r.Context))
				return
			}
			values, err := load(r, l, chunk, convert)
			if err != nil {
				yield(none, err)
				return
			}
			for _, v := range values {
				if !yield(v.value, nil) {
					return
				}
			}
		}
	}
}

// numbered is a value with the number of its row.
type numbered[V any] struct {
	number int64
	value  V
}

// load returns the values of a chunk, the largest number first.
func load[T, V any](r *account.Snapshot, l *Loader[T], chunk []int64, convert func(*T) (V, error)) (values []numbered[V], err error) {
	var row T
	values = make([]numbered[V], 0, len(chunk))
	text, args := l.query(r.Dialect(), r.Account, chunk)
	err = r.Rows(text, args, l.dest(&row), func() error {
		value, err := convert(&row)
		values = append(values, numbered[V]{l.number(&row), value})
		return err
	})
	slices.SortFunc(values, func(a, b numbered[V]) int { return cmp.Compare(b.number, a.number) })
	return values, err
}

// Scroll returns the values of all chunks that next returns. Next is passed the last value
// of the previous chunk, or nil at first. It returns an empty chunk at the end.
func Scroll[T any](ctx context.Context, next func(last *T) ([]T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		var last *T
		for {
			chunk, err := next(last)
			if ctx.Err() != nil {
				err = context.Cause(ctx)
			}
			if err != nil {
				yield(none, err)
				return
			}
			for _, value := range chunk {
				if !yield(value, nil) {
					return
				}
			}
			if len(chunk) == 0 {
				return
			}
			last = &chunk[len(chunk)-1]
		}
	}
}
