package httpapi

import (
	"errors"
	"iter"
	"net/http"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/wire"
)

const (
	// flushAt is how much of a list is gathered before it is sent on.
	flushAt = 32 << 10
	// slowest is how long a reader may take for one such piece: a list holds a
	// snapshot of the store while it is read.
	slowest = 30 * time.Second
	// longest is how long the reader of an answer may take in all.
	longest = 3 * time.Minute
)

// encoder answers what writes the call's answers.
func (c *call) encoder() *wire.Encoder {
	return &wire.Encoder{Format: c.format, Version: c.version, SID: c.token.SID, Now: c.now, Reference: c.reference}
}

// object answers with a single object.
func (c *call) object(encode func(e *wire.Encoder, dst []byte) []byte) error {
	e := c.encoder()
	return c.write(e.AppendTail(encode(e, e.AppendHead(nil))))
}

// list answers with a page, object by object as they are read. An error cuts the answer
// short once a piece of it is sent, and is an answer of its own before.
func list[T any](c *call, l wire.List, objects iter.Seq2[T, error], encode func(*wire.Encoder, []byte, T) []byte) error {
	if l.Page.Most > 0 && l.Found.Total > l.Page.Most {
		return wire.TooMany(l.Page)
	}
	l.Path = c.path
	e := c.encoder()
	buf := e.AppendListHead(make([]byte, 0, flushAt+flushAt/4), l)
	first := true
	for object, err := range objects {
		if err != nil {
			return c.cut(err)
		}
		if !first {
			buf = e.AppendNext(buf)
		}
		first = false
		if buf = encode(e, buf, object); len(buf) >= flushAt {
			if err := c.sendOK(buf); err != nil {
				return c.cut(err)
			}
			buf = buf[:0]
		}
	}
	return c.cut(c.sendOK(e.AppendListTail(buf, l)))
}

// sendOK sends a piece of an answer that is 200, which it begins if need be.
func (c *call) sendOK(piece []byte) error {
	if !c.begun {
		c.header(http.StatusOK)
	}
	return c.send(piece)
}

// send writes a piece of an answer, within the time that a reader has for one.
func (c *call) send(piece []byte) error {
	now := time.Now()
	if c.until.IsZero() {
		c.until = now.Add(longest)
	}
	deadline := now.Add(slowest)
	if deadline.After(c.until) {
		deadline = c.until
	}
	err := http.NewResponseController(c.w).SetWriteDeadline(deadline)
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	_, err = c.w.Write(piece)
	return err
}

// short answers with a page of a list that is held whole.
func short[T any](c *call, of wire.Collection, q wire.ReferenceQuery, all []T, encode func(*wire.Encoder, []byte, T) []byte) error {
	from, to, found := wire.Slice(q.Page, len(all))
	objects := func(yield func(T, error) bool) {
		for object := range slices.Values(all[from:to]) {
			if !yield(object, nil) {
				return
			}
		}
	}
	return list(c, wire.List{Collection: of, Filters: q.Filters, Page: q.Page, Found: found}, objects, encode)
}
