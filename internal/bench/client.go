package bench

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/trueup-ledger/trueup/internal/bench/rawhttp"
)

// Account holds the credentials for an account of the ledger.
type Account struct{ SID, Token string }

// Server is a process that serves the ledger. Its PID is 0 if unknown.
type Server struct {
	URL string
	PID int
}

// Client sends requests to one or more servers that share a ledger.
type Client struct {
	Servers  []Server
	Accounts []Account

	// authorizations holds the header field of each account.
	authorizations []string
	http           http.Client
}

// NewClient returns a client that keeps the given number of connections open.
func NewClient(servers []Server, accounts []Account, connections int) *Client {
	idle := connections + maxConcurrent + 1 // for drain and count, and for the watcher
	transport := &http.Transport{MaxIdleConns: idle, MaxIdleConnsPerHost: idle}
	c := &Client{Servers: servers, Accounts: accounts, http: http.Client{Transport: transport}}
	for _, a := range accounts {
		c.authorizations = append(c.authorizations, "Basic "+base64.StdEncoding.EncodeToString([]byte(a.SID+":"+a.Token)))
	}
	return c
}

// pids returns the process ids of the servers.
func (c *Client) pids() (pids []int) {
	for _, s := range c.Servers {
		pids = append(pids, s.PID)
	}
	return pids
}

// root returns the base URL of a server. The number of a connection or account selects the
// server, modulo the number of servers.
func (c *Client) root(number int) string {
	return strings.TrimSuffix(c.Servers[number%len(c.Servers)].URL, "/")
}

// Close closes the idle connections. Otherwise a server that shuts down would wait for those
// that have not sent a request yet.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// request is a request of an account. path is below the account's root, or a full Uri
// from a response.
type request struct {
	account                     int
	method, path, content, body string
	// wait asks the server to respond when the submission is complete.
	wait bool
}

// prefer returns the field Prefer of the header.
func (r request) prefer() string {
	if r.wait {
		return "wait=30"
	}
	return ""
}

const formType = "application/x-www-form-urlencoded"

// path returns the full path of a request.
func (c *Client) path(r request) string {
	if root := "/Advertisers/" + c.Accounts[r.account].SID; !strings.HasPrefix(r.path, root+"/") {
		return root + r.path
	}
	return r.path
}

// open sends a request and returns the response, regardless of its status.
func (c *Client) open(ctx context.Context, r request) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, r.method, c.root(r.account)+c.path(r), strings.NewReader(r.body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", c.authorizations[r.account])
	req.Header.Set("Accept", "application/json")
	for name, value := range map[string]string{"Content-Type": r.content, "Prefer": r.prefer()} {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	return c.http.Do(req)
}

// do sends a request and decodes the JSON response. If the status is not 200, it returns a
// *statusError.
func (c *Client) do(ctx context.Context, r request, response any) error {
	resp, err := c.open(ctx, r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	return r.decode(resp.StatusCode, body, response)
}

// doOn is like do, but sends the request on conn unless conn is nil.
func (c *Client) doOn(ctx context.Context, conn *rawhttp.Conn, r request, response any) error {
	if conn == nil {
		return c.do(ctx, r, response)
	}
	status, body, err := conn.Do(ctx, rawhttp.Request{
		Method: r.method, Path: c.path(r), Authorization: c.authorizations[r.account], ContentType: r.content, Prefer: r.prefer(), Body: r.body,
	})
	if err != nil {
		return fmt.Errorf("%s %s: %w", r.method, r.path, err)
	}
	return r.decode(status, body, response)
}

// decode decodes the JSON body of a response to the request.
func (r request) decode(status int, body []byte, response any) error {
	if status != http.StatusOK {
		return &statusError{r.method, r.path, status, string(body)}
	}
	return json.Unmarshal(body, response)
}

// statusError reports a response with a status other than 200.
type statusError struct {
	method, path string
	status       int
	body         string
}

func (e *statusError) Error() string {
	return fmt.Sprintf("%s %s: status %d: %.300s", e.method, e.path, e.status, e.body)
}

func (c *Client) get(ctx context.Context, account int, path string, response any) error {
	return c.do(ctx, request{account: account, method: http.MethodGet, path: path}, response)
}
