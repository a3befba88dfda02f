package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/trueup-ledger/trueup/client/internal/transport"
)

// Health returns an error unless the server runs. It is not sent again.
func (c *Client) Health(ctx context.Context) error { return c.probe(ctx, "/healthz") }

// Ready returns an error unless the server can read and write its store. It is not sent again.
func (c *Client) Ready(ctx context.Context) error { return c.probe(ctx, "/readyz") }

func (c *Client) probe(ctx context.Context, path string) error {
	r := transport.Get(path, nil)
	_, err := c.transport.Send(ctx, r)
	return describe(r, err)
}

// Document returns the OpenAPI document of the server as JSON.
func (c *Client) Document(ctx context.Context) ([]byte, error) {
	result, err := c.do(ctx, transport.Get("/openapi.json", nil))
	return result.Body, err
}

// Call sends a request for an endpoint without a method of its own, such as those of the admin API,
// and returns the body of the response. The path is below [Options.BaseURL] and escaped. It begins
// with one slash and may have a query. Unless it is nil, in is sent as JSON. Requests other than GET have an idempotency
// key.
func (c *Client) Call(ctx context.Context, method, path string, in any) (json.RawMessage, error) {
	r := transport.Request{Method: method, Path: path, Header: make(http.Header), Safe: method == http.MethodGet}
	if in != nil {
		body, err := json.Marshal(in)
		if err != nil {
			return nil, fmt.Errorf("client: %w", err)
		}
		r.SetBody(string(body), "application/json")
	}
	if !r.Safe {
		c.addOptions(&r, WriteOptions{})
	}
	result, err := c.do(ctx, r)
	return result.Body, err
}
