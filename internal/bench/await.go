package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
)

// Pauses between two looks at a submission, and at a file, which takes long.
const (
	pollEvery     = time.Millisecond
	pollFileEvery = 20 * time.Millisecond
)

// complete is the status of what took effect or failed.
const complete = "Complete"

// await asks on a line, if there is one, for a submission or a file every so often
// until it is complete.
func (c *Client) await(ctx context.Context, l *line, account int, uri string, every time.Duration) error {
	for {
		var s struct{ Status string }
		if err := c.doOn(ctx, l, request{account: account, method: http.MethodGet, path: uri}, &s); err != nil {
			return err
		}
		if s.Status == complete {
			return nil
		}
		if err := until(ctx, time.Now().Add(every)); err != nil {
			return err
		}
	}
}

// askAtOnce is how many accounts are asked at the same time.
const askAtOnce = 16

// drain waits until the newest submission of every account is complete.
func (c *Client) drain(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(askAtOnce)
	for account := range c.Accounts {
		group.Go(func() error {
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
					return c.await(ctx, nil, account, s.URI, pollEvery)
				}
			}
			return nil
		})
	}
	return group.Wait()
}

// count answers how many submissions of all accounts a filter lets through.
func (c *Client) count(ctx context.Context, filter string) (sum int64, err error) {
	for account := range c.Accounts {
		var list struct {
			Total json.Number `json:"@total"` // a string in some versions
		}
		if err := c.get(ctx, account, "/APISubmissions?PageSize=1&"+filter, &list); err != nil {
			return 0, err
		}
		n, err := list.Total.Int64()
		if err != nil {
			return 0, fmt.Errorf("the total of submissions: %w", err)
		}
		sum += n
	}
	return sum, nil
}
