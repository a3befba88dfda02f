package storetest

import (
	"context"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

var lifePromises = []promise{
	{"what was accepted, applied, recorded and saved is there after a restart", func(f *fixture) {
		t := token(f, "a", account, 0)
		wantError(f, nil, f.SaveToken(f.Context(), t, f.deed("save token")))
		f.accept(f.order("a"), setQuantity("a", "12345", 1))
		f.apply()
		queued := f.accept(setQuantity("a", "67890", 0))[0]
		was, reference := f.action(1), must(f.Reference(f.Context(), account, f.now))(f)
		f.restart()
		same(f, was, f.action(1), "the action")
		same(f, queued, f.submission(queued), "the queued submission")
		same(f, t, must(f.Token(f.Context(), "a"))(f), "the token")
		same(f, reference.Terms, must(f.Reference(f.Context(), account, f.now))(f).Terms, "terms")
		same(f, 1, f.apply(), "completed")
		same(f, int64(4), f.accept(f.order("b"))[0].Number, "the next number")
	}},
	{"instants do not decrease across a restart", func(f *fixture) {
		last := f.accept(f.order("a"))[0].Accepted
		f.apply()
		f.restart()
		f.now = f.now.Add(-time.Hour)
		same(f, last, f.accept(f.order("b"))[0].Accepted, "accepted")
		f.apply()
		same(f, last, f.numbered(2).Outcome.Completed, "completed")
	}},
	{"a store that is closed answers errors, and closing it again is fine", func(f *fixture) {
		wantError(f, nil, f.Close())
		wantError(f, nil, f.Close())
		if _, err := f.Accept(f.Context(), account, f.now, batchOf(f.order("a"))); err == nil {
			f.Error("it accepted")
		}
		if _, err := f.Accounts(f.Context()); err == nil {
			f.Error("it answered")
		}
		f.Store = f.reopen()
	}},
	{"closing waits for what is under way", func(f *fixture) {
		f.accept(f.order("a"))
		inside, let := make(chan struct{}), make(chan struct{})
		var wait sync.WaitGroup
		wait.Go(func() {
			n, err := f.Apply(context.Background(), account, f.now, 1, func(w ledger.Lookup, s ledger.Submission, t ledger.ApplyContext) (ledger.Change, error) {
				close(inside)
				<-let
				return ledger.Decide(w, s, t)
			})
			if n != 1 || err != nil {
				f.Errorf("applied %d: %v", n, err)
			}
		})
		<-inside
		was := f.Store
		closed := make(chan error, 1)
		go func() { closed <- was.Close() }()
		select {
		case err := <-closed:
			f.Errorf("closed while a batch was applied: %v", err)
		default:
		}
		close(let)
		wait.Wait()
		wantError(f, nil, <-closed)
		f.Store = f.reopen()
		same(f, "a", f.action(1).Order, "the action")
	}},
	{"reading sees one instant, whatever is written meanwhile, and holds up no writer", func(f *fixture) {
		f.accept(f.order("a"))
		f.apply()
		err := f.Read(f.Context(), account, func(r store.Reader) error {
			was, err := r.Action(idOf(1))
			wantError(f, nil, err)
			f.accept(setQuantity("a", "12345", 1), f.order("b"))
			f.apply()
			again, err := r.Action(idOf(1))
			wantError(f, nil, err)
			same(f, was, again, "the action")
			found, _, err := r.Actions(ledger.ActionFilter{}, ledger.Page{Size: 10, Number: 1})
			same(f, 1, found.Total, "actions")
			return err
		})
		wantError(f, nil, err)
		same(f, 1, f.action(1).Modifications, "modifications")
	}},
	{"an error of the reader's is passed on, and an unknown account cannot be read", func(f *fixture) {
		wantError(f, errBug, f.Read(f.Context(), account, func(store.Reader) error { return errBug }))
		wantError(f, ledger.ErrNotFound, f.Read(f.Context(), 99, func(store.Reader) error { return nil }))
	}},
}
