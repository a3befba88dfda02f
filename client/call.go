package client

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/trueup-ledger/trueup/client/internal/transport"
)

// Request is a request for an endpoint without a method of its own.
type Request struct {
	// Method is the HTTP method. The default is GET.
	Method string
	// Path is below [Options.BaseURL] and escaped. It begins with one slash and may have a query.
	Path string
	// Body is sent as JSON, unless it is nil.
	Body any
	// Repeatable reports whether sending the request twice has the effect of sending it once, as
	// that of a GET has. A request that is not repeatable has an idempotency key.
	Repeatable bool

	WriteOptions
}

// Call sends a request and returns the body of the response.
func (c *Client) Call(ctx context.Context, r Request) (json.RawMessage, error) {
	result, err := c.call(ctx, r, false)
	return result.Body, err
}

// Download sends a request and returns the body of the response as it is read. The caller must
// close it.
func (c *Client) Download(ctx context.Context, r Request) (io.ReadCloser, error) {
	result, err := c.call(ctx, r, true)
	return result.Stream, err
}

func (c *Client) call(ctx context.Context, r Request, stream bool) (transport.Response, error) {
	method := cmp.Or(r.Method, http.MethodGet)
	t := transport.Request{
		Method: method, Path: r.Path, Header: make(http.Header), Stream: stream, Safe: r.Repeatable || method == http.MethodGet,
	}
	if r.Body != nil {
		body, err := json.Marshal(r.Body)
		if err != nil {
			return transport.Response{}, fmt.Errorf("client: %w", err)
		}
		t.SetBody(string(body), "application/json")
	}
	if !t.Safe {
		c.addOptions(&t, r.WriteOptions)
	}
	return c.do(ctx, t)
}
