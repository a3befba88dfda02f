package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/trueup-ledger/trueup/internal/bench/rawhttp"
)

// Intervals of polling the status of a submission, of one of the single callers beside a load,
// and of a file.
const (
	pollInterval       = time.Millisecond
	callerPollInterval = 5 * time.Millisecond
	filePollInterval   = 20 * time.Millisecond
)

// complete is the status of a submission that was applied or rejected, and of a file all of
// whose rows were.
const complete = "Complete"

// waitComplete polls a submission or a file until it is complete. It uses conn unless conn
// is nil.
func (c *Client) waitComplete(ctx context.Context, conn *rawhttp.Conn, account int, uri string, interval time.Duration) error {
	for {
		var s struct{ Status string }
		if err := c.doOn(ctx, conn, request{account: account, method: http.MethodGet, path: uri}, &s); err != nil {
			return err
		}
		if s.Status == complete {
			return nil
		}
		if err := waitUntil(ctx, time.Now().Add(interval)); err != nil {
			return err
		}
	}
}

// maxConcurrent bounds the number of accounts that eachAccount polls concurrently.
const maxConcurrent = 16

// eachAccount calls f for each account, several at a time, and returns the first error.
func (c *Client) eachAccount(ctx context.Context, f func(ctx context.Context, account int) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(maxConcurrent)
	for account := range c.Accounts {
		group.Go(func() error { return f(ctx, account) })
	}
	return group.Wait()
}

// drain blocks until the newest submission of every account is complete.
func (c *Client) drain(ctx context.Context) error {
	return c.eachAccount(ctx, func(ctx context.Context, account int) error {
		var newest struct {
			APISubmission []struct {
				URI    string `json:"Uri"`
				Status string
			}
		}
		if err := c.get(ctx, account, "/APISubmissions?PageSize=1", &newest); err != nil {
			return err
		}
		for _, s := range newest.APISubmission {
			if s.Status != complete {
				return c.waitComplete(ctx, nil, account, s.URI, pollInterval)
			}
		}
		return nil
	})
}

// count returns the number of submissions of all accounts that match the filter.
func (c *Client) count(ctx context.Context, filter string) (int64, error) {
	var sum atomic.Int64
	err := c.eachAccount(ctx, func(ctx context.Context, account int) error {
		var list struct {
			Total json.Number `json:"@total"` // a string in some versions
		}
		if err := c.get(ctx, account, "/APISubmissions?PageSize=1&"+filter, &list); err != nil {
			return err
		}
		n, err := list.Total.Int64()
		if err != nil {
			return fmt.Errorf("the total of submissions: %w", err)
		}
		sum.Add(n)
		return nil
	})
	return sum.Load(), err
}
