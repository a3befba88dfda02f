package admin

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"strconv"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/client/internal/codec"
	"github.com/trueup-ledger/trueup/client/internal/transport"
	"github.com/trueup-ledger/trueup/money"
)

// Call sends a request for an endpoint without a method of its own, and returns the body of the
// response. [client.Request.Path] is below [Options.BaseURL].
func (c *Client) Call(ctx context.Context, r client.Request) (json.RawMessage, error) {
	return c.client.Call(ctx, r)
}

// accountPath returns the path of an object of an account.
func accountPath(account int, segments ...string) string {
	return transport.Path(append([]string{"accounts", strconv.Itoa(account)}, segments...)...)
}

// withQuery returns a path with the parameters of a filter.
func withQuery(path string, filter any) string {
	if query := parameters(filter); len(query) > 0 {
		path += "?" + query.Encode()
	}
	return path
}

// parameters returns the parameters of a filter.
func parameters(filter any) url.Values {
	query := make(url.Values)
	if err := codec.Encode(query, filter, "", ""); err != nil {
		panic(err) // no filter has an amount
	}
	return query
}

// read reads an object.
func read[T any](ctx context.Context, c *Client, path string) (*T, error) {
	return send[T](ctx, c, client.Request{Path: path})
}

// post sends a write with a body that has the fields of in, which is a struct, and the reason.
// Amounts are in the given currency.
func post[T any](ctx context.Context, c *Client, path string, in any, currency money.Currency, o WriteOptions) (*T, error) {
	r, err := newPost(path, in, currency, o)
	if err != nil {
		return nil, err
	}
	return send[T](ctx, c, r)
}

// repeat is like post for a request that takes no idempotency key.
func repeat[T any](ctx context.Context, c *Client, path string, in any, o WriteOptions) (*T, error) {
	r, err := newPost(path, in, "", o)
	if err != nil {
		return nil, err
	}
	r.Repeatable = true
	return send[T](ctx, c, r)
}

func newPost(path string, in any, currency money.Currency, o WriteOptions) (client.Request, error) {
	body, err := codec.Object(in, currency)
	if err != nil {
		return client.Request{}, fmt.Errorf("admin: %w", err)
	}
	if o.Reason != "" {
		body["reason"] = o.Reason
	}
	return client.Request{
		Method: http.MethodPost, Path: path, Body: body, WriteOptions: client.WriteOptions{IdempotencyKey: o.IdempotencyKey},
	}, nil
}

// send sends a request and decodes the object in the response.
func send[T any](ctx context.Context, c *Client, r client.Request) (*T, error) {
	body, err := c.client.Call(ctx, r)
	if err != nil {
		return nil, err
	}
	object := new(T)
	return object, decode(body, object)
}

// decode decodes a JSON value into v, which is a pointer.
func decode(data []byte, v any) error {
	if err := codec.Decode(data, v, ""); err != nil {
		return fmt.Errorf("admin: decode the response: %w", err)
	}
	return nil
}

// Collection returns the objects of a list as they were sent, page by page, such as those of
// "/accounts/1/invoices" with the key "invoices", which is the name of the array. The query has the
// parameters of the list. A page in it is the first one.
func (c *Client) Collection(ctx context.Context, path, key string, query url.Values) iter.Seq2[json.RawMessage, error] {
	return pages[json.RawMessage](ctx, c, path, key, query)
}

// Object returns an object as it was sent, such as "/accounts/1/invoices/10001-7".
func (c *Client) Object(ctx context.Context, path string) (json.RawMessage, error) {
	return c.client.Call(ctx, client.Request{Path: path})
}

// list returns the objects of a list that match a filter.
func list[T any](ctx context.Context, c *Client, path, key string, filter any) iter.Seq2[T, error] {
	return pages[T](ctx, c, path, key, parameters(filter))
}

// pages returns the objects of a list, page by page. key is the name of the array.
func pages[T any](ctx context.Context, c *Client, path, key string, first url.Values) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		query, count := maps.Clone(first), 0
		if query == nil {
			query = url.Values{}
		}
		number, err := strconv.Atoi(cmp.Or(query.Get("page"), "1"))
		if err != nil {
			number = 1 // the server reports it
		}
		for ; query != nil; number++ {
			objects, next, err := page[T](ctx, c, path, key, query)
			for _, object := range objects {
				if !yield(object, nil) {
					return
				}
			}
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			count += len(objects)
			query = next.after(query, number, count)
			if len(objects) == 0 {
				return
			}
		}
	}
}

// pageInfo describes how a list goes on. A list has numbered pages and the Total of its objects,
// the URL of the Next page, or a single page.
type pageInfo struct {
	Total int    `wire:"total"`
	Next  string `wire:"next"`
}

// after returns the parameters of the page after the one with the number and the parameters, or
// nil if count objects are all. Of a URL it uses only the parameters, as the server may have
// another address for the caller than for itself.
func (p pageInfo) after(query url.Values, number, count int) url.Values {
	if next, err := url.Parse(p.Next); err == nil && p.Next != "" {
		return next.Query()
	}
	if count >= p.Total {
		return nil
	}
	query.Set("page", strconv.Itoa(number+1))
	return query
}

// page reads a page.
func page[T any](ctx context.Context, c *Client, path, key string, query url.Values) (objects []T, next pageInfo, err error) {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	body, err := c.client.Call(ctx, client.Request{Path: path})
	if err != nil {
		return nil, next, err
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil {
		return nil, next, fmt.Errorf("admin: decode the response: %w", err)
	}
	array, found := members[key]
	if !found {
		return nil, next, fmt.Errorf("admin: the response has no %s", key)
	}
	if err := decode(array, &objects); err != nil {
		return nil, next, err
	}
	err = decode(body, &next)
	return objects, next, err
}

// Page is a page of a list, for callers that keep their place in it. Total is the number of objects on
// all pages.
type Page[T any] struct {
	Objects []T
	Total   int
}

// numbered reads the page with a number of a list whose pages are numbered.
func numbered[T any](ctx context.Context, c *Client, path, key string, filter any, number int) (Page[T], error) {
	query := parameters(filter)
	query.Set("page", strconv.Itoa(number))
	objects, info, err := page[T](ctx, c, path, key, query)
	return Page[T]{objects, info.Total}, err
}

// download returns the body of a response. The caller must close it.
func download(ctx context.Context, c *Client, path string, filter any) (io.ReadCloser, error) {
	return c.client.Download(ctx, client.Request{Path: withQuery(path, filter)})
}
