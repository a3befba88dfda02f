package storetest

import (
	"errors"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

var failureGuarantees = []guarantee{
	{"an error of decide ends the batch and keeps the earlier submissions", func(f *fixture) {
		f.accept(f.order("a"), f.order("b"), f.order("c"))
		done, err := f.Apply(f.Context(), account, f.now, 10, f.failing(2, errBug))
		wantError(f, errBug, err)
		same(f, 1, done, "completed")
		same(f, "a", f.action(1).Order, "the first")
		same(f, time.Time{}, f.numbered(2).Outcome.Completed, "the second is queued")
		same(f, 2, f.apply(), "completed once decide works again")
		same(f, rejection.NoError, f.numbered(2).Outcome.ErrorType, "the second's error")
	}},
	{"a submission that fails three times, across restarts, is parked and blocks no other", func(f *fixture) {
		f.accept(f.order("a"), f.order("b"), f.order("c"))
		for attempt := 1; attempt < store.MaxAttempts; attempt++ {
			_, err := f.Apply(f.Context(), account, f.now, 10, f.failing(2, errBug))
			wantError(f, errBug, err)
			f.restart()
		}
		same(f, 2, must(f.Apply(f.Context(), account, f.now, 10, f.failing(2, errBug)))(f), "completed")
		f.wantParked(2, ids.ActionID{})
		same(f, "c", f.action(3).Order, "the submission after it")
	}},
	{"a panic of decide counts as an attempt and its error has the stack", func(f *fixture) {
		f.accept(f.order("a"), setQuantity("a", "12345", 1))
		panics := func(l ledger.Lookup, s ledger.Submission, actx ledger.ApplyContext) (ledger.Change, error) {
			if s.Number == 2 {
				panic("a bug")
			}
			return ledger.Decide(l, s, actx)
		}
		for attempt := 1; attempt < store.MaxAttempts; attempt++ {
			_, err := f.Apply(f.Context(), account, f.now, 10, panics)
			if err == nil || !strings.Contains(err.Error(), "a bug") || !strings.Contains(err.Error(), "failure.go") {
				f.Fatalf("error is %v", err)
			}
		}
		same(f, 1, must(f.Apply(f.Context(), account, f.now, 10, panics))(f), "completed")
		f.wantParked(2, f.action(1).ID)
		same(f, 0, f.action(1).Modifications, "modifications")
	}},
	{"attempts are counted for each submission", func(f *fixture) {
		f.accept(f.order("a"), f.order("b"))
		for _, fails := range []int64{1, 1, 2, 2} {
			_, err := f.Apply(f.Context(), account, f.now, 10, f.failing(fails, errBug))
			wantError(f, errBug, err)
		}
		same(f, 1, f.apply(), "completed")
		same(f, rejection.NoError, f.numbered(2).Outcome.ErrorType, "the second's error")
	}},
	{"a change with updates out of sequence is an error of decide", func(f *fixture) {
		f.accept(f.order("a"))
		for _, spoil := range []func(c *ledger.Change){
			func(c *ledger.Change) { c.Updates[1].Number++; c.Action.Last = c.Updates[1].ChainPosition },
			func(c *ledger.Change) { c.Action.Last.Number++ },
		} {
			_, err := f.Apply(f.Context(), account, f.now, 1, func(l ledger.Lookup, s ledger.Submission, actx ledger.ApplyContext) (ledger.Change, error) {
				c, err := ledger.Decide(l, s, actx)
				spoil(&c)
				return c, err
			})
			if err == nil {
				f.Fatal("no error")
			}
		}
		same(f, 1, f.apply(), "completed")
	}},
	{"a failed attempt uses no update numbers", func(f *fixture) {
		f.accept(f.order("a"), f.order("b"))
		_, err := f.Apply(f.Context(), account, f.now, 10, f.failing(2, errBug))
		wantError(f, errBug, err)
		f.apply()
		same(f, []int64{2, 4}, []int64{f.action(1).Last.Number, f.action(2).Last.Number}, "last updates")
	}},
}

var errBug = errors.New("a bug")

// failing returns a function like [ledger.Decide] that returns err for one submission.
func (f *fixture) failing(number int64, err error) store.Decide {
	return func(l ledger.Lookup, s ledger.Submission, actx ledger.ApplyContext) (ledger.Change, error) {
		if s.Number == number {
			return ledger.Change{}, err
		}
		return ledger.Decide(l, s, actx)
	}
}

// wantParked fails the test unless the submission was parked.
func (f *fixture) wantParked(number int64, action ids.ActionID) {
	f.Helper()
	o := f.numbered(number).Outcome
	if o.Message == "" || strings.Contains(o.Message, errBug.Error()) {
		f.Errorf("the message is %q", o.Message)
	}
	same(f, []any{rejection.ErrorInternal, rejection.CodeParked, action, false}, []any{o.ErrorType, o.Code, o.Action, o.Changed}, "outcome")
}

// restart closes the store and opens it again.
func (f *fixture) restart() {
	f.Helper()
	if err := f.Close(); err != nil {
		f.Fatal(err)
	}
	f.Store = f.reopen()
}
