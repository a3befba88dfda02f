package httpapi

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/wire"
)

// FaultRequest describes a request for a [FaultFunc].
type FaultRequest struct {
	// Method is the method after any override by a parameter. Path is the escaped path
	// below the account's root, without a suffix.
	Method, Path string
	// Order is the order id in the parameters, or "".
	Order string
}

// InjectedFault is a fault to inject into a request.
type InjectedFault struct {
	// Rule is the name of the rule that injects the fault.
	Rule string
	// Delay is the pause before the rest of the fault.
	Delay time.Duration
	// Drop closes the connection without a response. Status, if not 0, is the status of
	// the response: 429, 500 or 503. Without either the response is unchanged.
	Drop   bool
	Status int
	// After injects the fault after the request took effect, in place of its response.
	// Otherwise the request has no effect, unless only Delay is set.
	After bool
}

// FaultFunc returns the fault to inject into a request, and whether there is one.
type FaultFunc func(FaultRequest) (InjectedFault, bool)

// Emulate turns on the emulation mode. The API then enforces the documented limits of the
// Brand API, and injects faults into requests that were authenticated and decoded. Emulate
// must be called before the first request.
func (a *API) Emulate(faults FaultFunc) {
	a.documentedLimits, a.limit = true, documentedLimit
	a.respond = func(c *call, method, path string) error {
		_, below, _ := strings.Cut(strings.TrimPrefix(path, "/"+brand+"/"), "/")
		fault, matched := faults(FaultRequest{Method: method, Path: "/" + below, Order: c.params.OrderID()})
		if !matched {
			return a.dispatch(c, method, path)
		}
		c.api.log.Info("fault injected", "rule", fault.Rule, "request", c.id, "method", method, "path", c.r.URL.Path,
			"delay", fault.Delay, "drop", fault.Drop, "status", fault.Status, "after", fault.After)
		c.w.Header().Set(wire.InjectedFaultHeader, fault.Rule)
		return c.inject(fault, func() error { return a.dispatch(c, method, path) })
	}
}

// inject injects the fault before or after work, which serves the request.
func (c *call) inject(f InjectedFault, work func() error) error {
	onlyDelay := !f.Drop && f.Status == 0
	switch {
	case f.After && onlyDelay:
		c.w = &delayedWriter{ResponseWriter: c.w, delay: func() error { return c.delay(f.Delay) }}
		return work()
	case f.After:
		c.discardResponse(work)
	}
	if err := c.delay(f.Delay); err != nil {
		return err
	}
	switch {
	case f.Drop:
		panic(http.ErrAbortHandler)
	case onlyDelay:
		return work()
	case f.Status == http.StatusTooManyRequests:
		c.writeRateLimited()
	default:
		c.writeInternalError(f.Status)
	}
	return nil
}

// discardResponse calls work and discards the response.
func (c *call) discardResponse(work func() error) {
	w := c.w
	c.w = &headerRecorder{header: make(http.Header)}
	defer func() { c.w, c.started, c.deadline = w, false, time.Time{} }()
	if err := work(); err != nil {
		c.handleError(err)
	}
}

// delay waits for d, or until the caller disconnects.
func (c *call) delay(d time.Duration) error {
	if d <= 0 {
		return nil
	}
	err := http.NewResponseController(c.w).SetWriteDeadline(time.Now().Add(d + chunkTimeout))
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

// writeRateLimited writes the response for an exceeded rate limit. The window ends in one
// second, so that tests of a client don't wait for an hour.
func (c *call) writeRateLimited() {
	const soon = "1"
	header := c.w.Header()
	header.Set("X-RateLimit-Remaining", "0")
	header.Set("X-RateLimit-Reset", soon)
	header.Set("Retry-After", soon)
	c.writeError(errRateLimited)
}

// delayedWriter delays the start of a response.
type delayedWriter struct {
	http.ResponseWriter
	delay func() error
}

// WriteHeader waits and then starts the response. If the caller disconnects in the
// meantime, it closes the connection.
func (w *delayedWriter) WriteHeader(status int) {
	if w.delay() != nil {
		panic(http.ErrAbortHandler)
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap returns the underlying ResponseWriter, for http.ResponseController.
func (w *delayedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
