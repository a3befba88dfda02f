package sqldb

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/trueup-ledger/trueup/internal/pgtest"
)

func TestOneProcessIsTheLeaderUntilItEnds(t *testing.T) {
	url := pgtest.Schema(t)
	a, b := openServer(t, url), openServer(t, url)
	first, endFirst := context.WithCancel(t.Context())
	leads, ended := make(chan string, 2), make(chan error, 2)
	go func() { ended <- a.RunAsLeader(first, func() { leads <- "a" }) }()
	if got := <-leads; got != "a" {
		t.Fatal(got)
	}
	second, endSecond := context.WithCancel(t.Context())
	go func() { ended <- b.RunAsLeader(second, func() { leads <- "b" }) }()
	wantLocked(t, url)
	if len(leads) != 0 {
		t.Fatalf("%s is a second leader", <-leads)
	}
	endFirst()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if got := <-leads; got != "b" {
		t.Error(got)
	}
	endSecond()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// wantLocked fails the test if no connection holds the leader's lock.
func wantLocked(t *testing.T, url string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	if leading, err := tryLock(t.Context(), conn); leading || err != nil {
		t.Errorf("another process could become the leader: %t, %v", leading, err)
	}
}

func TestALostConnectionEndsTheLeadership(t *testing.T) {
	proxy := pgtest.NewProxy(t)
	db := openServer(t, proxy.URL)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- db.RunAsLeader(ctx, proxy.Cut) }()
	if err := <-ended; err == nil {
		t.Error("it returned no error")
	}
	go func() { ended <- db.RunAsLeader(ctx, stop) }()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestListenersAndLeadersDetectASilentServer(t *testing.T) {
	t.Parallel()
	proxy := pgtest.NewProxy(t)
	db := openServer(t, proxy.URL)
	leads, ended := make(chan bool, 1), make(chan error, 2)
	go func() { ended <- db.RunAsLeader(t.Context(), func() { leads <- true }) }()
	go func() { ended <- db.Listen(t.Context(), map[string]func(int64){"trueup_test": func(int64) {}}) }()
	<-leads
	resume := proxy.Stall()
	defer resume()
	for range 2 {
		select {
		case err := <-ended:
			if err == nil {
				t.Error("it returned no error")
			}
		case <-time.After(4 * pingTimeout):
			t.Fatal("it did not detect the silence")
		}
	}
}

func TestNotificationsReachListenersOfTheSameSchema(t *testing.T) {
	url := pgtest.Schema(t)
	db, other := openServer(t, url), openServer(t, pgtest.Schema(t))
	ctx, stop := context.WithCancel(t.Context())
	ids, ended := make(chan int64, 100), make(chan error, 1)
	go func() {
		ended <- db.Listen(ctx, map[string]func(int64){"trueup_test": func(id int64) { ids <- id }})
	}()
	tick, timeout := time.NewTicker(10*time.Millisecond), time.After(30*time.Second)
	defer tick.Stop()
	for received := false; !received; { // notifications from before the LISTEN are lost
		other.Notify("trueup_test", 8)
		db.Notify("trueup_test", 7)
		select {
		case id := <-ids:
			if received = true; id != 7 {
				t.Errorf("received %d, want 7", id)
			}
		case <-tick.C:
		case <-timeout:
			t.Fatal("no notification was delivered")
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("Listen returned %v", err)
	}
}
