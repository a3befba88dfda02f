package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// Accept appends submissions to an account's queue. An unknown account is
// ledger.ErrNotFound.
func (st *Store) Accept(ctx context.Context, account int64, now time.Time, batch []store.Submission) ([]store.Accepted, error) {
	return st.AcceptInTurn(ctx, account, func() (time.Time, []store.Submission) { return now, batch })
}

// AcceptInTurn implements [store.InTurn].
func (st *Store) AcceptInTurn(ctx context.Context, account int64, take func() (time.Time, []store.Submission)) ([]store.Accepted, error) {
	a := accepting{account: account}
	var taken sync.Once
	err := st.write(ctx, func(s *session) (err error) {
		// What comes while another process accepts in the account is in the same commit.
		if a.intake, err = s.intakeOf(account); err != nil {
			return err
		}
		taken.Do(func() { a.now, a.batch = take() }) // the transaction may be tried again
		if len(a.batch) > store.MaxBatch {
			return fmt.Errorf("%d submissions at once: more than %d", len(a.batch), store.MaxBatch)
		}
		return a.run(s)
	})
	if err != nil {
		return nil, fmt.Errorf("accept in account %d: %w", account, err)
	}
	return a.accepted, nil
}

// accepting is a batch at work.
type accepting struct {
	*session
	account  int64
	intake   intake
	now      time.Time
	batch    []store.Submission
	rows     [][]any
	accepted []store.Accepted
}

func (a *accepting) run(s *session) (err error) {
	a.session, a.now, a.accepted = s, whole(a.now), make([]store.Accepted, len(a.batch))
	if a.rows, err = encodeBatch(a.account, a.batch); err != nil {
		return err
	}
	fresh, twins, err := a.sort()
	if err != nil || len(fresh) == 0 {
		return err
	}
	last, at, err := s.give(a.intake, len(fresh), a.now)
	if err != nil {
		return err
	}
	rows := make([][]any, len(fresh))
	for i, n := range fresh {
		a.number(n, last-int64(len(fresh)-1-i), at)
		rows[i] = a.rows[n]
	}
	if err := errors.Join(s.write(newSubmissions, rows), a.remember(fresh, at)); err != nil {
		return err
	}
	for _, n := range twins {
		if _, err := a.replay(n); err != nil {
			return err
		}
	}
	return nil
}

// sort answers the places in the batch of submissions to accept, and of those
// whose key stands further ahead; it replays those whose key was seen before.
func (a *accepting) sort() (fresh, twins []int, err error) {
	fresh = make([]int, 0, len(a.batch))
	keys := make(map[string]bool)
	mayBeSeen, err := a.known()
	if err != nil {
		return nil, nil, err
	}
	for n := range a.batch {
		key := a.batch[n].Key.Text
		switch {
		case key == "":
			fresh = append(fresh, n)
		case keys[key]:
			twins = append(twins, n)
		default:
			seen := false
			if mayBeSeen(key) {
				if seen, err = a.replay(n); err != nil {
					return nil, nil, err
				}
			}
			if !seen {
				keys[key], fresh = true, append(fresh, n)
			}
		}
	}
	return fresh, twins, nil
}

// known answers which of the batch's keys may have been seen: by one query where each
// is a journey, or else all, each of which is then looked up by itself.
func (a *accepting) known() (func(key string) bool, error) {
	var keys []string
	for _, s := range a.batch {
		if s.Key.Text != "" {
			keys = append(keys, s.Key.Text)
		}
	}
	if !a.dialect.arrays || len(keys) < 2 {
		return func(string) bool { return true }, nil
	}
	seen, err := a.seenAny(a.account, a.now, keys)
	return func(key string) bool { return seen[key] }, err
}

// replay answers a submission by the first one of its key, if there is one.
func (a *accepting) replay(n int) (seen bool, err error) {
	first, err := a.seen(a.account, a.now, a.batch[n].Key)
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

// number makes a place of the batch the submission with the number.
func (a *accepting) number(n int, number int64, at time.Time) {
	s := &a.accepted[n].Submission
	*s = a.batch[n]
	s.Number, s.Accepted = number, at
	s.ID = store.NewSubmissionID(a.intake.salt, at, number)
	a.rows[n][1], a.rows[n][2] = number, micros(at)
}

// remember keeps the keys of the places, which have one instant.
func (a *accepting) remember(fresh []int, at time.Time) error {
	var keys [][]any
	for _, n := range fresh {
		if s := &a.accepted[n].Submission; s.Key.Text != "" {
			keys = append(keys, keyRow(a.account, s.Key, at, s.Number, ""))
		}
	}
	return a.session.remember(a.account, at, keys...)
}

// encodeBatch answers the rows, but for what is given under the lock.
func encodeBatch(account int64, batch []store.Submission) ([][]any, error) {
	rows := make([][]any, len(batch))
	for i, submission := range batch {
		text, order, action, err := encodeCommand(submission.Command)
		if err != nil {
			return nil, err
		}
		rows[i] = []any{account, nil, nil, string(submission.Command.Kind()), order, action, submission.Payload, string(text)}
	}
	return rows, nil
}

// intake is an account's, as the last that accepted left it.
type intake struct {
	account, number int64
	instant         time.Time
	salt            uint32
}

// intakeOf answers the account's intake, which is nobody else's until the transaction
// ends.
func (s *session) intakeOf(account int64) (intake, error) {
	i := intake{account: account}
	err := s.row(`SELECT i.number, i.instant, (SELECT a.salt FROM accounts a WHERE a.account = ?)
		FROM intake i WHERE i.account = ?`+s.dialect.hold, []any{account, account}, &i.number, (*instant)(&i.instant), &i.salt)
	return i, notFound(err)
}

// give gives so many numbers and answers the last of them with their instant.
func (s *session) give(i intake, count int, now time.Time) (last int64, at time.Time, err error) {
	last, at = i.number+int64(count), later(now, i.instant)
	return last, at, s.exec("UPDATE intake SET number = ?, instant = ? WHERE account = ?", last, micros(at), i.account)
}

// advance is give for who does not need to know the intake before.
func (s *session) advance(account int64, count int, now time.Time) (last int64, at time.Time, err error) {
	i, err := s.intakeOf(account)
	if err != nil {
		return 0, time.Time{}, err
	}
	return s.give(i, count, now)
}

// salt answers what keeps an account's submission ids apart from others'.
func (s *session) salt(account int64) (salt uint32, err error) {
	err = s.row("SELECT salt FROM accounts WHERE account = ?", []any{account}, &salt)
	return salt, notFound(err)
}
