package reference

import (
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// RateTables calls visit with the tables of exchange rates of the days from first to last, as
// they were recorded at an instant, until it returns false. The newest day comes first.
func RateTables(s *sqldb.Session, account int64, first, last program.Date, at time.Time, visit func(program.RateTable) bool) error {
	var t program.RateTable
	var document, seen string
	return s.Rows(`SELECT day, base, document FROM rates WHERE account = ? AND day >= ? AND day <= ? AND recorded <= ?
		ORDER BY day DESC, base DESC, recorded DESC`, []any{account, string(first), string(last), column.Micros(at)},
		[]any{&t.Date, &t.Base, &document}, func() error {
			if t.Key() == seen { // a later recording replaced it
				return nil
			}
			seen, t.Rates = t.Key(), nil
			if err := json.Unmarshal([]byte(document), &t.Rates); err != nil {
				return fmt.Errorf("rate table %s: %w", t.Key(), err)
			}
			if !visit(t) {
				return sqldb.ErrStop
			}
			return nil
		})
}

// CurrentRateTables is [RateTables] as they were recorded last.
func CurrentRateTables(s *sqldb.Session, account int64, first, last program.Date, visit func(program.RateTable) bool) error {
	return RateTables(s, account, first, last, newest, visit)
}

var insertRates = sqldb.BulkInsert("rates", "day text", "base text", "recorded", "document text")

// RecordRates records rates at an instant. Rates that a table omits stay as they are. It returns
// the keys of the tables that are new or differ.
func RecordRates(s *sqldb.Session, account int64, tables []program.RateTable, at time.Time) (changed []string, err error) {
	if len(tables) == 0 {
		return nil, nil
	}
	first, last := tables[0].Date, tables[0].Date
	for _, t := range tables {
		first, last = min(first, t.Date), max(last, t.Date)
	}
	recorded := make(map[string]map[money.Currency]money.Rate)
	err = RateTables(s, account, first, last, at, func(t program.RateTable) bool {
		recorded[t.Key()] = t.Rates
		return true
	})
	if err != nil {
		return nil, err
	}
	var rows [][]any
	for _, t := range tables {
		before := recorded[t.Key()]
		merged := maps.Clone(before)
		if merged == nil {
			merged = make(map[money.Currency]money.Rate, len(t.Rates))
		}
		maps.Copy(merged, t.Rates)
		if maps.Equal(before, merged) {
			continue
		}
		document, err := json.Marshal(merged)
		if err != nil {
			return nil, err
		}
		recorded[t.Key()] = merged
		changed = append(changed, t.Key())
		rows = append(rows, []any{account, string(t.Date), string(t.Base), column.Micros(at), string(document)})
	}
	return changed, s.WriteRows(insertRates, rows)
}
