package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/httpapi/notfound"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// errNoPath is the error for a path that no account has.
var errNoPath = notfound.New("There is no such path: paths begin with /" + brand + "/ and the AccountSID")

// errNotFound is the error for an object that doesn't exist. [call.handleError] reports it
// like ledger.ErrNotFound.
var errNotFound = notfound.New("There is no such object")

// handleError writes the response for an error. It is the only place where errors are
// mapped to statuses. Rejections and wire errors are reported to the caller; all other
// errors are logged, and the response contains the request id only. Its status is 503 if the
// store is unavailable, and 500 if the program or the stored data is wrong.
func (c *call) handleError(err error) {
	var wireError *wire.Error
	var rejection *rejection.Rejection
	var unusable store.UnusableFileError
	switch {
	case errors.Is(err, errNotFound), errors.Is(err, ledger.ErrNotFound):
		c.writeError(notfound.Object(c.r, root))
	case errors.As(err, &wireError):
		c.writeError(wireError)
	case errors.As(err, &unusable):
		c.writeError(wire.Invalid(wire.FieldError{Field: wire.UploadField, Message: string(unusable)}))
	case errors.As(err, &rejection):
		c.writeError(wire.Rejected(c.params, rejection))
	case errors.As(err, new(*clockguard.Error)):
		c.w.Header().Set("Retry-After", "30")
		c.writeError(&wire.Error{Status: http.StatusServiceUnavailable, Message: "Writes are refused until the server's clock is right; send the request again later"})
	case errors.Is(err, store.ErrBusy):
		c.w.Header().Set("Retry-After", "1")
		c.writeError(&wire.Error{Status: http.StatusServiceUnavailable, Message: "The server is busy; send the request again later"})
	case errors.Is(err, store.ErrKeyReused):
		c.writeError(&wire.Error{Status: http.StatusConflict, Message: "This " + wire.IdempotencyKeyHeader + " was used for another request; use another key for this one"})
	case errors.Is(err, context.Canceled) && c.r.Context().Err() != nil:
		panic(http.ErrAbortHandler) // the caller has disconnected
	default:
		c.api.log.Error("request failed", "request", c.id, "method", c.r.Method, "path", c.r.URL.Path, "error", err)
		status := http.StatusInternalServerError
		if store.IsUnavailable(err) {
			status = http.StatusServiceUnavailable
		}
		c.writeInternalError(status)
	}
}

// writeInternalError writes the response for an internal error, with status 500 or, if
// the store is unavailable, 503.
func (c *call) writeInternalError(status int) {
	if c.started {
		panic(http.ErrAbortHandler)
	}
	message := "Internal error"
	if status == http.StatusServiceUnavailable {
		message = "The store is unavailable; try again"
		c.w.Header().Set("Retry-After", "1")
	}
	c.writeError(&wire.Error{Status: status, Message: fmt.Sprintf("%s (request %s)", message, c.id)})
}

// writeError writes an error response.
func (c *call) writeError(e *wire.Error) {
	if c.started {
		panic(http.ErrAbortHandler)
	}
	encode := c.encoder().AppendError
	if c.conversions {
		encode = c.encoder().AppendConversionError
	}
	c.writeHeader(e.Status)
	if err := c.writeChunk(encode(nil, e)); err != nil {
		c.api.log.Debug("writing response failed", "request", c.id, "error", err)
	}
}
