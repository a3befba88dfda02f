package storetest

import (
	"context"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

var lifecycleGuarantees = []guarantee{
	{"all data survive a restart", func(f *fixture) {
		t := token(f, "a", account, 0)
		wantError(f, nil, f.SaveToken(f.Context(), t, f.auditEvent(store.OperationCreateToken)))
		f.accept(f.order("a"), setQuantity("a", "12345", 1))
		f.apply()
		queued := f.accept(setQuantity("a", "67890", 0))[0]
		before, reference := f.action(1), must(f.Reference(f.Context(), account, f.now))(f)
		f.restart()
		same(f, before, f.action(1), "the action")
		same(f, queued, f.submission(queued), "the queued submission")
		same(f, t, must(f.Token(f.Context(), "a"))(f), "the token")
		same(f, reference.Terms, must(f.Reference(f.Context(), account, f.now))(f).Terms, "terms")
		same(f, 1, f.apply(), "completed")
		same(f, int64(4), f.accept(f.order("b"))[0].Number, "the next number")
	}},
	{"times do not decrease across a restart", func(f *fixture) {
		last := f.accept(f.order("a"))[0].Accepted
		f.apply()
		f.restart()
		f.now = f.now.Add(-time.Hour)
		same(f, last, f.accept(f.order("b"))[0].Accepted, "accepted")
		f.apply()
		same(f, last, f.numbered(2).Outcome.Completed, "completed")
	}},
	{"a closed store returns errors and can be closed again", func(f *fixture) {
		wantError(f, nil, f.Close())
		wantError(f, nil, f.Close())
		if _, err := f.Accept(f.Context(), account, f.now, batchOf(f.order("a"))); err == nil {
			f.Error("Accept returned no error")
		}
		if _, err := f.Accounts(f.Context()); err == nil {
			f.Error("Accounts returned no error")
		}
		f.Store = f.reopen()
	}},
	{"a single process becomes the leader and leads until its context ends", func(f *fixture) {
		ctx, cancel := context.WithCancel(f.Context())
		defer cancel()
		calls := 0
		err := f.RunAsLeader(ctx, func() {
			calls++
			cancel()
		})
		wantError(f, nil, err)
		same(f, 1, calls, "calls of lead")
	}},
	{"Listen returns when its context ends, and NotifyQueued needs no listener", func(f *fixture) {
		wantError(f, nil, f.NotifyQueued(f.Context(), account))
		ctx, cancel := context.WithCancel(f.Context())
		cancel()
		ignore := func(int64) {}
		wantError(f, nil, f.Listen(ctx, ignore, ignore))
	}},
	{"Close waits for running calls", func(f *fixture) {
		f.accept(f.order("a"))
		started, release := make(chan struct{}), make(chan struct{})
		var wait sync.WaitGroup
		wait.Go(func() {
			n, err := f.Apply(context.Background(), account, f.now, 1, func(l ledger.Lookup, s ledger.Submission, actx ledger.ApplyContext) (ledger.Change, error) {
				close(started)
				<-release
				return ledger.Decide(l, s, actx)
			})
			if n != 1 || err != nil {
				f.Errorf("applied %d: %v", n, err)
			}
		})
		<-started
		before := f.Store
		closed := make(chan error, 1)
		go func() { closed <- before.Close() }()
		select {
		case err := <-closed:
			f.Errorf("closed while a batch was applied: %v", err)
		default:
		}
		close(release)
		wait.Wait()
		wantError(f, nil, <-closed)
		f.Store = f.reopen()
		same(f, "a", f.action(1).Order, "the action")
	}},
	{"Read sees one snapshot and blocks no writer", func(f *fixture) {
		f.accept(f.order("a"))
		f.apply()
		err := f.Read(f.Context(), account, func(r store.Reader) error {
			before, err := r.Action(idOf(1))
			wantError(f, nil, err)
			f.accept(setQuantity("a", "12345", 1), f.order("b"))
			f.apply()
			again, err := r.Action(idOf(1))
			wantError(f, nil, err)
			same(f, before, again, "the action")
			found, _, err := r.Actions(search.ActionFilter{}, search.Page{Size: 10, Number: 1})
			same(f, 1, found.Total, "actions")
			return err
		})
		wantError(f, nil, err)
		same(f, 1, f.action(1).Modifications, "modifications")
	}},
	{"Read returns the error of its function, and an error for an unknown account", func(f *fixture) {
		wantError(f, errBug, f.Read(f.Context(), account, func(store.Reader) error { return errBug }))
		wantError(f, ledger.ErrNotFound, f.Read(f.Context(), 99, func(store.Reader) error { return nil }))
	}},
}
