package httpapi

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"net/http"
	"strings"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/negotiate"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// idempotent runs a write at most once for its idempotency key. A repeated write gets the
// response of the first one. It isn't decoded again, because a request that was valid then
// may be invalid now.
//
// The endpoint must pass c.key to the transaction of the write, which checks the key again
// and stores it. c.accept does so for commands. A write that takes effect immediately passes
// c.key to the store and responds by c.writeDone.
func (c *call) idempotent(write endpoint) (err error) {
	if c.dryRun, err = wire.DryRun(c.params); err != nil {
		return err
	}
	if c.dryRun { // keys don't apply to previews
		return write(c)
	}
	if err := c.readKey(); err != nil {
		return err
	}
	if c.key.Text == "" {
		return write(c)
	}
	first, err := c.api.store.FindKey(c.r.Context(), c.token.Account, c.now, c.key)
	if errors.Is(err, ledger.ErrNotFound) {
		return write(c)
	}
	c.params = nil // they aren't decoded, so it is unknown which ones are ignored
	if err != nil {
		return err
	}
	if id, ok := strings.CutPrefix(first.Resource, filesPath+"/"); ok {
		return c.writeQueuedFile(id, true)
	}
	if first.Resource != "" {
		return c.writeDone(first.Resource, true)
	}
	return c.writeQueued(store.Accepted{Submission: first.Submission, Replayed: true})
}

// readKey sets c.key to the request's idempotency key and a hash of the request. The hash is
// keyed, because the request may contain an IP address.
func (c *call) readKey() error {
	text, err := negotiate.IdempotencyKey(c.r.Header.Values(wire.IdempotencyKeyHeader))
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
	c.key = store.Key{Text: text, Request: ids.Hash(sum.Sum(nil))}
	return nil
}

// writeDone writes the response of a write that took effect immediately. resource is the
// path of the changed resource below the account's root.
func (c *call) writeDone(resource string, replayed bool) error {
	c.setReplayed(replayed)
	return c.writeBody(c.encoder().AppendOK(nil, resource))
}

// setReplayed sets the header of replayed responses.
func (c *call) setReplayed(replayed bool) {
	if replayed {
		c.w.Header().Set(wire.IdempotencyReplayedHeader, "true")
	}
}

// safe reports whether a method is read-only.
func safe(method string) bool { return method == http.MethodGet || method == http.MethodHead }
