package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Written is what [Store.Floor] wrote.
type Written struct {
	// Submissions were written with what became of them, in so many commits of the
	// intake and so many of the applier, in Elapsed.
	Submissions, Accepts, Applies int64
	Elapsed                       time.Duration
}

// Floor writes into the store what another one has beyond it, by a bare loop: the
// same rows in the same commits as the intake and the applier made there, without
// anything being asked or decided. It measures what the database alone can do. The
// store must be a copy of the other as it was at an earlier time; every submission
// of the other must be complete. What files, keys and inquiries have beside their
// submissions is left out. Only writing is timed; it ends after limit.
func (st *Store) Floor(ctx context.Context, from *Store, limit time.Duration) (Written, error) {
	if st.writers == nil {
		return Written{}, ErrReadOnly
	}
	accounts, err := st.Accounts(ctx)
	if err != nil {
		return Written{}, err
	}
	var w Written
	for _, account := range accounts {
		for w.Elapsed < limit {
			commits, err := planFloor(ctx, st, from, account)
			if err == nil && len(commits) > 0 {
				err = st.writers.lend(ctx, func(s *session) error { return w.write(ctx, st, s, commits, limit) })
			}
			if err != nil {
				return Written{}, fmt.Errorf("write account %d once more: %w", account, err)
			}
			if len(commits) == 0 {
				break
			}
		}
	}
	return w, nil
}

// write makes the commits, until the limit.
func (w *Written) write(ctx context.Context, st *Store, s *session, commits []commit, limit time.Duration) error {
	begin := time.Now()
	defer func() { w.Elapsed += time.Since(begin) }()
	for _, c := range commits {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if w.Elapsed+time.Since(begin) >= limit {
			return nil
		}
		if err := s.within(s.dialect.beginWrite, func() error { return c.write(s) }); err != nil {
			return err
		}
		st.tend(s)
		if c.completes == 0 {
			w.Accepts++
		} else {
			w.Applies++
			w.Submissions += c.completes
		}
	}
	return nil
}

// commit is one transaction of the intake or the applier.
type commit struct {
	account, at int64
	// accepted are the rows of the intake.
	accepted [][]any
	// completes counts the submissions that the applier completed, the last of which
	// and of whose updates have the numbers; 0 of the intake's.
	completes, number, update int64

	fresh   fresh
	changed changed
}

func (c *commit) write(s *session) error {
	if c.completes == 0 {
		if _, _, err := s.advance(c.account, len(c.accepted), time.UnixMicro(c.at)); err != nil {
			return err
		}
		return s.write(newSubmissions, c.accepted)
	}
	return errors.Join(c.fresh.write(s), c.changed.write(s),
		s.exec("UPDATE applier SET number = ?, instant = ?, last_update = ? WHERE account = ?", c.number, c.at, c.update, c.account))
}

// floorChunk is how many submissions are read before they are written.
const floorChunk = 20_000

// planFloor reads what is to be written next of an account; none at the end.
func planFloor(ctx context.Context, to, from *Store, account int64) (commits []commit, err error) {
	p := floorPlan{account: account}
	err = to.read(ctx, account, func(here *session) error {
		return from.read(ctx, account, func(there *session) error {
			p.here, p.there = here, there
			commits, err = p.run()
			return err
		})
	})
	return commits, err
}
