package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// Account is who speaks to the server, for an account of the ledger.
type Account struct{ SID, Token string }

// Client speaks to the server that is measured.
type Client struct {
	// URL is where, Accounts are who.
	URL      string
	Accounts []Account
	// PID is the server's process, 0 if unknown.
	PID int

	http http.Client
}

// NewClient answers a client with room for so many connections.
func NewClient(url string, accounts []Account, pid, connections int) *Client {
	room := connections + 2 // the watcher's, and that of lists
	transport := &http.Transport{MaxIdleConns: room, MaxIdleConnsPerHost: room}
	return &Client{URL: strings.TrimSuffix(url, "/"), Accounts: accounts, PID: pid, http: http.Client{Transport: transport}}
}

// Close closes the connections: a server that is stopped waits for those on which
// nothing was sent yet.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// request is one request of an account; path is below the account's root, or a
// whole Uri that an answer had.
type request struct {
	account                     int
	method, path, content, body string
}

const formType = "application/x-www-form-urlencoded"

// path answers a request's whole path.
func (c *Client) path(r request) string {
	if root := "/Advertisers/" + c.Accounts[r.account].SID; !strings.HasPrefix(r.path, root+"/") {
		return root + r.path
	}
	return r.path
}

// open sends a request and answers the response, whatever its status.
func (c *Client) open(ctx context.Context, r request) (*http.Response, error) {
	account := c.Accounts[r.account]
	req, err := http.NewRequestWithContext(ctx, r.method, c.URL+c.path(r), strings.NewReader(r.body))
	if err != nil {
		return nil, err
	}
	req.SetBasicAuth(account.SID, account.Token)
	req.Header.Set("Accept", "application/json")
	if r.body != "" {
		req.Header.Set("Content-Type", r.content)
	}
	return c.http.Do(req)
}

// do sends a request and reads a JSON answer; one that was not answered with 200
// is an error that has the status.
func (c *Client) do(ctx context.Context, r request, answer any) error {
	resp, err := c.open(ctx, r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	return r.answered(resp.StatusCode, body, answer)
}

// doOn is do on a line, if there is one.
func (c *Client) doOn(ctx context.Context, l *line, r request, answer any) error {
	if l == nil {
		return c.do(ctx, r, answer)
	}
	status, body, err := l.do(ctx, c.path(r), r)
	if err != nil {
		return fmt.Errorf("%s %s: %w", r.method, r.path, err)
	}
	return r.answered(status, body, answer)
}

func (r request) answered(status int, body []byte, answer any) error {
	if status != http.StatusOK {
		return &statusError{r.method, r.path, status, string(body)}
	}
	return json.Unmarshal(body, answer)
}

// statusError says that a request was not answered with 200.
type statusError struct {
	method, path string
	status       int
	body         string
}

// Error tells the request and what was answered.
func (e *statusError) Error() string {
	return fmt.Sprintf("%s %s: status %d: %.300s", e.method, e.path, e.status, e.body)
}

func (c *Client) get(ctx context.Context, account int, path string, answer any) error {
	return c.do(ctx, request{account: account, method: http.MethodGet, path: path}, answer)
}

// Pauses between two looks at a submission, and at a file, which takes long.
const (
	pollEvery     = time.Millisecond
	pollFileEvery = 20 * time.Millisecond
)

// complete is the status of what took effect or failed.
const complete = "Complete"

// await asks for a submission or a file every so often until it is complete.
func (c *Client) await(ctx context.Context, account int, uri string, every time.Duration) error {
	for {
		var s struct{ Status string }
		if err := c.get(ctx, account, uri, &s); err != nil {
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
					return c.await(ctx, account, s.URI, pollEvery)
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
