// Package submissions stores the queue of submissions of an account, their outcomes and
// their idempotency keys.
package submissions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
)

// Queue accepts submissions.
type Queue struct{ DB *sqldb.DB }

// Accept implements [store.Queue].
func (q *Queue) Accept(ctx context.Context, account int64, now time.Time, batch []store.Submission) (accepted []store.Accepted, err error) {
	if len(batch) > store.MaxBatch {
		return nil, fmt.Errorf("accept in account %d: %d submissions are more than %d", account, len(batch), store.MaxBatch)
	}
	err = q.DB.WriteFor(ctx, account, func(s *sqldb.Session) error {
		accepted, err = AcceptBatch(s, account, now, batch)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("accept in account %d: %w", account, err)
	}
	return accepted, nil
}

// AcceptBatch accepts a batch in the transaction of another write.
func AcceptBatch(s *sqldb.Session, account int64, now time.Time, batch []store.Submission) ([]store.Accepted, error) {
	in, err := lockIntake(s, account)
	if err != nil {
		return nil, err
	}
	var rows Inserts
	accepted, err := rows.Accept(s, in, now, batch)
	if err != nil {
		return nil, err
	}
	return accepted, rows.Write(s)
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

// Inserts collects the rows of accepted submissions of any accounts, to be written
// together.
type Inserts struct {
	submissions, keys, intakes [][]any
	expired                    []expiredKeys
	// used holds the keys that were looked up, and whether they have been used, unless it is
	// nil.
	used map[accountKey]bool
}

// Accept accepts a batch of the account whose intake in is locked. The rows must be written
// before the intake is used again.
func (rows *Inserts) Accept(s *sqldb.Session, in Intake, now time.Time, batch []store.Submission) ([]store.Accepted, error) {
	a := acceptance{
		Session: s, Inserts: rows, intake: in, now: column.Truncate(now), batch: batch, accepted: make([]store.Accepted, len(batch)),
	}
	return a.accepted, a.run()
}

// Write writes the rows.
func (rows *Inserts) Write(s *sqldb.Session) error {
	s.Count(len(rows.submissions))
	return errors.Join(s.WriteRows(updateIntake, rows.intakes), s.WriteRows(insertSubmission, rows.submissions),
		s.WriteRows(insertKey, rows.keys), deleteExpired(s, rows.expired))
}

// acceptance accepts one batch.
type acceptance struct {
	*sqldb.Session
	*Inserts
	intake Intake
	now    time.Time
	batch  []store.Submission
	// accepted has an element for each submission of the batch.
	accepted []store.Accepted
}

func (a *acceptance) run() error {
	added, repeated, err := a.classify()
	if err != nil || len(added) == 0 {
		return err
	}
	at := column.MaxTime(a.now, a.intake.Instant)
	for i, n := range added {
		if err := a.add(n, a.intake.Number+1+int64(i), at); err != nil {
			return err
		}
	}
	a.intakes = append(a.intakes, intakeRow(a.intake.Account, a.intake.Number+int64(len(added)), at))
	for n, first := range repeated {
		a.accepted[n] = store.Accepted{Submission: a.accepted[first].Submission, Replayed: true}
		a.accepted[n].Key = store.Key{}
	}
	return nil
}

// classify returns the indexes of the submissions to accept, and for those that repeat a key
// of the same batch the index of the first one with the key. It replays those whose key was
// used in an earlier batch.
func (a *acceptance) classify() (added []int, repeated map[int]int, err error) {
	added, repeated = make([]int, 0, len(a.batch)), make(map[int]int)
	firsts := make(map[string]int)
	if a.used == nil {
		if err := a.LookUpKeys(a.Session, a.now, []store.Batch{{Account: a.intake.Account, Submissions: a.batch}}); err != nil {
			return nil, nil, err
		}
	}
	for n, s := range a.batch {
		if s.Key.Text == "" {
			added = append(added, n)
			continue
		}
		if first, found := firsts[s.Key.Text]; found {
			if a.batch[first].Key.Request == s.Key.Request {
				repeated[n] = first
			} else {
				a.accepted[n].Err = store.ErrKeyReused
			}
			continue
		}
		used := false
		if known, found := a.used[accountKey{a.intake.Account, s.Key.Text}]; known || !found {
			if used, err = a.replay(n); err != nil {
				return nil, nil, err
			}
		}
		if !used {
			firsts[s.Key.Text] = n
			added = append(added, n)
		}
	}
	return added, repeated, nil
}

// replay sets the result of a submission whose key was used before, and reports
// whether it was.
func (a *acceptance) replay(n int) (used bool, err error) {
	first, err := FirstUse(a.Session, a.intake.Account, a.now, a.batch[n].Key)
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

// add accepts the n-th submission of the batch under a number.
func (a *acceptance) add(n int, number int64, at time.Time) error {
	s := &a.accepted[n].Submission
	*s = a.batch[n]
	s.Number, s.Accepted, s.Rules = number, at, rulesOf(a.batch[n])
	s.ID = store.NewSubmissionID(a.intake.Salt, at, number)
	s.Command = normalize(s.Command)
	row, err := submissionRow(a.intake.Account, *s)
	if err != nil {
		return err
	}
	a.submissions = append(a.submissions, row)
	if s.Key.Text != "" {
		a.addKey(a.intake.Account, s.Key, at, number, "")
	}
	return nil
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

// normalize returns the command as it is read from the store.
func normalize(command ledger.Command) ledger.Command {
	if c, ok := command.(ledger.Conversion); ok {
		c.EventDate = column.Truncate(c.EventDate)
		return c
	}
	return command
}

// Intake is an account's row of the table intake, with its salt. Submissions get their
// numbers and instants from it.
type Intake struct {
	Account int64
	// Number and Instant are those of the last submission.
	Number  int64
	Instant time.Time
	Salt    uint32
}

// SelectIntakes returns a query that selects columns for [Intake.Dest] from intake i. Its
// parameter ?1 is an account, or an array of accounts.
func SelectIntakes(array bool) string {
	account, salted := "= ?1", "?1"
	if array {
		account, salted = "= ANY (?1::bigint[]) ORDER BY i.account", "i.account"
	}
	return "SELECT i.account, i.number, i.instant, (SELECT a.salt FROM accounts a WHERE a.account = " + salted +
		") AS salt FROM intake i WHERE i.account " + account
}

// Dest returns the scan targets of [SelectIntakes].
func (in *Intake) Dest() []any {
	return []any{&in.Account, &in.Number, (*column.Instant)(&in.Instant), &in.Salt}
}

// lockIntake reads the account's intake and locks it until the transaction ends.
func lockIntake(s *sqldb.Session, account int64) (in Intake, err error) {
	err = column.QueryRow(s, SelectIntakes(false)+s.Dialect().ForUpdate, []any{account}, in.Dest()...)
	return in, err
}

var (
	updateIntake     = sqldb.BulkUpdate("intake", 0, "number", "instant")
	insertSubmission = sqldb.BulkInsert("submissions",
		"number", "accepted", "rules", "kind text", "order_id text", "action", "payload text", "command text")
)

func intakeRow(account, number int64, at time.Time) []any {
	return []any{account, number, column.Micros(at)}
}

// submissionRow returns a row of insertSubmission.
func submissionRow(account int64, s store.Submission) ([]any, error) {
	if s.Command == nil {
		return nil, errors.New("a submission has no command")
	}
	text, err := json.Marshal(s.Command)
	if err != nil {
		return nil, err
	}
	named := Address(s.Command)
	return []any{
		account, s.Number, column.Micros(s.Accepted), int64(s.Rules), kinds.Shorten(string(s.Command.Kind())), named.Order, named.Action.Number,
		payloads.Shorten(s.Payload), commands.Shorten(string(text)),
	}, nil
}

// rulesOf returns the version of the rules that is stored with a submission.
func rulesOf(s store.Submission) ledger.Rules {
	if s.Rules == 0 {
		return ledger.CurrentRules
	}
	return s.Rules
}

// AddAccepted adds the rows of submissions that were accepted before, at one instant.
func (rows *Inserts) AddAccepted(account int64, batch []store.Submission) error {
	for _, s := range batch {
		s.Command, s.Rules = normalize(s.Command), rulesOf(s)
		row, err := submissionRow(account, s)
		if err != nil {
			return err
		}
		rows.submissions = append(rows.submissions, row)
	}
	last := batch[len(batch)-1]
	rows.intakes = append(rows.intakes, intakeRow(account, last.Number, last.Accepted))
	return nil
}
