package sqlstore

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/trueup-ledger/trueup/internal/pgtest"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

func TestProcessesThatShareAServerHearOfEachOther(t *testing.T) {
	url := pgtest.Schema(t)
	here, there := openPostgresAt(t, url), openPostgresAt(t, url)
	record(t, here)
	ctx, stop := context.WithCancel(t.Context())
	queued, applied, ended := make(chan int64, 100), make(chan int64, 100), make(chan error, 1)
	go func() {
		ended <- here.Listen(ctx, func(account int64) { queued <- account }, func(account int64) { applied <- account })
	}()
	for heard, until := false, time.Now().Add(30*time.Second); !heard; { // what is told before it listens is lost
		if time.Now().After(until) {
			t.Fatal("it hears nothing")
		}
		write(t, there, []store.Submission{conversion("a", now)})
		select {
		case <-applied:
			heard = true
		default:
		}
	}
	// While one applies the other one leaves, and can tell the first.
	if _, err := here.Accept(ctx, account, now, []store.Submission{modification(1, 1)}); err != nil {
		t.Fatal(err)
	}
	n, err := here.Apply(ctx, account, now, 1, func(w ledger.Lookup, s ledger.Submission, turn ledger.ApplyContext) (ledger.Change, error) {
		n, err := there.Apply(ctx, account, now, 1, ledger.Decide)
		if n != 0 || !errors.Is(err, store.ErrHeldElsewhere) {
			t.Errorf("the other applied %d meanwhile, error %v", n, err)
		}
		if err := there.NotifyQueued(ctx, account); err != nil {
			t.Error(err)
		}
		return ledger.Decide(w, s, turn)
	})
	if n != 1 || err != nil {
		t.Errorf("applied %d, error %v", n, err)
	}
	if got := <-queued; got != account {
		t.Errorf("account %d was told to have submissions", got)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("hearing ended with %v", err)
	}
}

func TestOneProcessLeadsUntilItEnds(t *testing.T) {
	url := pgtest.Schema(t)
	here, there := openPostgresAt(t, url), openPostgresAt(t, url)
	first, end := context.WithCancel(t.Context())
	leads, ended := make(chan string, 2), make(chan error, 2)
	go func() { ended <- here.RunAsLeader(first, func() { leads <- "here" }) }()
	if got := <-leads; got != "here" {
		t.Fatal(got)
	}
	second, endSecond := context.WithCancel(t.Context())
	go func() { ended <- there.RunAsLeader(second, func() { leads <- "there" }) }()
	wantNoLead(t, url)
	if len(leads) != 0 {
		t.Fatalf("%s leads beside the first", <-leads)
	}
	end()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if got := <-leads; got != "there" {
		t.Error(got)
	}
	endSecond()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// wantNoLead asks for the lead as a process does, at once.
func wantNoLead(t *testing.T, url string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	if leads, err := seizeLead(t.Context(), conn); leads || err != nil {
		t.Errorf("another process may lead: %t, %v", leads, err)
	}
}
