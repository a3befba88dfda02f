package client

import "context"

// Health returns an error unless the server runs. It is not sent again.
func (c *Client) Health(ctx context.Context) error { return c.probe(ctx, "/healthz") }

// Ready returns an error unless the server can read and write its store. It is not sent again.
func (c *Client) Ready(ctx context.Context) error { return c.probe(ctx, "/readyz") }

func (c *Client) probe(ctx context.Context, path string) error {
	r := get(path, nil)
	r.absolute = true
	_, err := c.send(ctx, r)
	return err
}

// Document returns the OpenAPI document of the server as JSON.
func (c *Client) Document(ctx context.Context) ([]byte, error) {
	r := get("/openapi.json", nil)
	r.absolute = true
	result, err := c.do(ctx, r)
	return result.body, err
}
