package storetest

import (
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

var commitGuarantees = []guarantee{
	{"one commit accepts and applies the submissions of several accounts", func(f *fixture) {
		results := f.commit(ledger.Decide, batchIn(account, f.order("a"), setQuantity("a", "12345", 1)), batchIn(otherAccount, f.order("b")))
		same(f, []int{2, 1}, []int{results[0].Applied, results[1].Applied}, "applied")
		same(f, []int64{account, otherAccount}, []int64{results[0].Account, results[1].Account}, "accounts")
		for _, r := range results {
			same(f, false, r.Queued, "queued")
			for _, a := range r.Accepted {
				same(f, f.now, a.Accepted, "the time of acceptance")
				same(f, f.now, a.Outcome.Completed, "the time of completion")
			}
		}
		for _, a := range results[0].Accepted {
			same(f, f.submission(a.Submission), a.Submission, "the stored submission")
		}
		same(f, ledger.Totals{Amount: 1236, Payout: 50}, f.action(1).Totals, "totals")
		same(f, 0, f.apply(), "left to apply")
	}},
	{"a rejection is an outcome of the commit", func(f *fixture) {
		r := f.commit(ledger.Decide, batchIn(account, f.order("a"), setQuantity("a", "none", 1), reverse("b")))[0]
		same(f, 3, r.Applied, "applied")
		for _, a := range r.Accepted[1:] {
			same(f, f.submission(a.Submission), a.Submission, "the stored submission")
		}
		same(f, f.action(1).ID, r.Accepted[1].Outcome.Action, "the named action")
	}},
	{"a commit applies the submissions that are queued already first", func(f *fixture) {
		f.accept(f.order("a"), f.order("b"))
		must(f.Apply(f.Context(), account, f.now, 1, ledger.Decide))(f)
		r := f.commit(ledger.Decide, batchIn(account, setQuantity("b", "12345", 1)))[0]
		same(f, []any{2, false}, []any{r.Applied, r.Queued}, "applied and queued")
		same(f, []int64{3}, []int64{r.Accepted[0].Number}, "the number")
		same(f, f.submission(r.Accepted[0].Submission), r.Accepted[0].Submission, "the stored submission")
		same(f, 1, f.action(2).Modifications, "modifications")
	}},
	{"a commit leaves a long queue to Apply, and its own submissions behind it", func(f *fixture) {
		for range 6 {
			f.accept(slices.Repeat([]ledger.Command{reverse("none")}, 20)...)
		}
		r := f.commit(ledger.Decide, batchIn(account, f.order("a")))[0]
		same(f, []any{0, true}, []any{r.Applied, r.Queued}, "applied and queued")
		same(f, time.Time{}, r.Accepted[0].Outcome.Completed, "the outcome")
		same(f, 121, f.apply(), "applied later")
	}},
	{"a commit completes a submission that an operator parked", func(f *fixture) {
		queued := f.accept(f.order("a"), f.order("b"))
		wantError(f, nil, f.Park(f.Context(), account, f.now, queued[0].ID, f.auditEvent(store.OperationPark)))
		r := f.commit(ledger.Decide, batchIn(account, f.order("c")))[0]
		same(f, 3, r.Applied, "applied")
		same(f, rejection.CodeParked, f.numbered(1).Outcome.Code, "the code of the parked one")
	}},
	{"a panic or an error of decide leaves the submission queued and acknowledged", func(f *fixture) {
		for attempt, decide := range []store.Decide{
			f.failing(1, errBug),
			func(ledger.Lookup, ledger.Submission, ledger.ApplyContext) (ledger.Change, error) { panic("a bug") },
		} {
			to := []int64{account, otherAccount}[attempt]
			r := f.commit(decide, batchIn(to, f.order("a"), f.order("b")))[0]
			same(f, []any{0, true, 2}, []any{r.Applied, r.Queued, len(r.Accepted)}, "applied, queued and accepted")
			same(f, true, r.Failure != nil && r.Accepted[0].Number == 1, "the failure")
		}
		f.restart()
		_, err := f.Apply(f.Context(), account, f.now, 10, f.failing(1, errBug))
		wantError(f, errBug, err)
		same(f, 2, must(f.Apply(f.Context(), account, f.now, 10, f.failing(1, errBug)))(f), "completed at the third attempt")
		f.wantParked(1, ids.ActionID{})
		same(f, 2, must(f.Apply(f.Context(), otherAccount, f.now, 10, ledger.Decide))(f), "completed in the other account")
	}},
	{"an error of decide keeps the earlier submissions applied", func(f *fixture) {
		r := f.commit(f.failing(2, errBug), batchIn(account, f.order("a"), f.order("b"), f.order("c")))[0]
		same(f, []any{1, true}, []any{r.Applied, r.Queued}, "applied and queued")
		wantError(f, errBug, r.Failure)
		same(f, "a", f.action(1).Order, "the first")
		same(f, time.Time{}, r.Accepted[1].Outcome.Completed, "the second is queued")
		same(f, 2, f.apply(), "applied later")
	}},
	{"keys of a commit are unique in their account, and a repeated one returns the first submission", func(f *fixture) {
		keyed := func(key string, request byte) store.Batch {
			b := batchIn(account, f.order(key))
			b.Submissions[0].Key = store.Key{Text: key, Request: ids.Hash{request}}
			return b
		}
		first := f.commit(ledger.Decide, keyed("k", 1))[0].Accepted[0]
		again := keyed("k", 1)
		again.Submissions = slices.Concat(again.Submissions, keyed("k", 2).Submissions, keyed("l", 1).Submissions, keyed("l", 1).Submissions, keyed("l", 2).Submissions)
		r := f.commit(ledger.Decide, again)[0]
		same(f, []any{true, first.ID}, []any{r.Accepted[0].Replayed, r.Accepted[0].ID}, "the retry")
		wantError(f, store.ErrKeyReused, r.Accepted[1].Err)
		same(f, []any{false, int64(2)}, []any{r.Accepted[2].Replayed, r.Accepted[2].Number}, "a new key")
		same(f, []any{true, int64(2)}, []any{r.Accepted[3].Replayed, r.Accepted[3].Number}, "its retry in the same commit")
		wantError(f, store.ErrKeyReused, r.Accepted[4].Err)
		same(f, []any{1, false}, []any{r.Applied, r.Queued}, "applied and queued")
		r = f.commit(ledger.Decide, keyed("l", 1))[0]
		same(f, []any{0, false, true}, []any{r.Applied, r.Queued, r.Accepted[0].Replayed}, "a retry alone")
	}},
	{"an account that doesn't exist fails the commit, and accounts without submissions need none", func(f *fixture) {
		source := &Batches{Now: f.now, Wait: true, All: []store.Batch{batchIn(99, f.order("a"))}}
		_, err := f.Commit(f.Context(), source, ledger.Decide)
		wantError(f, ledger.ErrNotFound, err)
		same(f, 0, source.taken, "calls of Take")
		source = &Batches{Now: f.now}
		same(f, 0, len(must(f.Commit(f.Context(), source, ledger.Decide))(f)), "results of an empty source")
	}},
	{"what decide sees is what is read back", func(f *fixture) {
		c := f.order("a")
		c.EventDate = f.now.In(time.FixedZone("far", 3*3600)).Add(1999)
		var seen ledger.Command
		decide := func(l ledger.Lookup, s ledger.Submission, actx ledger.ApplyContext) (ledger.Change, error) {
			seen = s.Command
			return ledger.Decide(l, s, actx)
		}
		r := f.commit(decide, batchIn(account, c))[0]
		same(f, f.submission(r.Accepted[0].Submission).Command, seen, "the command")
	}},
}

// Batches is a source of batches for [store.Queue.Commit].
type Batches struct {
	Now  time.Time
	Wait bool
	All  []store.Batch

	taken int
}

// Accounts implements [store.BatchSource].
func (b *Batches) Accounts() (accounts []int64, wait bool) {
	for _, batch := range b.All {
		accounts = append(accounts, batch.Account)
	}
	return accounts, b.Wait
}

// Take implements [store.BatchSource].
func (b *Batches) Take(held []int64) (now time.Time, taken []store.Batch) {
	b.taken++
	for _, batch := range b.All {
		if slices.Contains(held, batch.Account) {
			taken = append(taken, batch)
		}
	}
	return b.Now, taken
}

func batchIn(account int64, commands ...ledger.Command) store.Batch {
	return store.Batch{Account: account, Submissions: batchOf(commands...)}
}

// commit commits batches in one transaction, or in several if the store takes only so many
// accounts in one.
func (f *fixture) commit(decide store.Decide, all ...store.Batch) (results []store.Committed) {
	f.Helper()
	_, accounts := f.CommitLimits()
	for chunk := range slices.Chunk(all, accounts) {
		results = append(results, must(f.Commit(f.Context(), &Batches{Now: f.now, All: chunk}, decide))(f)...)
	}
	same(f, len(all), len(results), "results")
	return results
}
