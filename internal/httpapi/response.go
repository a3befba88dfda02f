package httpapi

import (
	"errors"
	"iter"
	"net/http"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/query"
)

const (
	// chunkSize is the number of bytes of a list that are buffered before they are sent.
	chunkSize = 32 << 10
	// chunkTimeout is the time that a caller has to read one chunk. It is bounded because
	// a list keeps a snapshot of the store open while it is written.
	chunkTimeout = 30 * time.Second
	// responseTimeout is the time that a caller has to read a whole response.
	responseTimeout = 3 * time.Minute
)

// encoder returns an encoder for the call's responses.
func (c *call) encoder() *encode.Encoder {
	return &encode.Encoder{Format: c.format, Version: c.version, SID: c.token.SID, Now: c.now, Reference: c.reference}
}

// writeObject writes a response with a single object. Parameters of the request that no
// decoder has read are errors for a strict token.
func (c *call) writeObject(appendTo func(e *encode.Encoder, dst []byte) []byte) error {
	if err := wire.CheckNoParameters(c.params, wire.Env{Strict: c.token.Strict}); err != nil {
		return err
	}
	e := c.encoder()
	return c.writeBody(e.AppendTail(appendTo(e, e.AppendHead(nil))))
}

// serveList writes a page of the objects that match the filter in the parameters.
func serveList[Filter, T any](
	c *call, collection encode.Collection,
	decode func(*wire.Params, wire.Env) (query.List[Filter], error),
	read func(store.Reader, Filter, search.Page) (search.PageInfo, iter.Seq2[T, error], error),
	appendTo func(*encode.Encoder, []byte, T) []byte,
) error {
	q, err := decode(c.params, c.env())
	if err != nil {
		return err
	}
	return c.readStore(func(r store.Reader) error {
		info, objects, err := read(r, q.Filter, q.Page)
		if err != nil {
			return err
		}
		return writeList(c, encode.List{Collection: collection, Filters: q.Filters, Page: q.Page, Info: info}, objects, appendTo)
	})
}

// serveObject writes the object that read returns. It does so outside of the snapshot, which
// a slow client would keep open.
func serveObject[T any](c *call, read func(store.Reader) (T, error), appendTo func(*encode.Encoder, []byte, T) []byte) error {
	var object T
	err := c.readStore(func(r store.Reader) (err error) {
		object, err = read(r)
		return err
	})
	if err != nil {
		return err
	}
	return c.writeObject(func(e *encode.Encoder, dst []byte) []byte { return appendTo(e, dst, object) })
}

// writeList writes a page of a list in chunks while it is read. It returns an error that
// occurs before the first chunk is sent. A later error aborts the response.
func writeList[T any](c *call, l encode.List, objects iter.Seq2[T, error], appendTo func(*encode.Encoder, []byte, T) []byte) error {
	if l.Page.MaxTotal > 0 && l.Info.Total > l.Page.MaxTotal {
		return wire.TooManyResults(l.Page)
	}
	l.Path = c.path
	e := c.encoder()
	buf := e.AppendListHead(make([]byte, 0, chunkSize+chunkSize/4), l)
	first := true
	for object, err := range objects {
		if err != nil {
			return c.abort(err)
		}
		if !first {
			buf = e.AppendSeparator(buf)
		}
		first = false
		if buf = appendTo(e, buf, object); len(buf) >= chunkSize {
			if err := c.writeListChunk(buf); err != nil {
				return c.abort(err)
			}
			buf = buf[:0]
		}
	}
	return c.abort(c.writeListChunk(e.AppendListTail(buf, l)))
}

// writeListChunk writes a chunk of a response with status 200, after the header if that is
// not written yet.
func (c *call) writeListChunk(chunk []byte) error {
	if !c.started {
		c.writeHeader(http.StatusOK)
	}
	return c.writeChunk(chunk)
}

// writeChunk writes a chunk of a response within chunkTimeout and responseTimeout.
func (c *call) writeChunk(chunk []byte) error {
	now := time.Now()
	if c.deadline.IsZero() {
		c.deadline = now.Add(responseTimeout)
	}
	deadline := now.Add(chunkTimeout)
	if deadline.After(c.deadline) {
		deadline = c.deadline
	}
	err := http.NewResponseController(c.w).SetWriteDeadline(deadline)
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	_, err = c.w.Write(chunk)
	return err
}

// writePage writes a page of a list that is in memory.
func writePage[T any](c *call, collection encode.Collection, q query.Reference, all []T, appendTo func(*encode.Encoder, []byte, T) []byte) error {
	from, to, info := query.Bounds(q.Page, len(all))
	objects := func(yield func(T, error) bool) {
		for _, object := range all[from:to] {
			if !yield(object, nil) {
				return
			}
		}
	}
	return writeList(c, encode.List{Collection: collection, Filters: q.Filters, Page: q.Page, Info: info}, objects, appendTo)
}
