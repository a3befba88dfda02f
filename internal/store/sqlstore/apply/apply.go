// Package apply applies queued submissions. One transaction loads the actions that they
// name, calls the rules for each submission in memory, and writes the changes.
package apply

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/reference"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

const (
	// maxUpdates is the number of updates after which a batch ends. One modification of
	// an order of a thousand items can write a thousand, and the transaction blocks other
	// writers.
	maxUpdates = 5_000
	// maxItems is the number of items in memory above which a batch writes its changes
	// and empties its cache.
	maxItems = 20_000
	// yieldDivisor: while callers wait, a batch of queued submissions ends after BatchTime /
	// yieldDivisor.
	yieldDivisor = 8
	// maxBytes is the size of commands above which a batch loads no more of them. A
	// thousand orders of a thousand items each are too many.
	maxBytes = 8 << 20
)

// ChannelApplied is the channel on which other processes are notified of accounts with
// newly completed submissions.
const ChannelApplied = "trueup_applied"

// Applier applies queued submissions.
type Applier struct {
	DB       *sqldb.DB
	Versions *reference.Versions
	// BatchTime is the time after which a batch ends, however expensive its submissions are,
	// so that other writers have their turn. 0 means no limit.
	BatchTime time.Duration
	// Observer observes transactions.
	Observer store.Observer
}

// Apply implements [store.Queue]. If the store itself fails, even in a lookup of decide,
// nothing is stored and no attempt is counted.
func (ap *Applier) Apply(ctx context.Context, account int64, now time.Time, limit int, decide store.Decide) (int, error) {
	var b batch
	var done int
	var failed error
	err := ap.DB.WriteFor(ctx, account, func(s *sqldb.Session) (err error) {
		b = batch{Lookup: newLookup(s, ap.Versions, account, new(rows)), decide: decide, now: column.Truncate(now), begun: time.Now()}
		done, failed, err = b.run(ap.newBudget(), min(limit, store.MaxBatch))
		return err
	})
	if err != nil {
		done, failed = 0, fmt.Errorf("apply in account %d: %w", account, err)
	}
	if done > 0 {
		ap.DB.Notify(ChannelApplied, account)
	}
	ap.observe(ctx, account, &b, done, failed)
	return done, failed
}

// observe reports a transaction to the observer, unless there was nothing to apply.
func (ap *Applier) observe(ctx context.Context, account int64, b *batch, done int, err error) {
	if ap.Observer.Applied == nil || done == 0 && err == nil || errors.Is(err, store.ErrHeldElsewhere) || errors.Is(err, ledger.ErrNotFound) {
		return
	}
	t := store.Transaction{Account: account, Applied: done, Begun: b.begun, Decided: b.decided, Ended: time.Now(), Err: err}
	if done > 0 {
		t.Rejected = b.rows.rejected
	}
	ap.Observer.Applied(ctx, t)
}

// batch applies submissions of one account in one transaction.
type batch struct {
	Lookup
	decide store.Decide
	now    time.Time

	// The applier's row: number and instant are those of the last completed
	// submission, attempts counts failures of the next one.
	number     int64
	instant    time.Time
	lastUpdate int64
	attempts   int
	// parked is the number of the next submission that an operator parked, or 0.
	parked int64
	// begun and decided are the times at which the transaction had begun and the submissions
	// were decided.
	begun, decided time.Time
}

// run applies up to limit submissions. It returns the number of those that it completed
// and, in failed, the error of decide that ended the batch. An error of the store is
// returned in err.
func (b *batch) run(budget *budget, limit int) (done int, failed, err error) {
	queue, err := b.takeQueue(limit)
	if err != nil || len(queue) == 0 {
		return 0, nil, err
	}
	if b.Dialect().Arrays {
		if err := prefetch(b.Session, []*Lookup{&b.Lookup}, [][]submissions.Stored{queue}); err != nil {
			return 0, nil, err
		}
	}
	for i := range queue {
		if i > 0 && budget.spent() {
			break
		}
		before := b.lastUpdate
		if _, failed, err = b.apply(&queue[i]); err != nil {
			return 0, nil, err
		}
		if failed != nil {
			break
		}
		budget.updates += b.lastUpdate - before
		done++
	}
	b.decided = time.Now()
	b.collectPosition()
	return done, failed, b.flush()
}

// collectPosition collects the applier's row.
func (b *batch) collectPosition() {
	b.rows.appliers = append(b.rows.appliers, ApplierRow(b.account, b.number, b.instant, b.lastUpdate, b.attempts))
}

// apply decides a submission and completes it. If decide fails and attempts remain, apply
// leaves the submission queued and returns the error in failed.
func (b *batch) apply(q *submissions.Stored) (outcome store.Outcome, failed, err error) {
	actx := ledger.ApplyContext{At: column.MaxTime(column.MaxTime(b.now, b.instant), q.Accepted), Update: b.lastUpdate + 1}
	b.accepted = q.Accepted
	if q.Number == b.parked {
		return outcome, nil, b.completeParked(q, actx)
	}
	change, failed := b.decideQueued(q, actx)
	if b.failure != nil {
		return outcome, nil, b.failure
	}
	var rejection *rejection.Rejection
	switch {
	case failed == nil:
		outcome = store.Outcome{Action: change.Action.ID, Partner: change.Action.Partner, Basis: change.Basis, Changed: change.Changed()}
	case errors.As(failed, &rejection):
		outcome = store.RejectedOutcome(rejection)
		err = b.addNamed(&outcome, q)
	default:
		if b.attempts++; b.attempts < store.MaxAttempts {
			return outcome, fmt.Errorf("submission %d of account %d, attempt %d: %w", q.Number, b.account, b.attempts, failed), nil
		}
		outcome = store.ParkedOutcome()
		err = b.addNamed(&outcome, q)
	}
	if err != nil {
		return outcome, nil, err
	}
	outcome.Completed = actx.At
	return outcome, nil, b.complete(q.Number, actx, outcome, change)
}

// addNamed adds the action that a queued command names to its outcome.
func (b *batch) addNamed(o *store.Outcome, q *submissions.Stored) error {
	a, err := b.named(q.Command)
	o.Action, o.Partner = a.ID, a.Partner
	return err
}

// completeParked completes a submission that an operator parked.
func (b *batch) completeParked(q *submissions.Stored, actx ledger.ApplyContext) (err error) {
	outcome := store.ParkedByOperator()
	if err := b.addNamed(&outcome, q); err != nil {
		return err
	}
	outcome.Completed = actx.At
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
	if c.Changed() {
		firstUpdate = actx.Update
		b.lastUpdate += c.Numbers()
		b.addChange(number, c)
	}
	b.rows.outcomes = append(b.rows.outcomes, submissions.OutcomeRow(b.account, number, b.accepted, o, firstUpdate))
	if o.Code != "" {
		b.rows.rejected = append(b.rows.rejected, o.Code)
	}
	b.number, b.instant, b.attempts = number, actx.At, 0
	if b.items > maxItems {
		return b.flush()
	}
	return nil
}

// decideQueued calls decide for a queued submission. It returns an error if the command
// can't be decoded.
func (b *batch) decideQueued(q *submissions.Stored, actx ledger.ApplyContext) (ledger.Change, error) {
	if q.Err != nil {
		return ledger.Change{}, q.Err
	}
	return b.decideChecked(q.Submission(), actx)
}

// decideChecked calls decide. It returns an error if decide panics, or if the change
// breaks the numbering.
func (b *batch) decideChecked(s ledger.Submission, actx ledger.ApplyContext) (change ledger.Change, err error) {
	defer func() {
		if p := recover(); p != nil {
			change, err = ledger.Change{}, fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	change, err = b.decide(&b.Lookup, s, actx)
	if err == nil {
		err = b.checkNumbering(s, actx, change)
	}
	if err != nil {
		return ledger.Change{}, err
	}
	return change, nil
}

// checkNumbering returns an error unless the change numbers its action and updates as
// the ledger requires.
func (b *batch) checkNumbering(s ledger.Submission, actx ledger.ApplyContext, c ledger.Change) error {
	if len(c.Updates) == 0 {
		return checkAdjustments(s, actx, c)
	}
	cached, found := b.actions[c.Action.ID.Number]
	switch {
	case found && len(cached.current.Items) != len(c.Action.Items):
		return fmt.Errorf("action %s had %d items and now has %d", c.Action.ID, len(cached.current.Items), len(c.Action.Items))
	case !found && c.Action.ID.Number != s.Number:
		return fmt.Errorf("new action %s doesn't have the number of its submission", c.Action.ID)
	case c.Action.Last != c.Updates[len(c.Updates)-1].ChainPosition:
		return fmt.Errorf("action %s doesn't end with its last update", c.Action.ID)
	}
	for i, u := range c.Updates {
		if u.Number != actx.Update+int64(i) || u.Submission != s.Number || u.Action != c.Action.ID {
			return fmt.Errorf("update %s of submission %d: want number %d of submission %d",
				u.ID(), u.Submission, actx.Update+int64(i), s.Number)
		}
	}
	return nil
}

// budget bounds the work of one transaction.
type budget struct {
	// begun is the time at which the transaction began, and limit the time after which it
	// ends, or 0.
	begun time.Time
	limit time.Duration
	// yield reports whether the transaction should end early.
	yield func() bool
	// updates is the number of updates that it wrote.
	updates int64
}

func (ap *Applier) newBudget() *budget {
	return &budget{begun: time.Now(), limit: ap.BatchTime, yield: ap.DB.FirstWaits}
}

// spent reports whether the transaction should apply no more submissions.
func (b *budget) spent() bool {
	if b.updates > maxUpdates {
		return true
	}
	if b.limit == 0 {
		return false
	}
	elapsed := time.Since(b.begun)
	return elapsed > b.limit || b.yield != nil && elapsed > b.limit/yieldDivisor && b.yield()
}

const selectApplier = "SELECT number, instant, last_update, attempts FROM applier WHERE account = ?"

func (b *batch) applierDest() []any {
	return []any{&b.number, (*column.Instant)(&b.instant), &b.lastUpdate, &b.attempts}
}

// loadApplier reads the applier's row without locking it.
func (b *batch) loadApplier() error {
	return column.QueryRow(b.Session, selectApplier, []any{b.account}, b.applierDest()...)
}

// takeQueue locks the applier's row and returns the oldest queued submissions, in one
// round trip. It returns [store.ErrHeldElsewhere] if another process holds the lock.
//
// The submissions and the table parking are read by a second statement. A transaction
// that parks a submission holds the lock, and only a statement that begins after the lock
// was taken is sure to see its commit. The second statement locks the row again, so that
// it returns no submissions to a process that didn't get the lock.
func (b *batch) takeQueue(limit int) (queue []submissions.Stored, err error) {
	locked := false
	skipLocked := b.Dialect().SkipLocked
	err = b.RowsDeferred(selectApplier+skipLocked, []any{b.account}, b.applierDest(), func() error {
		locked = true
		return nil
	})
	if err != nil {
		return nil, err
	}
	queue, err = b.readQueue(skipLocked, limit, func() bool { return locked })
	if err != nil || locked {
		return queue, err
	}
	if err := b.loadApplier(); err != nil { // the account doesn't exist
		return nil, err
	}
	return nil, store.ErrHeldElsewhere
}

// readQueue returns the oldest queued submissions. The clause locks the applier's row, or is
// empty if the transaction has locked it. If locked returns false, another process holds it.
func (b *batch) readQueue(clause string, limit int, locked func() bool) (queue []submissions.Stored, err error) {
	var q submissions.Stored
	bytes := 0
	err = b.Rows("SELECT "+submissions.StoredColumns+`, (SELECT coalesce(min(p.number), 0) FROM parking p
			WHERE p.account = ? AND p.number > (SELECT number FROM applier WHERE account = ?))
		FROM submissions s WHERE s.account = ? AND s.number > (SELECT number FROM applier WHERE account = ?`+clause+`)
		ORDER BY s.number LIMIT ?`, []any{b.account, b.account, b.account, b.account, int64(limit)},
		append(q.Dest(), &b.parked), func() error {
			if !locked() { // the lock was released between the statements
				return sqldb.ErrStop
			}
			q.Decode()
			queue = append(queue, q)
			if bytes += q.Size(); bytes > maxBytes {
				return sqldb.ErrStop
			}
			return nil
		})
	return queue, err
}
