package httpapi

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/principal"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/negotiate"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

const (
	// maxKeptResponse is the maximum size of a response that is kept for a retry, in bytes.
	maxKeptResponse = 64 << 10
	// keepTimeout is the time to keep a response, even if the caller is gone.
	keepTimeout = 5 * time.Second
)

// Redacted is a response that contains secrets.
type Redacted interface {
	// WithoutSecrets returns the response for a retry.
	WithoutSecrets() any
}

// errReplayed ends a handler whose request repeats an earlier one.
var errReplayed = errors.New("the request was replayed")

// idempotentOperation runs an operation at most once for its idempotency key. The commit of
// the operation stores the key, with its audit event. The response is kept after it: a crash
// between the two loses the response, and a retry is then a 409.
func (c *call) idempotentOperation(run func() error) error {
	if safe(c.r.Method) {
		return run()
	}
	text, err := negotiate.IdempotencyKey(c.r.Header.Values(wire.IdempotencyKeyHeader))
	if err != nil {
		return err
	}
	c.key.Text = principal.Key(c.r.Context(), text)
	if err = run(); errors.Is(err, errReplayed) {
		return nil
	}
	if text == "" || !errors.Is(err, store.ErrKeyReused) {
		return err
	}
	// The key was unused when the body was read. A request at the same time used it, or this
	// one by an operation whose commit had an unknown result.
	return c.replayOperation()
}

// checkKey completes c.key by a hash of the request with the body. If the key was used, it
// writes the first response again and returns errReplayed, or it returns an error.
func (c *call) checkKey(body []byte) error {
	if c.key.Text == "" || safe(c.r.Method) {
		return nil
	}
	sum := hmac.New(sha256.New, []byte(c.key.Text))
	sum.Write([]byte(c.r.Method + " " + c.r.URL.RequestURI() + "\n"))
	sum.Write(body)
	c.key.Request = ids.Hash(sum.Sum(nil))
	err := c.replayOperation()
	if errors.Is(err, ledger.ErrNotFound) {
		return nil
	}
	if err == nil {
		err = errReplayed
	}
	return err
}

// replayOperation writes the response to the first request with c.key.
func (c *call) replayOperation() error {
	first, err := c.api.operatorKeys.FindKey(c.r.Context(), store.Operator, c.now, c.key)
	if err != nil {
		return err
	}
	status, text, kept := strings.Cut(first.Resource, " ")
	code, err := strconv.Atoi(status)
	if !kept || err != nil {
		return &wire.Error{Status: http.StatusConflict, Message: "The first request with this " + wire.IdempotencyKeyHeader +
			" took effect, or is taking effect now, and its response is not known; read the object before you send it again with another key"}
	}
	c.setReplayed(true)
	c.writeHeader(code)
	return c.abort(c.writeChunk([]byte(text)))
}

// keepResponse keeps a response of the request with c.key. It only logs an error, because
// the operation has taken effect.
func (c *call) keepResponse(status int, value any, text []byte) {
	if c.key.Text == "" || safe(c.r.Method) {
		return
	}
	var err error
	if secret, ok := value.(Redacted); ok {
		text, err = json.Marshal(secret.WithoutSecrets())
	}
	if err == nil && len(text) <= maxKeptResponse {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(c.r.Context()), keepTimeout)
		defer cancel()
		err = c.api.operatorKeys.KeepResponse(ctx, c.key, strconv.Itoa(status)+" "+string(text))
	}
	if err != nil {
		c.api.log.Error("a response was not kept for its idempotency key", "request", c.id, "error", err)
	}
}
