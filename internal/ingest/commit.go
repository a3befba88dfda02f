package ingest

import (
	"context"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
)

// commit is one commit. It implements [store.BatchSource].
type commit struct {
	*Ingest
	// begun reports whether the commit has claimed accounts, and waits whether it waits for
	// one that another process holds.
	begun, waits bool
	claimed      []int64
	// held are the claimed accounts that the store holds, and calls those that were taken.
	held  []int64
	calls map[int64][]call
	// size is the number of calls that were taken.
	size int
}

// run commits and returns the results to the callers. A commit serves many callers, so it
// uses the context of none.
func (c *commit) run() {
	ctx, end := context.Background(), func([]context.Context) {}
	if c.config.Trace != nil {
		ctx, end = c.config.Trace(ctx)
	}
	results, err := c.store.Commit(ctx, c, c.config.Decide)
	if err != nil && c.calls == nil { // the store failed before it took anything
		c.Accounts()
		c.Take(c.claimed)
	}
	end(c.callers())
	c.release()
	for account, calls := range c.calls {
		i := slices.IndexFunc(results, func(r store.Committed) bool { return r.Account == account })
		for n, call := range calls {
			if i < 0 {
				call.result <- result{err: err}
			} else {
				a := results[i].Accepted[n]
				call.result <- result{accepted: a, err: a.Err}
			}
		}
	}
	for _, r := range results {
		c.notify(r)
	}
}

// callers returns the contexts of the calls that were taken, if the commit is traced.
func (c *commit) callers() (all []context.Context) {
	if c.config.Trace == nil {
		return nil
	}
	for _, calls := range c.calls {
		for _, call := range calls {
			all = append(all, call.ctx)
		}
	}
	return all
}

// notify calls Applied and Queued for an account of the commit, and logs a failure.
func (c *commit) notify(r store.Committed) {
	if r.Failure != nil {
		c.config.Log.Error("applying failed", "account", r.Account, "applied", r.Applied, "error", r.Failure)
	}
	if r.Applied > 0 {
		c.config.Applied(r.Account)
	}
	if r.Queued {
		c.config.Queued(r.Account)
	}
}

// Accounts implements [store.BatchSource]. It claims the accounts that wait, up to the limit,
// without those that another process holds. Or it claims one of these, for which the commit
// waits. One commit always remains for the others, and is started if they wait.
func (c *commit) Accounts() (accounts []int64, wait bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.begun {
		return slices.Clone(c.claimed), c.waits
	}
	c.begun = true
	c.idle--
	isHeld := func(account int64) bool { return c.waiting[account].held }
	limit := c.accounts
	if wait = c.mayWait() && slices.ContainsFunc(c.turns, isHeld); wait {
		limit = 1
		c.blocked++
	}
	c.waits = wait
	c.turns = slices.DeleteFunc(c.turns, func(account int64) bool {
		claim := isHeld(account) == wait && len(c.claimed) < limit
		if claim {
			c.claimed = append(c.claimed, account)
		}
		return claim
	})
	c.start()
	return slices.Clone(c.claimed), wait
}

// Take implements [store.BatchSource]. Each account gets the same share of the commit.
func (c *commit) Take(held []int64) (now time.Time, batches []store.Batch) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held, c.calls = held, make(map[int64][]call, len(held))
	if c.waits && len(held) > 0 { // the other process has committed: it probably holds no others
		for _, q := range c.waiting {
			q.held = false
		}
	}
	share := max(1, store.MaxBatch/max(1, len(held)))
	bytes := 0
	for _, account := range c.claimed { // in the order of their turns
		if !slices.Contains(held, account) {
			continue
		}
		calls := c.waiting[account].take(share, &bytes)
		c.size += len(calls)
		c.count -= len(calls)
		if len(calls) == 0 {
			break
		}
		c.calls[account] = calls
		batch := store.Batch{Account: account, Submissions: make([]store.Submission, len(calls))}
		for i, call := range calls {
			batch.Submissions[i] = call.submission
		}
		batches = append(batches, batch)
	}
	return c.config.Now(), batches
}

// take removes up to limit calls from the queue. Bytes is the size of the commit.
func (q *queue) take(limit int, bytes *int) []call {
	n := 0
	for n < min(len(q.calls), limit) && *bytes < maxBatch {
		size := len(q.calls[n].submission.Payload)
		*bytes += size
		q.bytes -= size
		n++
	}
	calls := q.calls[:n]
	q.calls = q.calls[n:]
	return calls
}

// release makes the claimed accounts wait for their next turn: first those from which the
// commit took no calls.
func (c *commit) release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waits {
		c.blocked--
	}
	var passed []int64
	for _, account := range c.claimed {
		q := c.waiting[account]
		if len(q.calls) == 0 {
			delete(c.waiting, account)
			continue
		}
		q.held = !slices.Contains(c.held, account)
		if len(c.calls[account]) == 0 {
			passed = append(passed, account)
		} else {
			c.turns = append(c.turns, account)
		}
	}
	c.turns = append(passed, c.turns...)
}
