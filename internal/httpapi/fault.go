package httpapi

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/wire"
)

// Request is what faults go by.
type Request struct {
	// Method is the one that is meant; Path is below the account's root, without a
	// suffix and escaped.
	Method, Path string
	// Order is the order id among the parameters, or "".
	Order string
}

// Fault is what goes wrong with a request.
type Fault struct {
	// Rule is the name of what asked for it.
	Rule string
	// Delay is waited for first.
	Delay time.Duration
	// Drop ends the connection without an answer. Status is answered if it is not 0:
	// 429, 500 or 503. Neither leaves the answer as it is.
	Drop   bool
	Status int
	// After has all of it happen when the request's work is done and only its answer
	// is missing; else the work is not begun.
	After bool
}

// Faults answers what goes wrong with a request, if anything does.
type Faults func(Request) (Fault, bool)

// Emulate has the handler keep to the original's documented limits and has the
// faults happen to requests that were authenticated and could be read. It is called
// before the first request.
func (a *API) Emulate(faults Faults) {
	a.documented, a.limit = true, documentedLimit
	a.answer = func(c *call, method, path string) error {
		_, below, _ := strings.Cut(strings.TrimPrefix(path, "/"+brand+"/"), "/")
		fault, strikes := faults(Request{Method: method, Path: "/" + below, Order: c.params.Order()})
		if !strikes {
			return a.dispatch(c, method, path)
		}
		c.api.log.Info("fault", "rule", fault.Rule, "request", c.id, "method", method, "path", c.r.URL.Path,
			"delay", fault.Delay, "drop", fault.Drop, "status", fault.Status, "after", fault.After)
		c.w.Header().Set(wire.FaultHeader, fault.Rule)
		return c.strike(fault, func() error { return a.dispatch(c, method, path) })
	}
}

// strike has the fault happen, before or after the work.
func (c *call) strike(f Fault, work func() error) error {
	spared := !f.Drop && f.Status == 0
	switch {
	case f.After && spared:
		c.w = &late{ResponseWriter: c.w, wait: func() error { return c.wait(f.Delay) }}
		return work()
	case f.After:
		c.unheard(work)
	}
	if err := c.wait(f.Delay); err != nil {
		return err
	}
	switch {
	case f.Drop:
		panic(http.ErrAbortHandler)
	case spared:
		return work()
	case f.Status == http.StatusTooManyRequests:
		c.limited()
	default:
		c.internal(f.Status)
	}
	return nil
}

// unheard does the work and keeps its answer from the caller.
func (c *call) unheard(work func() error) {
	w := c.w
	c.w = &headerOnly{header: make(http.Header)}
	defer func() { c.w, c.begun, c.until = w, false, time.Time{} }()
	if err := work(); err != nil {
		c.fail(err)
	}
}

// wait lets the time pass, unless the caller goes away.
func (c *call) wait(d time.Duration) error {
	if d <= 0 {
		return nil
	}
	err := http.NewResponseController(c.w).SetWriteDeadline(time.Now().Add(d + slowest))
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-c.r.Context().Done():
		return c.r.Context().Err()
	}
}

// limited answers as if the account's requests of the hour were spent, and the hour
// over in a second: a test does not wait for longer.
func (c *call) limited() {
	const soon = "1"
	header := c.w.Header()
	header.Set("X-RateLimit-Remaining", "0")
	header.Set("X-RateLimit-Reset", soon)
	header.Set("Retry-After", soon)
	c.answer(errSpent)
}

// late is an answer that waits before it begins.
type late struct {
	http.ResponseWriter
	wait func() error
}

// WriteHeader begins the answer, or ends the connection if its caller is gone.
func (l *late) WriteHeader(status int) {
	if l.wait() != nil {
		panic(http.ErrAbortHandler)
	}
	l.ResponseWriter.WriteHeader(status)
}

// Unwrap lets deadlines be set.
func (l *late) Unwrap() http.ResponseWriter { return l.ResponseWriter }

// Routes answers what is served below an account, as "GET /Actions/{action}".
func Routes() []string {
	found := make([]string, 0, len(routes))
	for _, r := range routes {
		found = append(found, r.method+" "+r.path)
	}
	return found
}
