package bench

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

// List is how a page of actions was read.
type List struct {
	// Bytes is the size of the answer.
	Bytes int64 `json:"bytes"`
	// FirstByte and Whole are from the request on.
	FirstByte Millis `json:"first_byte_ms"`
	Whole     Millis `json:"whole_ms"`
	// Growth is how much the server's peak of resident memory rose by it.
	Growth int64 `json:"growth_bytes"`
}

// pageOf is how many actions a listed page asks for, spreadDays over how many days
// before now [Prepare] put them, and maxDays how many a list may cover.
const (
	pageOf     = 20_000
	spreadDays = 60
	maxDays    = 45
)

// ReadList reads a page of 20,000 actions of the first account, which has so many.
func ReadList(ctx context.Context, c *Client, actions int, now time.Time) (*List, error) {
	query := span(now, min(maxDays, 1+pageOf*5/4*spreadDays/max(actions, 1)))
	query.Set("PageSize", fmt.Sprint(pageOf))
	_, before := memory(c.Servers[0].PID)
	begin := time.Now()
	resp, err := c.open(ctx, request{method: http.MethodGet, path: "/Actions.json?" + query.Encode()})
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("GET Actions: status %d", resp.StatusCode)
	}
	if _, err := io.CopyN(io.Discard, resp.Body, 1); err != nil {
		return nil, err
	}
	l := List{FirstByte: Millis(time.Since(begin))}
	n, err := io.Copy(io.Discard, resp.Body)
	if err != nil {
		return nil, err
	}
	_, after := memory(c.Servers[0].PID)
	l.Bytes, l.Whole, l.Growth = 1+n, Millis(time.Since(begin)), after-before
	return &l, nil
}
