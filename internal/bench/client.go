package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Account is who speaks to the server, for an account of the ledger.
type Account struct{ SID, Token string }

// Server is a process that serves the ledger; its PID is 0 if unknown.
type Server struct {
	URL string
	PID int
}

// Client speaks to the servers that are measured, which have one ledger.
type Client struct {
	// Servers are where, Accounts are who.
	Servers  []Server
	Accounts []Account

	http http.Client
}

// NewClient answers a client with room for so many connections.
func NewClient(servers []Server, accounts []Account, connections int) *Client {
	room := connections + 2 // the watcher's, and that of lists
	transport := &http.Transport{MaxIdleConns: room, MaxIdleConnsPerHost: room}
	return &Client{Servers: servers, Accounts: accounts, http: http.Client{Transport: transport}}
}

// pids answers the servers' processes.
func (c *Client) pids() (pids []int) {
	for _, s := range c.Servers {
		pids = append(pids, s.PID)
	}
	return pids
}

// root answers where the server is that takes what has the number.
func (c *Client) root(number int) string {
	return strings.TrimSuffix(c.Servers[number%len(c.Servers)].URL, "/")
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
	req, err := http.NewRequestWithContext(ctx, r.method, c.root(r.account)+c.path(r), strings.NewReader(r.body))
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
