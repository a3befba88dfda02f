package main_test

import (
	"fmt"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/trueup-ledger/trueup/internal/testenv"
)

// killVariable is the environment variable with the duration for which processes are
// killed, such as 10m. Without it each process is killed a few times.
const killVariable = "TRUEUP_TEST_KILL_FOR"

// TestKilledProcessesLoseNothing runs two processes that accept and apply submissions of
// one account. Both are killed at random moments and restarted.
func TestKilledProcessesLoseNothing(t *testing.T) {
	t.Parallel()
	h := newPostgresHarness(t)
	minRounds, duration := testenv.Scale(2, 6), time.Duration(0)
	if value := os.Getenv(killVariable); value != "" {
		var err error
		if duration, err = time.ParseDuration(value); err != nil {
			t.Fatal(err)
		}
	}
	p, c := h.serve(t)
	c.convertCounted()
	h.stop(t, p)
	acknowledged := make(map[string]bool)
	for _, uri := range c.queued {
		acknowledged[uri] = true
	}
	var mu sync.Mutex
	kills := 0
	var group sync.WaitGroup
	for process := range 2 {
		group.Go(func() {
			for round, begin := 0, time.Now(); round < minRounds || time.Since(begin) < duration; round++ {
				p, c := h.serve(t)
				c.load(round*2+process, p.command.Process.Pid)
				_ = p.command.Wait() // it was killed
				mu.Lock()
				for _, uri := range c.queued {
					acknowledged[uri] = true
				}
				kills++
				mu.Unlock()
			}
		})
	}
	group.Wait()
	h.checkAcknowledged(t, acknowledged, kills)
}

// TestAnotherProcessTakesOver kills the process that accepted submissions while the
// applier lock is held. Once the lock is released, the other process applies them.
func TestAnotherProcessTakesOver(t *testing.T) {
	t.Parallel()
	h := newPostgresHarness(t)
	victim, c := h.serve(t)
	other, o := h.serve(t)
	if err := c.convert("FIRST"); err != nil {
		t.Fatal(err)
	}
	release := holdApplier(t, h.store[1])
	for i := range 20 {
		if err := c.convert(fmt.Sprintf("ORDER-%d", i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := victim.command.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = victim.command.Wait() // it was killed
	release()
	for status := ""; status != "Complete"; {
		var response struct{ Status string }
		if err := o.do("GET", o.host+c.queued[len(c.queued)-1], nil, &response); err != nil {
			t.Fatal(err)
		}
		status = response.Status
	}
	h.stop(t, other)
}

// holdApplier holds the applier lock of the account until release is called.
func holdApplier(t *testing.T, url string) (release func()) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), "BEGIN; SELECT 1 FROM applier WHERE account = 1 FOR UPDATE"); err != nil {
		t.Fatal(err)
	}
	return func() { _ = conn.Close(t.Context()) }
}
