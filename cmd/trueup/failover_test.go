package main_test

import (
	"math/rand/v2"
	"syscall"
	"testing"
	"time"
)

// Bounds of a failover: how long no write may be acknowledged, and how long one may
// take at all before the test gives up.
const (
	unavailable = 30 * time.Second
	givenUp     = 2 * time.Minute
)

// failures are what becomes of the primary, in order. Each answers what has the node be
// whole again.
var failures = []struct {
	name    string
	strike  func(c *cluster, node string) (mend func())
	bounded bool
}{
	{"the server is killed", killServer, true},
	{"the server and its Patroni are killed", killNode, true},
	{"the server is killed", killServer, true},
	{"the server and its Patroni are killed", killNode, true},
	{"the server is killed", killServer, true},
	// A host that hangs: its connections stay, and nobody refuses new ones.
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

// freezeNode has the node end as by a watchdog when another is the primary. Without one
// Patroni, when it goes on, may take the lead back from what it knew before it hung.
func freezeNode(c *cluster, node string) func() {
	frozen := c.freeze(node)
	return func() {
		c.signal(syscall.SIGKILL, frozen...)
		c.restart(node)
	}
}

// TestAFailoverLosesNothingAndDoesNothingTwice kills the primary of a cluster under
// load by two processes. What was acknowledged is there, what was sent until it was
// acknowledged took effect once, and callers were told to come again meanwhile.
func TestAFailoverLosesNothingAndDoesNothingTwice(t *testing.T) {
	servers := newCluster(t)
	servers.whole()
	g := newGroundIn(t, "--store", servers.url())
	admin := credentialsIn(t, g.run(t, "token", "create", "--admin"))
	p, c := g.serve(t)
	other, o := g.serve(t)
	if err := c.convert("FIRST"); err != nil {
		t.Fatal(err)
	}
	l := newFailoverLoad(t, []*caller{c, o}, []string{p.env["TRUEUP_ADMIN_URL"], other.env["TRUEUP_ADMIN_URL"]}, admin)
	for _, f := range failures {
		l.underLoad()
		<-time.After(time.Duration(rand.IntN(300)) * time.Millisecond)
		primary := servers.whole()
		begin := l.begin()
		mend := f.strike(servers, primary)
		l.recovered(servers, primary)
		gap, slowest, _ := l.measured(begin)
		t.Logf("%s: no write acknowledged for %.1f s; the slowest answer took %.1f s", f.name, gap.Seconds(), slowest.Seconds())
		if f.bounded && gap >= unavailable {
			t.Errorf("%s: unavailable for %v, want less than %v", f.name, gap, unavailable)
		}
		mend()
		servers.whole()
	}
	l.underLoad()
	l.end()
	l.settle(c)
	g.stop(t, p)
	g.stop(t, other)
}

// underLoad waits until many more writes are acknowledged.
func (l *failoverLoad) underLoad() {
	l.t.Helper()
	before := l.counted()
	l.wait("writes are acknowledged", func() bool { return l.counted() >= before+4*acknowledgedFirst })
}

// recovered waits until another node is the primary and every process writes there.
func (l *failoverLoad) recovered(servers *cluster, from string) {
	l.t.Helper()
	l.wait("another node is the primary", func() bool {
		primary := servers.are("primary")
		return len(primary) == 1 && primary[0] != from
	})
	begin := time.Now()
	l.wait("every process writes", func() bool {
		_, _, all := l.measured(begin)
		return all
	})
}

func (l *failoverLoad) wait(what string, is func() bool) {
	l.t.Helper()
	for begin := time.Now(); !is(); <-time.After(20 * time.Millisecond) {
		if time.Since(begin) > givenUp {
			l.t.Fatalf("waited %v until %s; faults so far: %v", givenUp, what, l.faulty())
		}
	}
}
