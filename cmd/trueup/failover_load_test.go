package main_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"
)

// Paces of the load: between two requests of a worker, and before it tries again.
const (
	failoverPace  = 25 * time.Millisecond
	failoverAgain = 100 * time.Millisecond
)

// failoverLoad writes and reads by several processes without an end, and remembers what
// was answered.
type failoverLoad struct {
	t       *testing.T
	callers []*caller
	admins  []string
	admin   credentials
	client  http.Client
	stop    chan struct{}
	group   sync.WaitGroup

	mu sync.Mutex
	// acknowledged has the submission of each write that was answered 200.
	acknowledged map[string]bool
	// keyed counts distinct writes with a key, by kind; bare those without one, by
	// whether they were acknowledged.
	keyed map[string]int
	bare  map[bool]int
	// statuses counts answers; faults are the ones that must not be, each once.
	statuses map[int]int
	faults   map[string]bool
	// last is when each process acknowledged a write last, and gap the longest time
	// between two of them since it was set to 0; slowest is the longest answer.
	last    []time.Time
	gap     []time.Duration
	slowest time.Duration
}

func newFailoverLoad(t *testing.T, callers []*caller, admins []string, admin credentials) *failoverLoad {
	t.Helper()
	l := &failoverLoad{
		t: t, callers: callers, admins: admins, admin: admin, client: http.Client{Timeout: 2 * time.Minute}, stop: make(chan struct{}),
		acknowledged: make(map[string]bool), keyed: make(map[string]int), bare: make(map[bool]int), statuses: make(map[int]int),
		faults: make(map[string]bool), last: make([]time.Time, len(callers)), gap: make([]time.Duration, len(callers)),
	}
	for i := range l.last {
		l.last[i] = time.Now()
	}
	for worker := range 4 {
		l.every(func(i int) { l.writeKeyed(worker, i) })
	}
	for worker := range callers {
		l.every(func(i int) { l.writeBare(worker, i) })
		l.every(func(i int) { l.look(worker, i) })
	}
	return l
}

// every runs f at the load's pace until it is told to stop.
func (l *failoverLoad) every(f func(i int)) {
	l.group.Go(func() {
		tick := time.NewTicker(failoverPace)
		defer tick.Stop()
		for i := 0; ; i++ {
			f(i)
			select {
			case <-l.stop:
				return
			case <-tick.C:
			}
		}
	})
}

// end lets every write that has a key come to its end.
func (l *failoverLoad) end() {
	close(l.stop)
	l.group.Wait()
}

// writeKeyed repeats one write until it is answered 200, by one process and another.
func (l *failoverLoad) writeKeyed(worker, i int) {
	method, path, form, kind := "PUT", "/Actions", countForm(firstOrder), "modifications"
	if i%2 == 0 {
		method, path, form, kind = "POST", "/Conversions", orderForm(fmt.Sprintf("KEYED-%d-%d", worker, i)), "conversions"
	}
	key := fmt.Sprintf("key-%d-%d", worker, i)
	for attempt := worker; ; attempt++ {
		at := attempt % len(l.callers)
		if l.write(at, method, l.callers[at].root+path, form, key) {
			break
		}
		<-time.After(failoverAgain)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.keyed[kind]++
}

// writeBare sends a write once.
func (l *failoverLoad) writeBare(at, i int) {
	done := l.write(at, "POST", l.callers[at].root+"/Conversions", orderForm(fmt.Sprintf("BARE-%d-%d", at, i)), "")
	l.mu.Lock()
	defer l.mu.Unlock()
	l.bare[done]++
}

// write reports whether a write was acknowledged.
func (l *failoverLoad) write(at int, method, uri string, form url.Values, key string) bool {
	body := l.ask(method, uri, form, key, l.callers[at].credentials)
	if body == nil {
		return false
	}
	var answer struct{ Status, QueuedUri string }
	if err := json.Unmarshal(body, &answer); err != nil || answer.QueuedUri == "" {
		l.fault("%s %s: 200 with %s", method, uri, body)
		return false
	}
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.acknowledged[answer.QueuedUri] = true
	l.gap[at] = max(l.gap[at], now.Sub(l.last[at]))
	l.last[at] = now
	return true
}

// begin forgets what a round measures.
func (l *failoverLoad) begin() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.gap)
	l.slowest = 0
	return time.Now()
}

// measured answers the longest gap of any process and the slowest answer, and whether
// every process acknowledged a write after the instant.
func (l *failoverLoad) measured(after time.Time) (gap, slowest time.Duration, all bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	all = true
	for at, last := range l.last {
		gap = max(gap, l.gap[at])
		all = all && last.After(after)
	}
	return gap, l.slowest, all
}

// counted answers how many writes were acknowledged.
func (l *failoverLoad) counted() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.acknowledged)
}

// settle holds what was answered against the ledger.
func (l *failoverLoad) settle(c *caller) {
	l.t.Helper()
	for fault := range l.faults {
		l.t.Error(fault)
	}
	acknowledged := maps.Clone(l.acknowledged)
	acknowledged[c.queued[0]] = true
	counted, converted := c.check(acknowledged)
	if counted != l.keyed["modifications"] {
		l.t.Errorf("%d modifications took effect of %d that were sent until they were acknowledged", counted, l.keyed["modifications"])
	}
	least := 1 + l.keyed["conversions"] + l.bare[true] // the first order is one
	if converted < least || converted > least+l.bare[false] {
		l.t.Errorf("%d conversions took effect, want %d, and up to %d of those without a key that failed", converted, least, l.bare[false])
	}
	l.t.Logf("%d writes acknowledged: %v with keys, %d without; %d without failed, of which %d took effect; answers by status %v",
		len(l.acknowledged), l.keyed, l.bare[true], l.bare[false], converted-least, l.statuses)
}
