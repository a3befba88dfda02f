package main_test

import (
	"math/rand/v2"
	"syscall"
	"testing"
	"time"
)

// Bounds of a failover: the longest time without an acknowledged write, and the time after
// which the test fails.
const (
	maxUnavailable  = 30 * time.Second
	failoverTimeout = 2 * time.Minute
)

// failures are the failures of the primary, in order. The function inject returns a
// function that repairs the node.
var failures = []struct {
	name    string
	inject  func(c *cluster, node string) (repair func())
	bounded bool
}{
	{"the server is killed", killServer, true},
	{"the server and its Patroni are killed", killNode, true},
	{"the server is killed", killServer, true},
	{"the server and its Patroni are killed", killNode, true},
	{"the server is killed", killServer, true},
	// A host that hangs keeps its connections open and accepts new ones.
	{"the node hangs", freezeNode, false},
}

func killServer(c *cluster, node string) func() {
	c.signal(syscall.SIGKILL, c.postmaster(node))
	return func() {}
}

func killNode(c *cluster, node string) func() {
	c.signal(syscall.SIGKILL, c.patroni(node), c.postmaster(node))
	return func() { c.restart(node) }
}

// freezeNode kills the frozen processes in the repair, like a watchdog. Otherwise Patroni
// might continue with outdated state and take the leadership back.
func freezeNode(c *cluster, node string) func() {
	frozen := c.freeze(node)
	return func() {
		c.signal(syscall.SIGKILL, frozen...)
		c.restart(node)
	}
}

// TestFailoverLosesNothing kills the primary of a cluster under load from two processes.
// Acknowledged writes are not lost, writes that were repeated with a key are applied once,
// and error responses ask the client to retry.
func TestFailoverLosesNothing(t *testing.T) {
	servers := newCluster(t)
	servers.waitHealthy()
	h := newHarness(t, "--store", servers.url())
	admin := credentialsIn(t, h.run(t, "token", "create", "--admin"))
	p, c := h.serve(t)
	other, o := h.serve(t)
	if err := c.convert("FIRST"); err != nil {
		t.Fatal(err)
	}
	l := newFailoverLoad(t, []*caller{c, o}, []string{p.env["TRUEUP_ADMIN_URL"], other.env["TRUEUP_ADMIN_URL"]}, admin)
	for _, f := range failures {
		l.underLoad()
		<-time.After(time.Duration(rand.IntN(300)) * time.Millisecond)
		primary := servers.waitHealthy()
		begin := l.reset()
		repair := f.inject(servers, primary)
		l.recovered(servers, primary)
		gap, slowest, _ := l.measured(begin)
		t.Logf("%s: no write acknowledged for %.1f s; the slowest response took %.1f s", f.name, gap.Seconds(), slowest.Seconds())
		if f.bounded && gap >= maxUnavailable {
			t.Errorf("%s: unavailable for %v, want less than %v", f.name, gap, maxUnavailable)
		}
		repair()
		servers.waitHealthy()
	}
	l.underLoad()
	l.end()
	l.check(c)
	h.stop(t, p)
	h.stop(t, other)
}

// underLoad waits until many more writes are acknowledged.
func (l *failoverLoad) underLoad() {
	l.t.Helper()
	before := l.acknowledgedCount()
	l.wait("writes are acknowledged", func() bool { return l.acknowledgedCount() >= before+4*minAcknowledged })
}

// recovered waits until another node is the primary and every process has written to it.
func (l *failoverLoad) recovered(servers *cluster, from string) {
	l.t.Helper()
	l.wait("another node is the primary", func() bool {
		primary := servers.nodesWithRole("primary")
		return len(primary) == 1 && primary[0] != from
	})
	begin := time.Now()
	l.wait("every process writes", func() bool {
		_, _, all := l.measured(begin)
		return all
	})
}

func (l *failoverLoad) wait(condition string, holds func() bool) {
	l.t.Helper()
	for begin := time.Now(); !holds(); <-time.After(20 * time.Millisecond) {
		if time.Since(begin) > failoverTimeout {
			l.t.Fatalf("waited %v until %s; failures so far: %v", failoverTimeout, condition, l.failures())
		}
	}
}
