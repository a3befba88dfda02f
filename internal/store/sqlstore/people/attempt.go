package people

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
)

// attemptKey returns the key of the attempts with an e-mail address. The address isn't stored,
// because it may belong to somebody who is not known here.
func attemptKey(email string) string { return key(sha256.Sum256([]byte(email))) }

// CountAttempt implements [store.People].
func (rs *Registry) CountAttempt(
	ctx context.Context, email string, now time.Time, delay func(attempts int) time.Duration,
) (a store.Attempt, err error) {
	at := column.Truncate(now)
	err = rs.write(ctx, func(s *sqldb.Session) error {
		a = store.Attempt{}
		var count, expires int64
		var until time.Time
		err := column.QueryRow(s, "SELECT count, until, expires FROM attempts WHERE account = ? AND hash = ?",
			[]any{store.Operator, attemptKey(email)}, &count, (*column.Instant)(&until), &expires)
		if err != nil && !errors.Is(err, ledger.ErrNotFound) {
			return err
		}
		if until.After(at) {
			a.Locked, a.Until = true, until
			return nil
		}
		if expires <= column.Micros(at) {
			count = 0
		}
		count++
		if d := delay(int(count)); d > 0 {
			a.Until = at.Add(d)
		}
		forgotten := column.MaxTime(at, a.Until).Add(store.AttemptRetention)
		err = s.Exec(`INSERT INTO attempts (account, hash, count, until, expires) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (account, hash) DO UPDATE SET count = excluded.count, until = excluded.until, expires = excluded.expires`,
			store.Operator, attemptKey(email), count, column.NullMicros(a.Until), column.Micros(forgotten))
		if err == nil {
			err = removeExpired(s, "attempts", at)
		}
		if err == nil {
			a.Person, err = find(s, "WHERE p.account = ? AND p.email = ?", email)
		}
		if errors.Is(err, ledger.ErrNotFound) {
			err = nil
		}
		return err
	})
	if err != nil {
		return store.Attempt{}, fmt.Errorf("count an attempt to sign in: %w", err)
	}
	return a, nil
}

// UncountAttempt implements [store.People].
func (rs *Registry) UncountAttempt(ctx context.Context, email string, until time.Time) error {
	err := rs.write(ctx, func(s *sqldb.Session) error {
		err := s.Exec("UPDATE attempts SET count = count - 1 WHERE account = ? AND hash = ? AND count > 0", store.Operator, attemptKey(email))
		if err != nil || until.IsZero() {
			return err
		}
		return s.Exec("UPDATE attempts SET until = NULL WHERE account = ? AND hash = ? AND until = ?", store.Operator, attemptKey(email), column.Micros(until))
	})
	if err != nil {
		return fmt.Errorf("forget an attempt to sign in: %w", err)
	}
	return nil
}

// forgive forgets the failed attempts with an e-mail address.
func forgive(s *sqldb.Session, email string) error {
	return s.Exec("DELETE FROM attempts WHERE account = ? AND hash = ?", store.Operator, attemptKey(email))
}
