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
	account int64
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

	mu     sync.Mutex
	cached []Version
}

// maxVersions is the largest number of cached versions. At most two are of one account.
const maxVersions = 64

func (vs *Versions) find(account, from int64) *program.Reference {
	vs.mu.Lock()
	defer vs.mu.Unlock()
	for _, v := range vs.cached {
		if v.account == account && v.from == from {
			return v.Data
		}
	}
	return nil
}

func (vs *Versions) add(v Version) {
	vs.mu.Lock()
	defer vs.mu.Unlock()
	same := func(c Version) bool { return c.account == v.account }
	if slices.ContainsFunc(vs.cached, func(c Version) bool { return same(c) && c.from == v.from }) {
		return // another caller loaded it at the same time
	}
	if older := slices.IndexFunc(vs.cached, same); older >= 0 && slices.ContainsFunc(vs.cached[older+1:], same) {
		vs.cached = slices.Delete(vs.cached, older, older+1)
	}
	if len(vs.cached) == maxVersions {
		vs.cached = slices.Delete(vs.cached, 0, 1)
	}
	vs.cached = append(vs.cached, v)
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
	v := Version{account: account}
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

// Prefetch sends the query of [Versions.At] with the next round trip. Its result sets v if
// the version is cached.
func (vs *Versions) Prefetch(s *sqldb.Session, account int64, at time.Time, v *Version) error {
	found := Version{account: account}
	var from sql.NullInt64
	return s.RowsDeferred(selectPeriod, periodArgs(account, at), []any{&from, &found.until}, func() error {
		found.from = from.Int64
		if found.Data = vs.find(account, found.from); found.Data != nil {
			*v = found
		}
		return nil
	})
}
