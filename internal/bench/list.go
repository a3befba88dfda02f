package bench

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/trueup-ledger/trueup/internal/bench/procstat"
)

// List holds the measurements of a large page of actions.
type List struct {
	// Bytes is the size of the response.
	Bytes int64 `json:"bytes"`
	// FirstByte and Total are the times from the request to the first and the last byte.
	FirstByte Millis `json:"first_byte_ms"`
	Total     Millis `json:"whole_ms"`
	// MemoryGrowth is the increase of the server's peak resident memory.
	MemoryGrowth int64 `json:"growth_bytes"`
}

// listPageSize is the page size of the list. [Prepare] spreads the actions over the last
// spreadDays, but a list may cover at most maxListDays.
const (
	listPageSize = 20_000
	spreadDays   = 60
	maxListDays  = 45
)

// ReadList reads a page of up to 20,000 actions of the first account and measures it. actions
// is the number of actions of the account.
func ReadList(ctx context.Context, c *Client, actions int, now time.Time) (*List, error) {
	query := dateRange(now, min(maxListDays, 1+listPageSize*5/4*spreadDays/max(actions, 1)))
	query.Set("PageSize", fmt.Sprint(listPageSize))
	_, before := procstat.Memory(c.Servers[0].PID)
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
	_, after := procstat.Memory(c.Servers[0].PID)
	l.Bytes, l.Total, l.MemoryGrowth = 1+n, Millis(time.Since(begin)), after-before
	return &l, nil
}
