package sqlstore

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/actions"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/apply"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
	"github.com/trueup-ledger/trueup/ledger"
)

// Commit holds the encoded rows of one commit, of any accounts. The zero Commit is empty. [Store.Replay] writes them
// without lookups or decisions, so that a benchmark can measure the database alone.
type Commit struct {
	accepted submissions.Inserts
	inserts  actions.Inserts
	outcomes [][]any
	changes  actions.Changes
	// appliers are rows of updateApplier.
	appliers [][]any
}

// AppliedBatch is the effect of one commit on an account's queue.
type AppliedBatch struct {
	// Submissions were applied in this order at one instant.
	Submissions []store.Submission
	// Updates are the updates that they wrote. LastUpdate is the number of the account's
	// last update after them.
	Updates    []ledger.Update
	LastUpdate int64
	Created    []ledger.Action
	Changed    []ChangedAction
}

// ChangedAction is an action before and after a commit.
type ChangedAction struct{ Before, After ledger.Action }

// AddAccepted adds the submissions of an account that the commit accepted.
func (c *Commit) AddAccepted(account int64, batch []store.Submission) error {
	return c.accepted.AddAccepted(account, batch)
}

// AddApplied adds the submissions of an account that the commit applied. The batch may not
// change until the commit is written.
func (c *Commit) AddApplied(account int64, b AppliedBatch) {
	changed := make(map[int64]*ledger.Action)
	for i := range b.Created {
		changed[b.Created[i].ID.Number] = &b.Created[i]
		c.inserts.AddAction(account, &b.Created[i])
	}
	for i := range b.Changed {
		changed[b.Changed[i].After.ID.Number] = &b.Changed[i].After
		c.changes.Add(account, &b.Changed[i].Before, &b.Changed[i].After)
	}
	first, accepted := make(map[int64]int64), make(map[int64]time.Time)
	for _, s := range b.Submissions {
		accepted[s.Number] = s.Accepted
	}
	for i, u := range b.Updates {
		c.inserts.AddUpdates(account, changed[u.Action.Number], accepted[u.Submission], b.Updates[i:i+1])
		if first[u.Submission] == 0 {
			first[u.Submission] = u.Number
		}
	}
	for _, s := range b.Submissions {
		c.outcomes = append(c.outcomes, submissions.OutcomeRow(account, s.Number, s.Accepted, s.Outcome, first[s.Number]))
	}
	last := b.Submissions[len(b.Submissions)-1]
	c.appliers = append(c.appliers, apply.ApplierRow(account, last.Number, last.Outcome.Completed, b.LastUpdate, 0))
}

// Replay writes a commit.
func (st *Store) Replay(ctx context.Context, c *Commit) error {
	return st.db.Write(ctx, func(s *sqldb.Session) error {
		return errors.Join(c.accepted.Write(s), c.inserts.Write(s), s.WriteRows(submissions.InsertOutcomes, c.outcomes),
			c.changes.Write(s), s.WriteRows(apply.UpdateApplier, c.appliers))
	})
}

// LastAccepted returns the number of the last submission of each account.
func (st *Store) LastAccepted(ctx context.Context) (map[int64]int64, error) {
	last := make(map[int64]int64)
	var account, number int64
	err := st.db.Lookup(ctx, func(s *sqldb.Session) error {
		return s.Rows("SELECT account, number FROM intake", nil, []any{&account, &number}, func() error {
			last[account] = number
			return nil
		})
	})
	return last, err
}

// Timings calls f with the instants at which the complete submissions of an account after the
// given number were accepted and completed, in the order of their numbers.
func (st *Store) Timings(ctx context.Context, account, after int64, f func(accepted, completed time.Time)) error {
	return st.db.Read(ctx, account, func(s *sqldb.Session) error {
		var accepted, completed column.Instant
		return s.Rows("SELECT s.accepted, "+submissions.Completed+` FROM submissions s
			JOIN outcomes o ON o.account = ? AND o.number = s.number
			WHERE s.account = ? AND s.number > ? ORDER BY s.number`, []any{account, account, after}, []any{&accepted, &completed}, func() error {
			f(time.Time(accepted), time.Time(completed))
			return nil
		})
	})
}

// InsertBare inserts and commits rows of one table, one after another, and calls each with the
// time that every commit took. The table exists only meanwhile.
func (st *Store) InsertBare(ctx context.Context, rows int, each func(time.Duration)) (err error) {
	write := func(ctx context.Context, text string, args ...any) error {
		return st.db.Write(ctx, func(s *sqldb.Session) error { return s.Exec(text, args...) })
	}
	if err := write(ctx, "CREATE TABLE bare (number bigint PRIMARY KEY, payload text NOT NULL)"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, write(context.WithoutCancel(ctx), "DROP TABLE bare")) }()
	payload := strings.Repeat("x", barePayload)
	for n := range rows {
		begin := time.Now()
		if err := write(ctx, "INSERT INTO bare (number, payload) VALUES (?, ?)", int64(n), payload); err != nil {
			return err
		}
		each(time.Since(begin))
	}
	return nil
}

// barePayload is the size of a row of [Store.InsertBare]: that of a small request.
const barePayload = 100
