package httpapi

import (
	"io"
	"net/http"
	"time"

	"github.com/trueup-ledger/trueup/internal/paced"
	"github.com/trueup-ledger/trueup/internal/wire"
)

// Limits of the time that a caller has to send a body. A body that stalls must not hold a
// goroutine, memory or a slot for long.
var (
	bodyLimits   = paced.Limits{Stall: stallTime, Rate: minRate, Grace: stallTime, Total: 30 * time.Second}
	uploadLimits = paced.Limits{Stall: stallTime, Rate: minRate, Grace: stallTime, Total: 3 * time.Minute}
)

const (
	// stallTime is the longest time to wait for the next bytes.
	stallTime = 5 * time.Second
	// minRate is the minimum average rate in bytes per second.
	minRate = 1 << 10
)

// paced returns a reader of the request's body that enforces limits. Without a body, the
// server already waits for the end of the connection: a deadline would cancel the request's
// context when it passes.
func (c *call) paced(body io.Reader, l paced.Limits) io.Reader {
	if c.r.Body == nil || c.r.Body == http.NoBody {
		return body
	}
	return paced.NewReader(body, http.NewResponseController(c.w).SetReadDeadline, l)
}

// bodyTooSlow returns the error for a body that arrives too slowly. The connection is closed
// after the response.
func (c *call) bodyTooSlow() error {
	c.w.Header().Set("Connection", "close")
	return &wire.Error{
		Status:  http.StatusRequestTimeout,
		Message: "The request's body arrived too slowly; send at least 1 KiB per second, without pauses of 5 seconds",
	}
}
