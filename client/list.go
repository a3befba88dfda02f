package client

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"strings"

	"github.com/trueup-ledger/trueup/client/internal/codec"
	"github.com/trueup-ledger/trueup/client/internal/transport"
	"github.com/trueup-ledger/trueup/money"
)

// read reads an object.
func read[T any](ctx context.Context, c *Client, path string, query url.Values) (*T, error) {
	r, err := c.do(ctx, c.get(path, query))
	if err != nil {
		return nil, err
	}
	object := new(T)
	if err := unmarshal(r.Body, object, ""); err != nil {
		return nil, err
	}
	return object, nil
}

// list returns the objects of a list, page by page. key is the name of the array.
func list[T any](ctx context.Context, c *Client, path, key string, query url.Values) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for uri := c.root + path + "?" + query.Encode(); uri != ""; {
			p, err := readPage[T](ctx, c, key, uri)
			for _, object := range p.Objects {
				if !yield(object, nil) {
					return
				}
			}
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			uri = p.Next
		}
	}
}

// Page is a page of a list. Next is the URI of the next one, which is empty for the last.
type Page[T any] struct {
	Objects []T
	Next    string
}

// ReadPage reads the page with a URI: that of a next page, or for the first one the path below the
// account with a query, such as "/Actions?PageSize=50". key is the name of the array. It is for callers
// that keep their place in a list.
func ReadPage[T any](ctx context.Context, c *Client, key, uri string) (p Page[T], err error) {
	if !strings.HasPrefix(uri, "/Advertisers/") {
		uri = c.root + uri
	}
	return readPage[T](ctx, c, key, uri)
}

// readPage reads the page with a URI, which begins with the path of the account.
func readPage[T any](ctx context.Context, c *Client, key, uri string) (p Page[T], err error) {
	result, err := c.do(ctx, transport.Get(strings.TrimSuffix(uri, "?"), nil))
	if err != nil {
		return p, err
	}
	array, next, err := codec.Page(result.Body, key)
	if err == nil {
		err = codec.Decode(array, &p.Objects, "")
	}
	if err != nil {
		return Page[T]{}, fmt.Errorf("client: decode the response: %w", err)
	}
	p.Next = next
	return p, nil
}

// query returns the parameters of a filter.
func query(filter any) url.Values {
	values := make(url.Values)
	if err := encode(values, filter, "", ""); err != nil {
		panic(err) // no filter has an amount
	}
	return values
}

// encode sets the parameters for the fields of a struct. suffix is the number of an item.
func encode(dst url.Values, v any, suffix string, currency money.Currency) error {
	if err := codec.Encode(dst, v, suffix, currency); err != nil {
		return fmt.Errorf("client: %w", err)
	}
	return nil
}

// unmarshal decodes a response into v, which is a pointer.
func unmarshal(data []byte, v any, currency money.Currency) error {
	if err := codec.Decode(data, v, currency); err != nil {
		return fmt.Errorf("client: decode the response: %w", err)
	}
	return nil
}
