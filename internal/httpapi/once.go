package httpapi

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"net/http"
	"strings"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

// once has a write take effect once for its key. A write that was done already
// is answered as it was then, and never decoded again: what was right when it was
// sent first may be wrong by now. All others carry the key in c.key into the commit
// of the write, which looks again and remembers it. That is the part of an
// endpoint: c.accept does it for commands, and a write that takes effect at once
// gives c.key to the store and ends with c.done.
func (c *call) once(write endpoint) (err error) {
	if c.dry, err = wire.DryRun(c.params); err != nil {
		return err
	}
	if c.dry { // answered anew each time, whatever the key
		return write(c)
	}
	if err := c.readKey(); err != nil {
		return err
	}
	if c.key.Text == "" {
		return write(c)
	}
	first, err := c.api.store.Seen(c.r.Context(), c.token.Account, c.now, c.key)
	if errors.Is(err, ledger.ErrNotFound) {
		return write(c)
	}
	c.params = nil // as they are not decoded, nobody can say which of them are ignored
	if err != nil {
		return err
	}
	if id, is := strings.CutPrefix(first.Resource, filesPath+"/"); is {
		return c.queuedFile(id, true)
	}
	if first.Resource != "" {
		return c.done(first.Resource, true)
	}
	return c.queued(store.Accepted{Submission: first.Submission, Replayed: true})
}

// readKey takes the key from the request, and with it what tells the request from
// others: a hash that is keyed as that of an IP address is, since one may be in it.
func (c *call) readKey() error {
	text, err := wire.Key(c.r.Header.Values(wire.KeyHeader))
	if err != nil || text == "" {
		return err
	}
	secret, err := c.api.store.HashKey(c.r.Context(), c.token.Account)
	if err != nil {
		return err
	}
	path := strings.TrimPrefix(c.r.URL.Path, "/"+brand+"/"+c.token.SID)
	sum := hmac.New(sha256.New, secret)
	sum.Write(c.params.Canonical(c.r.Method, path))
	c.key = store.Key{Text: text, Request: ledger.Hash(sum.Sum(nil))}
	return nil
}

// done answers a write that took effect at once with what it changed, as a path
// below the account's root.
func (c *call) done(resource string, replayed bool) error {
	c.replayed(replayed)
	return c.write(c.encoder().AppendDone(nil, resource))
}

func (c *call) replayed(is bool) {
	if is {
		c.w.Header().Set(wire.ReplayedHeader, "true")
	}
}

// safe reports whether a method only reads.
func safe(method string) bool { return method == http.MethodGet || method == http.MethodHead }
