// Package apply applies queued submissions: in one transaction it loads the actions
// that they name, has the rules decide on each submission in memory, and stores what
// changed.
package apply

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/reference"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
	"github.com/trueup-ledger/trueup/ledger"
)

const (
	// maxUpdates ends a batch that wrote so many updates. One modification of an order
	// of a thousand items can write a thousand, and the transaction blocks other
	// writers.
	maxUpdates = 5_000
	// maxItems bounds how many items a batch holds in memory before it writes its
	// changes.
	maxItems = 20_000
)

// ChannelApplied is the channel on which other processes are notified of accounts with
// newly completed submissions.
const ChannelApplied = "trueup_applied"

// Applier applies queued submissions.
type Applier struct {
	DB       *sqldb.DB
	Versions *reference.Versions
}

// Apply implements [store.Queue]. If the store itself fails, even in a lookup of decide,
// nothing is stored and no attempt is counted.
func (ap *Applier) Apply(ctx context.Context, account int64, now time.Time, limit int, decide store.Decide) (int, error) {
	var done int
	var failed error
	err := ap.DB.Write(ctx, func(s *sqldb.Session) (err error) {
		b := batch{Lookup: newLookup(s, ap.Versions, account, decide), now: column.Truncate(now)}
		done, failed, err = b.run(min(limit, store.MaxBatch))
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("apply in account %d: %w", account, err)
	}
	if done > 0 {
		ap.DB.Notify(ChannelApplied, account)
	}
	return done, failed
}

// batch applies submissions of one account in one transaction.
type batch struct {
	Lookup
	now time.Time

	// The applier's row: number and instant are those of the last completed
	// submission, attempts counts failures of the next one.
	number     int64
	instant    time.Time
	lastUpdate int64
	attempts   int
	// parked is the number of the next submission that an operator parked, or 0.
	parked int64
}

// run returns how many submissions it completed and the error of decide that ended the
// batch. Err is an error of the store.
func (b *batch) run(limit int) (done int, failed, err error) {
	queue, err := b.takeQueue(limit)
	if err != nil || len(queue) == 0 {
		return 0, nil, err
	}
	if b.Dialect().Arrays {
		if err := b.prefetch(queue); err != nil {
			return 0, nil, err
		}
	}
	begin := b.lastUpdate
	for i := range queue {
		if b.lastUpdate-begin > maxUpdates {
			break
		}
		if failed, err = b.apply(&queue[i]); err != nil {
			return 0, nil, err
		}
		if failed != nil {
			break
		}
		done++
	}
	if err := b.flush(); err != nil {
		return 0, nil, err
	}
	err = b.Exec("UPDATE applier SET number = ?, instant = ?, last_update = ?, attempts = ? WHERE account = ?",
		b.number, column.Micros(b.instant), b.lastUpdate, int64(b.attempts), b.account)
	return done, failed, err
}

// apply completes a submission, or returns in failed why it could not.
func (b *batch) apply(q *submissions.Queued) (failed, err error) {
	actx := ledger.ApplyContext{At: column.MaxTime(column.MaxTime(b.now, b.instant), q.Accepted), Update: b.lastUpdate + 1}
	if q.Number == b.parked {
		return nil, b.completeParked(q, actx)
	}
	b.accepted = q.Accepted
	change, failed := b.decideQueued(q, actx)
	if b.failure != nil {
		return nil, b.failure
	}
	var outcome store.Outcome
	rejection := (*ledger.Rejection)(nil)
	switch {
	case failed == nil:
		outcome = store.Outcome{Action: change.Action.ID, Basis: change.Basis}
	case errors.As(failed, &rejection):
		outcome = store.RejectedOutcome(rejection)
		outcome.Action, err = b.namedID(q)
	default:
		if b.attempts++; b.attempts < store.MaxAttempts {
			return fmt.Errorf("submission %d of account %d, attempt %d: %w", q.Number, b.account, b.attempts, failed), nil
		}
		outcome = store.ParkedOutcome()
		outcome.Action, err = b.namedID(q)
	}
	if err != nil {
		return nil, err
	}
	return nil, b.complete(q.Number, actx, outcome, change)
}

// completeParked completes a submission that an operator parked.
func (b *batch) completeParked(q *submissions.Queued, actx ledger.ApplyContext) (err error) {
	outcome := store.ParkedByOperator()
	if outcome.Action, err = b.namedID(q); err != nil {
		return err
	}
	if err := b.complete(q.Number, actx, outcome, ledger.Change{}); err != nil {
		return err
	}
	err = b.Exec("DELETE FROM parking WHERE account = ? AND number = ?", b.account, q.Number)
	if err == nil {
		err = b.Row("SELECT coalesce(min(number), 0) FROM parking WHERE account = ? AND number > ?",
			[]any{b.account, q.Number}, &b.parked)
	}
	return err
}

// complete records the outcome of a submission and its change, if it made one.
func (b *batch) complete(number int64, actx ledger.ApplyContext, o store.Outcome, c ledger.Change) error {
	firstUpdate := int64(0)
	if len(c.Updates) > 0 {
		firstUpdate = actx.Update
		b.lastUpdate += int64(len(c.Updates))
		b.store(c)
	}
	o.Completed = actx.At
	b.outcomes = append(b.outcomes, submissions.OutcomeRow(b.account, number, o, firstUpdate))
	b.number, b.instant, b.attempts = number, actx.At, 0
	if b.items > maxItems {
		return b.flush()
	}
	return nil
}
