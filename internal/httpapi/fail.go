package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

// errNoResource answers paths that are no resource, and objects that are not there.
var errNoResource = &wire.Error{Status: http.StatusNotFound, Message: "There is no such resource"}

// fail answers an error: the one place where errors become statuses. A refusal
// and an error of the wire are told to the caller as they are; a failure is told
// by the request's id alone, and its cause is in the log.
func (c *call) fail(err error) {
	var told *wire.Error
	var refusal *ledger.Rejection
	var unusable store.UnusableFile
	switch {
	case errors.As(err, &told):
		c.answer(told)
	case errors.As(err, &unusable):
		c.answer(wire.Invalid(wire.Fault{Field: wire.FileField, Message: string(unusable)}))
	case errors.As(err, &refusal):
		c.answer(wire.Refused(c.params, refusal))
	case errors.Is(err, store.ErrBusy):
		c.w.Header().Set("Retry-After", "1")
		c.answer(&wire.Error{Status: http.StatusServiceUnavailable, Message: "Too much is waiting to be accepted; send it again later"})
	case errors.Is(err, store.ErrKeyReused):
		c.answer(&wire.Error{Status: http.StatusConflict, Message: "This " + wire.KeyHeader + " was given to another request; give this one a key of its own"})
	case errors.Is(err, ledger.ErrNotFound):
		c.answer(errNoResource)
	case errors.Is(err, context.Canceled) && c.r.Context().Err() != nil:
		panic(http.ErrAbortHandler) // the caller is gone
	default:
		c.api.log.Error("request failed", "request", c.id, "method", c.r.Method, "path", c.r.URL.Path, "error", err)
		c.internal(http.StatusServiceUnavailable)
	}
}

// internal answers a failure: 500 for a panic, and 503 for everything else, which
// comes from the store.
func (c *call) internal(status int) {
	if c.begun {
		panic(http.ErrAbortHandler)
	}
	message := "Something went wrong here"
	if status == http.StatusServiceUnavailable {
		message = "Storage is away; try again"
		c.w.Header().Set("Retry-After", "1")
	}
	c.answer(&wire.Error{Status: status, Message: fmt.Sprintf("%s (request %s)", message, c.id)})
}

func (c *call) answer(e *wire.Error) {
	if c.begun {
		panic(http.ErrAbortHandler)
	}
	encode := c.encoder().AppendError
	if c.conversions {
		encode = c.encoder().AppendConversionError
	}
	c.header(e.Status)
	if err := c.send(encode(nil, e)); err != nil {
		c.api.log.Debug("answer not taken", "request", c.id, "error", err)
	}
}
