package httpapi

import (
	"net/http"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/httpapi/fault"
	"github.com/trueup-ledger/trueup/internal/principal"
	"github.com/trueup-ledger/trueup/internal/wire"
)

// Emulate turns on the emulation mode. The API then enforces the documented limits of the
// Brand API, and injects faults into requests that were authenticated and decoded. Emulate
// must be called before the first request.
func (a *API) Emulate(faults fault.Func) {
	a.documentedLimits, a.limit = true, documentedLimit
	a.respond = func(c *call, method, path string) error {
		if _, internal := principal.From(c.r.Context()); internal {
			return a.dispatch(c, method, path)
		}
		_, below, _ := strings.Cut(strings.TrimPrefix(path, "/"+brand+"/"), "/")
		f, matched := faults(fault.Request{Method: method, Path: "/" + below, Order: c.params.OrderID()})
		if !matched {
			return a.dispatch(c, method, path)
		}
		c.api.log.Info("fault injected", "rule", f.Rule, "request", c.id, "method", method, "path", c.r.URL.Path,
			"delay", f.Delay, "drop", f.Drop, "status", f.Status, "after", f.After)
		c.w.Header().Set(wire.InjectedFaultHeader, f.Rule)
		return c.inject(f, func() error { return a.dispatch(c, method, path) })
	}
}

// inject injects the fault before or after work, which serves the request.
func (c *call) inject(f fault.Fault, work func() error) error {
	onlyDelay := !f.Drop && f.Status == 0
	switch {
	case f.After && onlyDelay:
		c.w = &fault.DelayedWriter{ResponseWriter: c.w, Delay: func() error { return c.delay(f.Delay) }}
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
	defer func() { c.w, c.started, c.status, c.deadline = w, false, 0, time.Time{} }()
	if err := work(); err != nil {
		c.handleError(err)
	}
}

// delay waits for d, or until the caller disconnects.
func (c *call) delay(d time.Duration) error { return fault.Wait(c.r.Context(), c.w, d, chunkTimeout) }

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
