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

// Pauses of the load: between two requests of a worker, and before a retry.
const (
	failoverPace       = 25 * time.Millisecond
	failoverRetryDelay = 100 * time.Millisecond
)

// failoverLoad sends writes and reads to several processes until it is stopped, and
// records the responses.
type failoverLoad struct {
	t       *testing.T
	callers []*caller
	admins  []string
	admin   credentials
	client  http.Client
	stop    chan struct{}
	group   sync.WaitGroup

	mu sync.Mutex
	// acknowledged holds the submissions of the writes with status 200.
	acknowledged map[string]bool
	// keyed counts distinct writes with an idempotency key, by kind. unkeyed counts the
	// others, by whether they were acknowledged.
	keyed   map[string]int
	unkeyed map[bool]int
	// statuses counts the responses. failed holds the messages of wrong responses.
	statuses map[int]int
	failed   map[string]bool
	// last is the time of the last acknowledged write of each process, and gap the longest
	// time between two of them since the last reset. slowest is the longest response time.
	last    []time.Time
	gap     []time.Duration
	slowest time.Duration
}

func newFailoverLoad(t *testing.T, callers []*caller, admins []string, admin credentials) *failoverLoad {
	t.Helper()
	l := &failoverLoad{
		t: t, callers: callers, admins: admins, admin: admin, client: http.Client{Timeout: 2 * time.Minute}, stop: make(chan struct{}),
		acknowledged: make(map[string]bool), keyed: make(map[string]int), unkeyed: make(map[bool]int), statuses: make(map[int]int),
		failed: make(map[string]bool), last: make([]time.Time, len(callers)), gap: make([]time.Duration, len(callers)),
	}
	for i := range l.last {
		l.last[i] = time.Now()
	}
	for worker := range 4 {
		l.every(func(i int) { l.writeKeyed(worker, i) })
	}
	for process := range callers {
		l.every(func(i int) { l.writeUnkeyed(process, i) })
		l.every(func(i int) { l.read(process, i) })
	}
	return l
}

// every calls f at the pace of the load until the load is stopped.
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

// end stops the load and waits until all writes with a key are acknowledged.
func (l *failoverLoad) end() {
	close(l.stop)
	l.group.Wait()
}

// writeKeyed repeats a write, sent to the processes in turn, until it is acknowledged.
func (l *failoverLoad) writeKeyed(worker, i int) {
	method, path, form, kind := "PUT", "/Actions", countForm(firstOrder), "modifications"
	if i%2 == 0 {
		method, path, form, kind = "POST", "/Conversions", orderForm(fmt.Sprintf("KEYED-%d-%d", worker, i)), "conversions"
	}
	key := fmt.Sprintf("key-%d-%d", worker, i)
	for attempt := worker; ; attempt++ {
		process := attempt % len(l.callers)
		if l.write(process, method, l.callers[process].root+path, form, key) {
			break
		}
		<-time.After(failoverRetryDelay)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.keyed[kind]++
}

// writeUnkeyed sends a write without a key once.
func (l *failoverLoad) writeUnkeyed(process, i int) {
	done := l.write(process, "POST", l.callers[process].root+"/Conversions", orderForm(fmt.Sprintf("BARE-%d-%d", process, i)), "")
	l.mu.Lock()
	defer l.mu.Unlock()
	l.unkeyed[done]++
}

// write reports whether a write was acknowledged.
func (l *failoverLoad) write(process int, method, uri string, form url.Values, key string) bool {
	body := l.request(method, uri, form, key, l.callers[process].credentials)
	if body == nil {
		return false
	}
	var response struct{ Status, QueuedUri string }
	if err := json.Unmarshal(body, &response); err != nil || response.QueuedUri == "" {
		l.fail("%s %s: 200 with %s", method, uri, body)
		return false
	}
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.acknowledged[response.QueuedUri] = true
	l.gap[process] = max(l.gap[process], now.Sub(l.last[process]))
	l.last[process] = now
	return true
}

// reset resets the measurements and returns the time.
func (l *failoverLoad) reset() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.gap)
	l.slowest = 0
	return time.Now()
}

// measured returns the longest gap of any process and the slowest response, and reports
// whether every process acknowledged a write after the given time.
func (l *failoverLoad) measured(after time.Time) (gap, slowest time.Duration, all bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	all = true
	for process, last := range l.last {
		gap = max(gap, l.gap[process])
		all = all && last.After(after)
	}
	return gap, l.slowest, all
}

// acknowledgedCount returns the number of acknowledged writes.
func (l *failoverLoad) acknowledgedCount() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.acknowledged)
}

// check compares the responses with the ledger.
func (l *failoverLoad) check(c *caller) {
	l.t.Helper()
	for failure := range l.failed {
		l.t.Error(failure)
	}
	acknowledged := maps.Clone(l.acknowledged)
	acknowledged[c.queued[0]] = true
	counted, converted := c.check(acknowledged)
	if counted != l.keyed["modifications"] {
		l.t.Errorf("%d modifications were applied, want %d", counted, l.keyed["modifications"])
	}
	minConverted := 1 + l.keyed["conversions"] + l.unkeyed[true] // the first order is one
	if converted < minConverted || converted > minConverted+l.unkeyed[false] {
		l.t.Errorf("%d conversions were applied, want %d and up to %d without a key that failed", converted, minConverted, l.unkeyed[false])
	}
	l.t.Logf("%d writes acknowledged: %v with keys, %d without; %d without failed, of which %d were applied; responses by status %v",
		len(l.acknowledged), l.keyed, l.unkeyed[true], l.unkeyed[false], converted-minConverted, l.statuses)
}
