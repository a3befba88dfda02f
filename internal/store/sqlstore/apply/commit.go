package apply

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
	"github.com/trueup-ledger/trueup/ledger"
)

// expensive is the time after which a submission ends the batch of its account, so that the
// others in the commit have their share of the time.
const expensive = 5 * time.Millisecond

// A commit applies queued submissions before those of their account, unless there are more
// than maxQueued. It does so in up to maxDrained accounts, and leaves the others to
// [Applier.Apply].
const (
	maxQueued  = 100
	maxDrained = 8
)

// maxAccounts is the largest number of accounts in a commit, which locks rows of each.
const maxAccounts = 256

// CommitLimits implements [store.Queue]. On a distributed database, a transaction of several
// accounts would span nodes.
func (ap *Applier) CommitLimits() (commits, accounts int) {
	commits, accounts = max(1, ap.DB.WriterCount()/2), maxAccounts
	if ap.DB.Dialect().Distributed {
		accounts = 1
	}
	return commits, accounts
}

// Commit implements [store.Queue]. If the transaction can't be committed with what it
// applied, it is repeated: without applying anything in the account that failed, if that is
// known, and then in any account. So the submissions are at least queued.
func (ap *Applier) Commit(ctx context.Context, source store.BatchSource, decide store.Decide) ([]store.Committed, error) {
	c := commit{Applier: ap, source: source, decide: decide}
	err := ap.DB.WriteFirst(ctx, c.run)
	for err != nil && len(c.turns) > 0 && ap.DB.RolledBack(err) {
		if failed := (*turnError)(nil); errors.As(err, &failed) && c.failed == nil {
			c.failed = failed
		} else {
			c.failed, c.decide = &turnError{err: err}, nil
		}
		c.turns = nil // the transaction may fail before it runs
		err = ap.DB.WriteFirst(ctx, c.run)
	}
	if err != nil {
		c.results, err = nil, fmt.Errorf("commit submissions: %w", err)
	}
	for _, r := range c.results {
		if r.Applied > 0 {
			ap.DB.Notify(ChannelApplied, r.Account)
		}
	}
	c.observe(ctx, err)
	return c.results, err
}

// observe reports the transaction to the observer, unless there was nothing to commit.
func (c *commit) observe(ctx context.Context, err error) {
	if c.Observer.Committed == nil || len(c.results) == 0 && err == nil {
		return
	}
	t := c.times
	t.Ended, t.Err = time.Now(), err
	for _, r := range c.results {
		for i := range r.Accepted {
			if r.Accepted[i].Err == nil && !r.Accepted[i].Replayed {
				t.Accepted++
			}
		}
		t.Applied += r.Applied
		t.Err = cmp.Or(t.Err, r.Failure)
	}
	if err == nil {
		t.Rejected = c.rows.rejected
	}
	c.Observer.Committed(ctx, t)
}

// turnError is the error that ended the turn of an account, or of unknown ones if account is
// 0.
type turnError struct {
	account int64
	err     error
}

func (e *turnError) Error() string { return fmt.Sprintf("account %d: %v", e.account, e.err) }
func (e *turnError) Unwrap() error { return e.err }

// commit accepts and applies the submissions of many accounts in one transaction.
type commit struct {
	*Applier
	source store.BatchSource
	// decide is nil if nothing is to be applied. Failed, if it is not nil, is the error of an
	// earlier run, in whose account nothing is to be applied.
	decide store.Decide
	failed *turnError

	once    sync.Once
	now     time.Time
	batches []store.Batch
	results []store.Committed

	turns []*turn
	rows  rows
	// times holds the times of the last run.
	times store.Transaction
	// budget bounds the work of the run. Drained is the number of accounts whose queued
	// submissions were read.
	budget  *budget
	drained int
}

// turn is the turn of one account in a commit.
type turn struct {
	batch
	intake submissions.Intake
	// free reports whether the transaction holds the applier.
	free   bool
	result *store.Committed
	// queue holds the submissions to apply: those that were queued before, and those that the
	// commit accepts. The latter begin at the index queued, and accepted holds their indexes
	// in the result.
	queue    []submissions.Stored
	queued   int
	accepted []int
}

// run runs the transaction. The source is asked only in the first run.
func (c *commit) run(s *sqldb.Session) error {
	c.turns, c.times = nil, store.Transaction{Begun: time.Now()}
	held, err := c.lock(s)
	if err != nil {
		return err
	}
	c.once.Do(func() { c.now, c.batches = c.source.Take(held.accounts()) })
	if len(c.batches) == 0 {
		return nil
	}
	c.rows, c.results = rows{}, make([]store.Committed, len(c.batches))
	c.budget, c.drained = c.newBudget(), 0
	c.budget.yield = nil
	if err := c.accept(s, held); err != nil {
		return err
	}
	c.times.Stored = time.Now()
	if c.decide == nil {
		return nil
	}
	return c.apply(s)
}

// accept accepts the batches.
func (c *commit) accept(s *sqldb.Session, held locks) error {
	var inserts submissions.Inserts
	if err := inserts.LookUpKeys(s, c.now, c.batches); err != nil {
		return err
	}
	for i, b := range c.batches {
		r := &c.results[i]
		t := held[b.Account]
		if t == nil {
			return fmt.Errorf("account %d was not locked", b.Account)
		}
		r.Account, r.Queued, t.result = b.Account, true, r
		if c.failed != nil && !c.applies(b.Account) {
			r.Failure = c.failed
		}
		var err error
		if r.Accepted, err = inserts.Accept(s, t.intake, c.now, b.Submissions); err != nil {
			return fmt.Errorf("account %d: %w", b.Account, err)
		}
		if err := c.addTurn(s, t); err != nil {
			return fmt.Errorf("account %d: %w", b.Account, err)
		}
	}
	return inserts.Write(s)
}

// applies reports whether submissions of the account are to be applied.
func (c *commit) applies(account int64) bool {
	return c.decide != nil && (c.failed == nil || c.failed.account != account)
}

// addTurn adds a turn of an account, unless its submissions are to remain queued.
func (c *commit) addTurn(s *sqldb.Session, t *turn) (err error) {
	queued := t.intake.Number - t.number
	if !c.applies(t.intake.Account) || !t.free || queued > maxQueued || queued > 0 && (c.drained == maxDrained || c.budget.spent()) {
		return nil
	}
	t.Lookup = newLookup(s, c.Versions, t.intake.Account, &c.rows)
	t.decide, t.now = c.decide, column.Truncate(c.now)
	if queued > 0 {
		c.drained++
		if t.queue, err = t.readQueue("", maxQueued, func() bool { return true }); err != nil {
			return err
		}
		if t.queued = len(t.queue); int64(t.queued) < queued {
			t.queue = nil // they take too much memory
			return nil
		}
	}
	for n, a := range t.result.Accepted {
		if a.Err == nil && !a.Replayed {
			t.queue = append(t.queue, submissions.NewStored(a.Submission.Submission))
			t.accepted = append(t.accepted, n)
		}
	}
	if t.result.Queued = len(t.queue) > 0; t.result.Queued {
		c.turns = append(c.turns, t)
	}
	return nil
}

// apply applies the submissions of one account after another.
func (c *commit) apply(s *sqldb.Session) error {
	if len(c.turns) == 0 {
		return nil
	}
	if s.Dialect().Arrays {
		lookups, queues := make([]*Lookup, len(c.turns)), make([][]submissions.Stored, len(c.turns))
		for i, t := range c.turns {
			lookups[i], queues[i] = &t.Lookup, t.queue
		}
		if err := prefetch(s, lookups, queues); err != nil {
			return err
		}
	}
	for i, t := range c.turns {
		if i > 0 && c.budget.spent() {
			break
		}
		var err error
		if t.result.Failure, err = t.run(c.budget); err != nil {
			return &turnError{t.account, err}
		}
	}
	c.times.Decided = time.Now()
	return c.rows.write(s)
}

// run applies the turn's submissions. An expensive submission ends the turn, and so does an
// error of decide, which run returns in failed.
func (t *turn) run(budget *budget) (failed, err error) {
	for i := range t.queue {
		begun, before := time.Now(), t.lastUpdate
		if i > 0 && budget.spent() {
			break
		}
		var outcome store.Outcome
		if outcome, failed, err = t.apply(&t.queue[i]); err != nil {
			return nil, err
		}
		if failed != nil {
			break
		}
		budget.updates += t.lastUpdate - before
		if i >= t.queued {
			t.result.Accepted[t.accepted[i-t.queued]].Outcome = outcome
		}
		t.result.Applied++
		if budget.limit > 0 && time.Since(begun) > expensive {
			break
		}
	}
	t.result.Queued = t.result.Applied < len(t.queue)
	t.collectChanges()
	t.collectPosition()
	return failed, nil
}

// locks are the accounts whose intake the transaction holds.
type locks map[int64]*turn

// accounts returns the accounts in ascending order.
func (l locks) accounts() []int64 {
	accounts := make([]int64, 0, len(l))
	for account := range l {
		accounts = append(accounts, account)
	}
	slices.Sort(accounts)
	return accounts
}

// lock locks the intakes of the source's accounts, and of those the appliers that no other
// process holds. A run after the first one locks the accounts of the batches that it took.
func (c *commit) lock(s *sqldb.Session) (locks, error) {
	held := make(locks)
	if c.batches != nil {
		accounts := make([]int64, len(c.batches))
		for i, b := range c.batches {
			accounts[i] = b.Account
		}
		return held, held.lock(s, accounts, s.Dialect().ForUpdate)
	}
	accounts, wait := c.source.Accounts()
	if len(accounts) == 0 {
		return held, nil
	}
	if wait {
		// The transaction waits for one lock, while it holds none. So it can't deadlock.
		if err := held.lock(s, accounts[:1], s.Dialect().ForUpdate); err != nil {
			return nil, err
		}
		if len(held) == 0 {
			return nil, fmt.Errorf("account %d: %w", accounts[0], ledger.ErrNotFound)
		}
	}
	if len(accounts) == len(held) {
		return held, nil
	}
	return held, held.lock(s, accounts[len(held):], s.Dialect().SkipLocked)
}

// lock locks the intakes of accounts with a locking clause, and of these the appliers that no
// other process holds.
func (l locks) lock(s *sqldb.Session, accounts []int64, clause string) error {
	d := s.Dialect()
	if d.Arrays && !d.Distributed {
		return l.read(s, selectTurns(d, true, clause), accounts)
	}
	for _, account := range accounts {
		if err := l.read(s, selectTurns(d, false, clause), account); err != nil {
			return err
		}
	}
	return nil
}

func (l locks) read(s *sqldb.Session, text string, arg any) error {
	var in submissions.Intake
	var b batch
	return s.Rows(text, []any{arg}, append(in.Dest(), b.applierDest()...), func() error {
		l[in.Account] = &turn{
			intake: in, free: b.number >= 0,
			batch: batch{number: b.number, instant: b.instant, lastUpdate: b.lastUpdate, attempts: b.attempts},
		}
		return nil
	})
}

// selectTurns returns the statement that locks intakes and appliers. The number of an applier
// that another process holds is -1. A locked row is read as it is after the wait for its lock,
// whatever the snapshot of the statement.
func selectTurns(d *sqldb.Dialect, array bool, clause string) string {
	account := "?1"
	if array {
		account = "i.account"
	}
	applier := "applier p ON p.account = " + account
	if d.SkipLocked != "" {
		applier = "LATERAL (SELECT number, instant, last_update, attempts FROM applier WHERE account = " + account + d.SkipLocked + ") p ON true"
	}
	return `SELECT i.account, i.number, i.instant, i.salt, coalesce(p.number, -1), coalesce(p.instant, 0), coalesce(p.last_update, 0), coalesce(p.attempts, 0)
		FROM (` + submissions.SelectIntakes(array) + clause + ") i LEFT JOIN " + applier
}
