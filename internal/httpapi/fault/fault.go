// Package fault describes the faults that --emulate injects into responses.
package fault

import (
	"net/http"
	"time"
)

// Request describes a request for a [Func].
type Request struct {
	// Method is the method after any override by a parameter. Path is the escaped path
	// below the account's root, without a suffix.
	Method, Path string
	// Order is the order id in the parameters, or "".
	Order string
}

// Fault is a fault to inject into a request.
type Fault struct {
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

// Func returns the fault to inject into a request, and whether there is one.
type Func func(Request) (Fault, bool)

// DelayedWriter delays the start of a response.
type DelayedWriter struct {
	http.ResponseWriter
	// Delay waits, or returns an error if the caller has disconnected.
	Delay func() error
}

// WriteHeader waits and then starts the response. If the caller disconnects in the
// meantime, it closes the connection.
func (w *DelayedWriter) WriteHeader(status int) {
	if w.Delay() != nil {
		panic(http.ErrAbortHandler)
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap returns the underlying ResponseWriter, for http.ResponseController.
func (w *DelayedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
