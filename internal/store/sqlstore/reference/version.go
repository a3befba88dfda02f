// Package reference reads the reference data of accounts as of an instant.
package reference

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/ttlcache"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Version is an account's reference data in a period without changes of them.
type Version struct {
	Account int64
	// The period begins at from and ends before until, in microseconds.
	from, until int64
	Data        *program.Reference
}

// Covers reports whether the instant is in the version's period.
func (v Version) Covers(at time.Time) bool {
	return v.Data != nil && v.from <= column.Micros(at) && column.Micros(at) < v.until
}

// Versions reads versions of reference data and caches those that were loaded last. A
// cached version never expires: recorded entries don't change, and a later recording has a
// later instant.
type Versions struct {
	DB *sqldb.DB

	// current caches the current reference data of accounts.
	current ttlcache.Cache[int64, *program.Reference]

	mu sync.Mutex
	// cached holds the last two versions of accounts, the newest one last, and size the
	// number of their entries.
	cached map[int64][]Version
	size   int
}

// maxEntries is the number of entries above which versions are removed from the cache.
const maxEntries = 200_000

func (vs *Versions) find(account, from int64) *program.Reference {
	vs.mu.Lock()
	defer vs.mu.Unlock()
	for _, v := range vs.cached[account] {
		if v.from == from {
			return v.Data
		}
	}
	return nil
}

func (vs *Versions) add(v Version) {
	vs.mu.Lock()
	defer vs.mu.Unlock()
	if vs.cached == nil {
		vs.cached = make(map[int64][]Version)
	}
	versions := vs.cached[v.Account]
	if slices.ContainsFunc(versions, func(c Version) bool { return c.from == v.from }) {
		return // another caller loaded it at the same time
	}
	if len(versions) == 2 {
		vs.size -= versions[0].Data.Len()
		versions = versions[1:]
	}
	vs.cached[v.Account], vs.size = append(slices.Clone(versions), v), vs.size+v.Data.Len()
	for account, versions := range vs.cached { // in random order
		if vs.size <= maxEntries {
			break
		}
		if account == v.Account {
			continue
		}
		for _, old := range versions {
			vs.size -= old.Data.Len()
		}
		delete(vs.cached, account)
	}
}

// newest is a time after every recording.
var newest = time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC)

// Reference implements [store.References].
func (vs *Versions) Reference(ctx context.Context, account int64, at time.Time) (data *program.Reference, err error) {
	err = vs.DB.Lookup(ctx, func(s *sqldb.Session) error {
		v, err := vs.At(s, account, at)
		data = v.Data
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reference data of account %d: %w", account, err)
	}
	return data, nil
}

// CurrentReference implements [store.References].
func (vs *Versions) CurrentReference(ctx context.Context, account int64) (*program.Reference, error) {
	return vs.current.Get(account, func() (*program.Reference, error) { return vs.Reference(ctx, account, newest) })
}

// Changed drops the cached current data. It must be called after reference data were
// recorded.
func (vs *Versions) Changed() { vs.current.Clear() }

// Current returns the reference data that were recorded last. It must not be called in a
// transaction that has recorded reference data.
func (vs *Versions) Current(s *sqldb.Session, account int64) (*program.Reference, error) {
	v, err := vs.At(s, account, newest)
	return v.Data, err
}

// At returns the version at an instant. It must not be called in a transaction that
// has recorded reference data.
func (vs *Versions) At(s *sqldb.Session, account int64, at time.Time) (Version, error) {
	v := Version{Account: account}
	var from sql.NullInt64
	if err := s.Row(selectPeriod, periodArgs(account, at), &from, &v.until); err != nil {
		return Version{}, err
	}
	if !from.Valid {
		return Version{}, ledger.ErrNotFound
	}
	v.from = from.Int64
	if v.Data = vs.find(account, v.from); v.Data != nil {
		return v, nil
	}
	var err error
	if v.Data, err = Load(s, account, v.from); err != nil {
		return Version{}, err
	}
	vs.add(v)
	return v, nil
}

const selectPeriod = `SELECT max(recorded), coalesce((SELECT min(recorded) FROM reference WHERE account = ? AND recorded > ?),
	9223372036854775807) FROM reference WHERE account = ? AND recorded <= ?`

func periodArgs(account int64, at time.Time) []any {
	return []any{account, column.Micros(at), account, column.Micros(at)}
}

// Instant is an instant in an account.
type Instant struct {
	Account int64
	At      time.Time
}

// Prefetch sends the query of [Versions.At] for several accounts with the next round trip.
// It calls set with the versions that are cached. The database must support arrays. If it is
// distributed, at must have one element.
func (vs *Versions) Prefetch(s *sqldb.Session, at []Instant, set func(Version)) error {
	var v Version
	var from sql.NullInt64
	dest := []any{&v.Account, &from, &v.until}
	each := func() error {
		v.from = from.Int64
		if v.Data = vs.find(v.Account, v.from); v.Data != nil {
			set(v)
		}
		return nil
	}
	if len(at) == 1 {
		v.Account = at[0].Account
		return s.RowsDeferred(selectPeriod, periodArgs(v.Account, at[0].At), dest[1:], each)
	}
	accounts, instants := make([]int64, len(at)), make([]int64, len(at))
	for i, a := range at {
		accounts[i], instants[i] = a.Account, column.Micros(a.At)
	}
	return s.RowsDeferred(`SELECT v.account, (SELECT max(r.recorded) FROM reference r WHERE r.account = v.account AND r.recorded <= v.at),
		coalesce((SELECT min(r.recorded) FROM reference r WHERE r.account = v.account AND r.recorded > v.at), 9223372036854775807)
		FROM unnest(?1::bigint[], ?2::bigint[]) AS v (account, at)`, []any{accounts, instants}, dest, each)
}
