package reference

import (
	"cmp"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Load returns the reference data as they were recorded at an instant in microseconds.
func Load(s *sqldb.Session, account, at int64) (*program.Reference, error) {
	r := program.NewReference()
	// Of the documents with one kind and key, the last one counts.
	var kind, key, document string
	var lastKind, lastKey, last string
	var recorded time.Time
	promoCodes := make(map[string]time.Time)
	err := s.Rows(`SELECT kind, key, document, recorded FROM reference WHERE account = ? AND recorded <= ?
		ORDER BY kind, key, recorded`, []any{account, at}, []any{&kind, &key, &document, (*column.Instant)(&recorded)}, func() (err error) {
		if _, known := promoCodes[key]; kind == program.KindPromoCode && !known {
			promoCodes[key] = recorded
		}
		if lastKind != "" && (kind != lastKind || key != lastKey) {
			err = r.AddEntry(lastKind, []byte(last))
		}
		lastKind, lastKey, last = kind, key, document
		return err
	})
	if err == nil && lastKind != "" {
		err = r.AddEntry(lastKind, []byte(last))
	}
	if err != nil {
		return nil, err
	}
	r.NumberPromoCodes(promoCodes)
	for _, versions := range r.Terms {
		slices.SortFunc(versions, func(a, b program.Terms) int { return cmp.Compare(a.Version, b.Version) })
	}
	return r, r.Prepare()
}
