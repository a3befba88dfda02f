package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// maxBatchUpdates ends a batch that wrote so many updates: a modification of an
// order of a thousand items can write a thousand, and others wait for the writer.
const maxBatchUpdates = 5_000

// Apply takes up to limit of the oldest queued submissions of one account and
// keeps what decide makes of them, in one commit. When the store itself fails, in
// a lookup of decide too, nothing is kept and no attempt is counted.
func (st *Store) Apply(ctx context.Context, account int64, now time.Time, limit int, decide store.Decide) (int, error) {
	var done int
	var ended error
	err := st.write(ctx, func(s *session) (err error) {
		b := batch{
			world: newWorld(s, st, account, decide),
			now:   whole(now),
		}
		done, ended, err = b.run(min(limit, store.MaxBatch))
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("apply in account %d: %w", account, err)
	}
	if done > 0 {
		st.tell(channelApplied, account)
	}
	return done, ended
}

// batch is the applier at work; number to attempts are its row.
type batch struct {
	world
	now time.Time

	number     int64
	instant    time.Time
	lastUpdate int64
	attempts   int
	// aside is the next submission that an operator parked, or 0.
	aside int64
}

// run answers how many submissions it completed and the error of decide that
// ended the batch; err is the store's own.
func (b *batch) run(limit int) (done int, ended, err error) {
	queue, err := b.queue(limit)
	if err != nil || len(queue) == 0 {
		return 0, nil, err
	}
	if b.dialect.arrays {
		if err := b.lookAhead(queue); err != nil {
			return 0, nil, err
		}
	}
	begin := b.lastUpdate
	for _, row := range queue {
		if b.lastUpdate-begin > maxBatchUpdates {
			break
		}
		ended, err = b.take(row)
		if err != nil {
			return 0, nil, err
		}
		if ended != nil {
			break
		}
		done++
	}
	if err := b.flush(); err != nil {
		return 0, nil, err
	}
	err = b.exec("UPDATE applier SET number = ?, instant = ?, last_update = ?, attempts = ? WHERE account = ?",
		b.number, micros(b.instant), b.lastUpdate, int64(b.attempts), b.account)
	return done, ended, err
}

// take completes a submission, or answers in ended why it could not.
func (b *batch) take(row commandRow) (ended, err error) {
	turn := ledger.ApplyContext{At: later(later(b.now, b.instant), row.accepted), Update: b.lastUpdate + 1}
	if row.number == b.aside {
		return nil, b.setAside(row, turn)
	}
	b.accepted = row.accepted
	change, failed := b.judge(row, turn)
	if b.failure != nil {
		return nil, b.failure
	}
	var outcome store.Outcome
	refusal := (*ledger.Rejection)(nil)
	switch {
	case failed == nil:
		outcome = store.Outcome{Action: change.Action.ID, Basis: change.Basis}
	case errors.As(failed, &refusal):
		outcome = store.RejectedOutcome(row.kind, refusal)
		outcome.Action, err = b.named(row)
	default:
		if b.attempts++; b.attempts < store.MaxAttempts {
			return fmt.Errorf("submission %d of account %d, attempt %d: %w", row.number, b.account, b.attempts, failed), nil
		}
		outcome = store.ParkedOutcome(row.kind)
		outcome.Action, err = b.named(row)
	}
	if err != nil {
		return nil, err
	}
	return nil, b.finish(row.number, turn, outcome, change)
}

// setAside completes a submission that an operator parked.
func (b *batch) setAside(row commandRow, turn ledger.ApplyContext) (err error) {
	outcome := store.ParkedByOperator(row.kind)
	if outcome.Action, err = b.named(row); err != nil {
		return err
	}
	if err := b.finish(row.number, turn, outcome, ledger.Change{}); err != nil {
		return err
	}
	err = b.exec("DELETE FROM parking WHERE account = ? AND number = ?", b.account, row.number)
	if err == nil {
		err = b.row("SELECT coalesce(min(number), 0) FROM parking WHERE account = ? AND number > ?",
			[]any{b.account, row.number}, &b.aside)
	}
	return err
}

// finish keeps a change, if there is one, and the outcome.
func (b *batch) finish(number int64, turn ledger.ApplyContext, o store.Outcome, c ledger.Change) error {
	firstUpdate := int64(0)
	if len(c.Updates) > 0 {
		firstUpdate = turn.Update
		b.lastUpdate += int64(len(c.Updates))
		if err := b.keep(c); err != nil {
			return err
		}
	}
	o.Completed = turn.At
	b.fresh.outcomes = append(b.fresh.outcomes, outcomeRow(b.account, number, o, firstUpdate))
	b.number, b.instant, b.attempts = number, turn.At, 0
	if b.heldItems > maxHeldItems {
		return b.flush()
	}
	return nil
}
