package client

import (
	"context"

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
