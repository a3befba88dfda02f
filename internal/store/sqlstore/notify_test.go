package sqlstore_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/pgtest"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
)

func TestProcessesThatShareAServerNotifyEachOther(t *testing.T) {
	url := pgtest.Schema(t)
	here, there := openPostgres(t, url), openPostgres(t, url)
	createAccount(t, here)
	ctx, stop := context.WithCancel(t.Context())
	queued, applied, ended := make(chan int64, 100), make(chan int64, 100), make(chan error, 1)
	go func() {
		ended <- here.Listen(ctx, func(account int64) { queued <- account }, func(account int64) { applied <- account })
	}()
	for notified, until := false, time.Now().Add(30*time.Second); !notified; { // notifications before it listens are lost
		if time.Now().After(until) {
			t.Fatal("no notification was delivered")
		}
		submit(t, there, []store.Submission{conversion("a", now)})
		select {
		case <-applied:
			notified = true
		default:
		}
	}
	// While one process applies, the other one gives up and can notify it.
	if _, err := here.Accept(ctx, account, now, []store.Submission{modification(1, 1)}); err != nil {
		t.Fatal(err)
	}
	n, err := here.Apply(ctx, account, now, 1, func(l ledger.Lookup, s ledger.Submission, actx ledger.ApplyContext) (ledger.Change, error) {
		n, err := there.Apply(ctx, account, now, 1, ledger.Decide)
		if n != 0 || !errors.Is(err, store.ErrHeldElsewhere) {
			t.Errorf("the other process applied %d meanwhile, error %v", n, err)
		}
		if err := there.NotifyQueued(ctx, account); err != nil {
			t.Error(err)
		}
		return ledger.Decide(l, s, actx)
	})
	if n != 1 || err != nil {
		t.Errorf("applied %d, error %v", n, err)
	}
	if got := <-queued; got != account {
		t.Errorf("notified of account %d", got)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("Listen returned %v", err)
	}
}

func TestADistributedStoreIsPolledLessOften(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, openNew func() *sqlstore.Store) {
		st := openNew()
		once := st.PollInterval()
		st.DB().Dialect().Distributed = true
		if distributed := st.PollInterval(); once != time.Second || distributed <= once {
			t.Errorf("the interval is %v, and %v if the database is distributed", once, distributed)
		}
	})
}
