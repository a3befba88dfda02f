package actions

import (
	"math"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
)

// selectIn lists actions in the order of their numbers. The plus keeps the database from the
// index of event dates, which it would have to sort for each chunk.
const selectIn = `SELECT a.number FROM actions a WHERE a.account = ? AND a.number > ? AND +a.event_date >= ? AND +a.event_date < ?
	ORDER BY a.number LIMIT ?`

// LoadIn is [LoadAfter] for actions whose EventDate is in a range.
func LoadIn(s *sqldb.Session, account, after int64, eventDate search.TimeRange, limit int) ([]ledger.Action, error) {
	numbers, err := column.Collect(s, selectIn, []any{account, after, bound(eventDate.Start, math.MinInt64), bound(eventDate.End, math.MaxInt64), int64(limit)},
		func(number *int64) []any { return []any{number} })
	if err != nil || len(numbers) == 0 {
		return nil, err
	}
	actions := make([]ledger.Action, 0, len(numbers))
	if !s.Dialect().Arrays {
		for _, number := range numbers {
			a, err := Load(s, account, number)
			if err != nil {
				return nil, err
			}
			actions = append(actions, a)
		}
		return actions, nil
	}
	keys := make([]Key, len(numbers))
	for i, number := range numbers {
		keys[i] = Key{account, number}
	}
	loaded, err := LoadMany(s, keys)
	for i := 0; err == nil && i < len(keys); i++ {
		actions = append(actions, *loaded[keys[i]])
	}
	return actions, err
}

// bound returns an instant in microseconds, or none for the zero time.
func bound(t time.Time, none int64) int64 {
	if t.IsZero() {
		return none
	}
	return column.Micros(t)
}
