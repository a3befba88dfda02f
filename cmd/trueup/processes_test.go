package main_test

import (
	"fmt"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// killVariable says for how long processes are killed, as 10m; killFor is how long
// without it.
const (
	killVariable = "TRUEUP_TEST_KILL_FOR"
	killFor      = 15 * time.Second
)

// TestProcessesKilledAtRandomLoseNothing has two processes on one database accept
// and apply for one account, while now the one and now the other is killed.
func TestProcessesKilledAtRandomLoseNothing(t *testing.T) {
	t.Parallel()
	g := newPostgresGround(t)
	lasting := killFor
	if given := os.Getenv(killVariable); given != "" {
		var err error
		if lasting, err = time.ParseDuration(given); err != nil {
			t.Fatal(err)
		}
	}
	p, c := g.serve(t)
	c.convertCounted()
	g.stop(t, p)
	acknowledged := make(map[string]bool)
	for _, uri := range c.queued {
		acknowledged[uri] = true
	}
	var mu sync.Mutex
	kills := 0
	var group sync.WaitGroup
	for process := range 2 {
		group.Go(func() {
			for round, begin := 0, time.Now(); time.Since(begin) < lasting; round++ {
				p, c := g.serve(t)
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
	if kills < 4 {
		t.Errorf("only %d kills in %v", kills, lasting)
	}
	g.settle(t, acknowledged, kills)
}

// takeOver is how soon another process must have taken over.
const takeOver = 2 * time.Second

// TestAKilledProcessIsTakenOver kills the process that accepted submissions while
// something keeps all from being applied: as soon as it does no more, another process
// applies them.
func TestAKilledProcessIsTakenOver(t *testing.T) {
	t.Parallel()
	g := newPostgresGround(t)
	victim, c := g.serve(t)
	other, o := g.serve(t)
	if err := c.convert("FIRST"); err != nil {
		t.Fatal(err)
	}
	release := holdApplier(t, g.store[1])
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
	begin := time.Now()
	for status := ""; status != "Complete"; {
		var answer struct{ Status string }
		if err := o.do("GET", o.host+c.queued[len(c.queued)-1], nil, &answer); err != nil {
			t.Fatal(err)
		}
		if status = answer.Status; time.Since(begin) > takeOver {
			t.Fatalf("after %v the last submission is %s", takeOver, status)
		}
	}
	t.Logf("taken over after %v", time.Since(begin))
	g.stop(t, other)
}

// holdApplier keeps everybody from applying in the account until release is called.
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
