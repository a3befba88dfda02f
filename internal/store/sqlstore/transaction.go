package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// maxTries is how often a transaction is tried that meets others. Who met once would
// meet again, so that each waits a little before it tries again: up to meetingPause,
// and up to twice as long each time.
const (
	maxTries     = 8
	meetingPause = 2 * time.Millisecond
)

// write runs f in a transaction of a writer. Where others write at the same time f
// may be run again, and only the last time counts.
func (st *Store) write(ctx context.Context, f func(*session) error) error {
	if st.writers == nil {
		return ErrReadOnly
	}
	return st.writers.lend(ctx, func(s *session) (err error) {
		if err := st.copier.failure(); err != nil {
			return err
		}
		for try := 1; ; try++ {
			err = s.within(st.dialect.beginWrite, func() error { return f(s) })
			if err == nil || s.broken || !st.dialect.again(err) || try == maxTries {
				break
			}
			select {
			case <-time.After(rand.N(meetingPause << (try - 1))):
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
		if err == nil {
			st.tend(s)
		}
		return err
	})
}

// operate runs f as [Store.write] does and alone in its account, but for the
// applier: what it finds of keys, deeds, tokens, files and inquiries stays so.
func (st *Store) operate(ctx context.Context, account int64, f func(*session) error) error {
	return st.write(ctx, func(s *session) error {
		if err := s.holdIntake(account); err != nil {
			return err
		}
		return f(s)
	})
}

// holdIntake keeps others from accepting in an account, if it is there, until the
// transaction ends.
func (s *session) holdIntake(account int64) error { return s.holdRow("intake", account) }

// holdApplier keeps others from applying in an account. Who holds both takes the
// intake first.
func (s *session) holdApplier(account int64) error { return s.holdRow("applier", account) }

func (s *session) holdRow(table string, account int64) error {
	if s.dialect.hold == "" { // there is one writer
		return nil
	}
	var number int64
	err := s.row("SELECT number FROM "+table+" WHERE account = ?"+s.dialect.hold, []any{account}, &number)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

// read runs f on a snapshot for an account, for as long as its reader takes. What was
// read was read, in whichever way the snapshot ends.
func (st *Store) read(ctx context.Context, account int64, f func(*session) error) error {
	return st.readers.lendTo(ctx, account, func(s *session) error {
		done := false
		err := s.within(st.dialect.beginRead, func() error {
			err := f(s)
			done = err == nil
			return err
		})
		if done {
			return nil
		}
		return err
	})
}

// lookup runs f, which is short and asks for nothing that two statements could
// see differently: it needs no transaction around them.
func (st *Store) lookup(ctx context.Context, f func(*session) error) error {
	return st.lookups.lend(ctx, f)
}

// Waiting answers the accounts that have queued submissions.
func (st *Store) Waiting(ctx context.Context) ([]int64, error) {
	accounts, err := st.accounts(ctx, `SELECT i.account FROM intake i JOIN applier a ON a.account = i.account
		WHERE i.number > a.number ORDER BY i.account`)
	if err != nil {
		return nil, fmt.Errorf("look for queued submissions: %w", err)
	}
	return accounts, nil
}

// Applied answers the number of an account's last submission that is complete.
func (st *Store) Applied(ctx context.Context, account int64) (number int64, err error) {
	err = st.lookup(ctx, func(s *session) error {
		return notFound(s.row("SELECT number FROM applier WHERE account = ?", []any{account}, &number))
	})
	if err != nil {
		return 0, fmt.Errorf("look at the applier of account %d: %w", account, err)
	}
	return number, nil
}
