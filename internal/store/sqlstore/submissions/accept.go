// Package submissions stores the queue of submissions of an account, their outcomes and
// their idempotency keys.
package submissions

import (
	"context"
	"encoding/json"
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
	var once sync.Once // the transaction may be retried
	err := q.DB.WriteFor(ctx, account, func(s *sqldb.Session) error {
		in, err := lockIntake(s, account)
		if err != nil {
			return err
		}
		once.Do(func() { a.now, a.batch = next() })
		if len(a.batch) > store.MaxBatch {
			return fmt.Errorf("%d submissions are more than %d", len(a.batch), store.MaxBatch)
		}
		return a.run(s, in)
	})
	if err != nil {
		return nil, fmt.Errorf("accept in account %d: %w", account, err)
	}
	return a.accepted, nil
}

// AcceptBatch accepts a batch in the transaction of another write.
func AcceptBatch(s *sqldb.Session, account int64, now time.Time, batch []store.Submission) ([]store.Accepted, error) {
	in, err := lockIntake(s, account)
	if err != nil {
		return nil, err
	}
	a := acceptance{now: now, batch: batch}
	err = a.run(s, in)
	return a.accepted, err
}

// AcceptCommand is [AcceptBatch] for one command without an idempotency key. It returns
// the accepted submission.
func AcceptCommand(s *sqldb.Session, account int64, now time.Time, c ledger.Command, payload string) (store.Submission, error) {
	accepted, err := AcceptBatch(s, account, now, []store.Submission{{Submission: ledger.Submission{Command: c}, Payload: payload}})
	if err != nil {
		return store.Submission{}, err
	}
	return accepted[0].Submission, nil
}

// acceptance accepts one batch.
type acceptance struct {
	now   time.Time
	batch []store.Submission

	*sqldb.Session
	intake intake
	// rows and accepted have an element for each submission of the batch.
	rows     [][]any
	accepted []store.Accepted
}

// run accepts the batch in a transaction that has locked the intake.
func (a *acceptance) run(s *sqldb.Session, in intake) (err error) {
	a.Session, a.intake = s, in
	a.now, a.accepted = column.Truncate(a.now), make([]store.Accepted, len(a.batch))
	if a.rows, err = encodeRows(in.account, a.batch); err != nil {
		return err
	}
	added, repeated, err := a.classify()
	if err != nil || len(added) == 0 {
		return err
	}
	last, at, err := in.allocate(s, len(added), a.now)
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
	s.Number, s.Accepted, s.Rules = number, at, rulesOf(a.batch[n])
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

// Address returns the order and the action that a command names. A conversion names
// the order of the action that it creates.
func Address(command ledger.Command) ledger.Address {
	switch c := command.(type) {
	case ledger.Conversion:
		return ledger.Address{EventType: c.EventType, Order: c.Order}
	case ledger.Modification:
		return c.Address
	case ledger.Reversal:
		return c.Address
	}
	return ledger.Address{}
}

// encode returns the stored form of a command.
func encode(command ledger.Command) ([]byte, error) {
	switch c := command.(type) {
	case nil:
		return nil, errors.New("a submission has no command")
	case ledger.Conversion:
		c.EventDate = column.Truncate(c.EventDate)
		command = c
	}
	return json.Marshal(command)
}

// intake is the account's row of the table intake. Submissions get their numbers and
// instants from it.
type intake struct {
	account int64
	// number and instant are those of the last submission.
	number  int64
	instant time.Time
	salt    uint32
}

// lockIntake reads the account's intake and locks it until the transaction ends.
func lockIntake(s *sqldb.Session, account int64) (intake, error) {
	in := intake{account: account}
	err := column.QueryRow(s, `SELECT i.number, i.instant, (SELECT a.salt FROM accounts a WHERE a.account = ?)
		FROM intake i WHERE i.account = ?`+s.Dialect().ForUpdate, []any{account, account},
		&in.number, (*column.Instant)(&in.instant), &in.salt)
	return in, err
}

// allocate reserves count numbers. It returns the last of them and their instant,
// which is not before that of any earlier submission.
func (in intake) allocate(s *sqldb.Session, count int, now time.Time) (last int64, at time.Time, err error) {
	last, at = in.number+int64(count), column.MaxTime(now, in.instant)
	s.Count(count)
	return last, at, s.Exec("UPDATE intake SET number = ?, instant = ? WHERE account = ?", last, column.Micros(at), in.account)
}

var insertSubmission = sqldb.BulkInsert("submissions",
	"number", "accepted", "rules", "kind text", "order_id text", "action", "payload text", "command text")

// Indexes in a row of insertSubmission of the values that are assigned after the intake
// is locked.
const (
	numberColumn   = 1
	acceptedColumn = 2
)

// setPosition sets the number and the instant in a row.
func setPosition(row []any, number int64, at time.Time) {
	row[numberColumn], row[acceptedColumn] = number, column.Micros(at)
}

// encodeRows returns a row of insertSubmission for each submission, without its number
// and instant.
func encodeRows(account int64, batch []store.Submission) ([][]any, error) {
	rows := make([][]any, len(batch))
	for i, submission := range batch {
		text, err := encode(submission.Command)
		if err != nil {
			return nil, err
		}
		named := Address(submission.Command)
		rows[i] = []any{
			account, nil, nil, int64(rulesOf(submission)), string(submission.Command.Kind()), named.Order, named.Action.Number, submission.Payload, string(text),
		}
	}
	return rows, nil
}

// rulesOf returns the version of the rules that is stored with a submission.
func rulesOf(s store.Submission) ledger.Rules {
	if s.Rules == 0 {
		return ledger.CurrentRules
	}
	return s.Rules
}

// Rows returns the encoded rows of submissions that were accepted before, for
// [InsertRows].
func Rows(account int64, batch []store.Submission) ([][]any, error) {
	rows, err := encodeRows(account, batch)
	if err != nil {
		return nil, err
	}
	for i, s := range batch {
		setPosition(rows[i], s.Number, s.Accepted)
	}
	return rows, nil
}

// InsertRows queues rows that [Rows] returned.
func InsertRows(s *sqldb.Session, account int64, rows [][]any, at time.Time) error {
	in, err := lockIntake(s, account)
	if err != nil {
		return err
	}
	if _, _, err := in.allocate(s, len(rows), at); err != nil {
		return err
	}
	return s.WriteRows(insertSubmission, rows)
}
