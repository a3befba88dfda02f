package submissions

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
)

// Queue accepts submissions.
type Queue struct{ DB *sqldb.DB }

// Accept implements [store.Queue].
func (q *Queue) Accept(ctx context.Context, account int64, now time.Time, batch []store.Submission) ([]store.Accepted, error) {
	return q.AcceptFunc(ctx, account, func() (time.Time, []store.Submission) { return now, batch })
}

// AcceptFunc implements [store.Queue]. It calls next once the transaction has locked the
// account's intake: submissions that arrive while another process holds the lock join
// the commit.
func (q *Queue) AcceptFunc(ctx context.Context, account int64, next func() (time.Time, []store.Submission)) ([]store.Accepted, error) {
	var a acceptance
	var taken sync.Once // the transaction may be retried
	err := q.DB.Write(ctx, func(s *sqldb.Session) error {
		i, err := lockIntake(s, account)
		if err != nil {
			return err
		}
		taken.Do(func() { a.now, a.batch = next() })
		if len(a.batch) > store.MaxBatch {
			return fmt.Errorf("%d submissions are more than %d", len(a.batch), store.MaxBatch)
		}
		return a.run(s, i)
	})
	if err != nil {
		return nil, fmt.Errorf("accept in account %d: %w", account, err)
	}
	return a.accepted, nil
}

// AcceptBatch accepts a batch in the transaction of another write.
func AcceptBatch(s *sqldb.Session, account int64, now time.Time, batch []store.Submission) ([]store.Accepted, error) {
	i, err := lockIntake(s, account)
	if err != nil {
		return nil, err
	}
	a := acceptance{now: now, batch: batch}
	err = a.run(s, i)
	return a.accepted, err
}

// acceptance accepts one batch.
type acceptance struct {
	now   time.Time
	batch []store.Submission

	*sqldb.Session
	intake   intake
	rows     [][]any
	accepted []store.Accepted
}

func (a *acceptance) run(s *sqldb.Session, i intake) (err error) {
	a.Session, a.intake = s, i
	a.now, a.accepted = column.Truncate(a.now), make([]store.Accepted, len(a.batch))
	if a.rows, err = encodeRows(i.account, a.batch); err != nil {
		return err
	}
	added, repeated, err := a.classify()
	if err != nil || len(added) == 0 {
		return err
	}
	last, at, err := i.allocate(s, len(added), a.now)
	if err != nil {
		return err
	}
	rows := make([][]any, len(added))
	for i, n := range added {
		a.assign(n, last-int64(len(added)-1-i), at)
		rows[i] = a.rows[n]
	}
	if err := errors.Join(s.WriteRows(insertSubmission, rows), a.rememberKeys(added, at)); err != nil {
		return err
	}
	for _, n := range repeated {
		if _, err := a.replay(n); err != nil {
			return err
		}
	}
	return nil
}

// classify returns the indexes of the submissions to accept, and of those that repeat
// a key of the same batch. It replays those whose key was used in an earlier batch.
func (a *acceptance) classify() (added, repeated []int, err error) {
	added = make([]int, 0, len(a.batch))
	keys := make(map[string]bool)
	mayBeUsed, err := a.usedKeys()
	if err != nil {
		return nil, nil, err
	}
	for n := range a.batch {
		key := a.batch[n].Key.Text
		switch {
		case key == "":
			added = append(added, n)
		case keys[key]:
			repeated = append(repeated, n)
		default:
			used := false
			if mayBeUsed(key) {
				if used, err = a.replay(n); err != nil {
					return nil, nil, err
				}
			}
			if !used {
				keys[key], added = true, append(added, n)
			}
		}
	}
	return added, repeated, nil
}

// usedKeys returns a function that reports whether a key may have been used in an
// earlier batch. If each lookup costs a round trip, one query looks up all keys.
func (a *acceptance) usedKeys() (func(key string) bool, error) {
	var keys []string
	for _, s := range a.batch {
		if s.Key.Text != "" {
			keys = append(keys, s.Key.Text)
		}
	}
	if !a.Dialect().Arrays || len(keys) < 2 {
		return func(string) bool { return true }, nil
	}
	used, err := usedAmong(a.Session, a.intake.account, a.now, keys)
	return func(key string) bool { return used[key] }, err
}

// replay sets the result of a submission whose key was used before, and reports
// whether it was.
func (a *acceptance) replay(n int) (used bool, err error) {
	first, err := FirstUse(a.Session, a.intake.account, a.now, a.batch[n].Key)
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		return false, nil
	case errors.Is(err, store.ErrKeyReused):
		a.accepted[n].Err = store.ErrKeyReused
		return true, nil
	}
	a.accepted[n] = store.Accepted{Submission: first.Submission, Replayed: true}
	return true, err
}

// assign gives the n-th submission of the batch its number and instant.
func (a *acceptance) assign(n int, number int64, at time.Time) {
	s := &a.accepted[n].Submission
	*s = a.batch[n]
	s.Number, s.Accepted = number, at
	s.ID = store.NewSubmissionID(a.intake.salt, at, number)
	setPosition(a.rows[n], number, at)
}

// rememberKeys stores the keys of the accepted submissions.
func (a *acceptance) rememberKeys(added []int, at time.Time) error {
	var keys [][]any
	for _, n := range added {
		if s := &a.accepted[n].Submission; s.Key.Text != "" {
			keys = append(keys, keyRow(a.intake.account, s.Key, at, s.Number, ""))
		}
	}
	return insertKeys(a.Session, a.intake.account, at, keys)
}
