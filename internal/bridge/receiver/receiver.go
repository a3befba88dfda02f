// Package receiver serves the URLs to which shops send their webhooks.
package receiver

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/internal/bridge"
	"github.com/trueup-ledger/trueup/internal/bridge/platform"
	"github.com/trueup-ledger/trueup/internal/fair"
	"github.com/trueup-ledger/trueup/internal/paced"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Pattern is the pattern of the URLs. Each account and bridge has one.
const Pattern = "POST /bridges/{account}/{bridge}"

const (
	// maxBodies is the maximum number of bodies in memory at the same time.
	maxBodies = 32
	// maxPending is the maximum number of webhooks of an account that are read or wait for it.
	maxPending = 256
	// retryAfter is the time after which a platform should send a webhook again.
	retryAfter = "5"
)

// bodyLimits are those of the time that a platform has to send a body.
var bodyLimits = paced.Limits{Stall: 5 * time.Second, Rate: 1 << 10, Grace: 5 * time.Second, Total: 10 * time.Second}

// Store is the part of a store that a Receiver needs.
type Store interface {
	CurrentReference(ctx context.Context, account int64) (*program.Reference, error)
	UpdateBridgeOrder(ctx context.Context, account int64, now time.Time, key store.BridgeKey, update store.UpdateBridgeOrder) (store.BridgeOrder, int, error)
}

// Config configures a Receiver.
type Config struct {
	Store Store
	// Platforms are those whose webhooks are accepted.
	Platforms []program.Platform
	// Queued is called with an account that has new submissions.
	Queued func(account int64)
	// Check returns an error while writes are refused.
	Check func() error
	Now   func() time.Time
	// Observe, if not nil, is called after each request.
	Observe func(ctx context.Context, pattern string, status int, begun time.Time)
	Log     *slog.Logger
}

// Receiver is the handler of [Pattern]. Create it with [New].
type Receiver struct {
	Config
	bodies  fair.Scheduler
	pending fair.Quota // of the webhooks of each account
}

// New returns a Receiver.
func New(c Config) *Receiver {
	return &Receiver{Config: c, bodies: fair.NewPool(maxBodies), pending: fair.Quota{Each: maxPending}}
}

// response is the body of a response.
type response struct {
	Status  string `json:"status"`
	Message string `json:"message,omitempty"`
}

// statusError is an error with the status of its response.
type statusError struct {
	status  int
	message string
}

func (e *statusError) Error() string { return e.message }

var (
	errUnknown   = &statusError{http.StatusNotFound, "There is no such bridge, it is not ACTIVE, or its platform is not served"}
	errSignature = &statusError{http.StatusUnauthorized, "The signature is missing, wrong or too old: compare the secret of the bridge with that of the platform, and the clocks"}
	errTooLarge  = &statusError{http.StatusRequestEntityTooLarge, "A webhook has at most 2 MiB"}
	errBusy      = &statusError{http.StatusServiceUnavailable, "Too many webhooks of the account are being received: send this one again later"}
	errTooSlow   = &statusError{http.StatusRequestTimeout, "The body arrived too slowly"}
)

// ServeHTTP handles a webhook. It responds with 200 to one that is stored or concerns no order.
// Any other response makes Shopify and Stripe send it again. WooCommerce doesn't.
func (rc *Receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d := &delivery{Receiver: rc, begun: time.Now(), r: r, w: w, log: rc.Log.With("path", r.URL.Path)}
	err := d.find()
	var result response
	if err == nil && !rc.pending.Acquire(d.account) {
		err = errBusy
	} else if err == nil {
		defer rc.pending.Release(d.account)
		err = fair.Use(r.Context(), rc.bodies, d.account, func() (err error) {
			if err = d.read(); err == nil {
				result, err = d.receive()
			}
			return err
		})
	}
	if err != nil {
		d.writeError(err)
		return
	}
	d.write(http.StatusOK, result)
}

// delivery is a webhook that is being received.
type delivery struct {
	*Receiver
	begun    time.Time
	w        http.ResponseWriter
	r        *http.Request
	log      *slog.Logger
	account  int64
	bridge   program.Bridge
	platform platform.Platform
	webhook  platform.Webhook
}

// find finds the bridge of the path. It refuses a webhook without a signature.
func (d *delivery) find() error {
	if d.Check() != nil {
		return &statusError{http.StatusServiceUnavailable, "Writes are refused until the server's clock is right"}
	}
	account, err := strconv.ParseInt(d.r.PathValue("account"), 10, 64)
	id, idErr := strconv.ParseInt(d.r.PathValue("bridge"), 10, 64)
	if errors.Join(err, idErr) != nil {
		return errUnknown
	}
	reference, err := d.Store.CurrentReference(d.r.Context(), account)
	if errors.Is(err, ledger.ErrNotFound) {
		return errUnknown
	}
	if err != nil {
		return err
	}
	b, exists := reference.Bridges[id]
	if !exists || b.State != program.StateActive || !slices.Contains(d.Platforms, b.Platform) {
		return errUnknown
	}
	d.account, d.bridge, d.platform = account, b, platform.All[b.Platform]
	if d.webhook.Header = d.r.Header.Get; !d.platform.Signed(d.webhook, d.Now()) {
		return errSignature // before it takes a slot
	}
	return nil
}

// read reads the body and checks the signature.
func (d *delivery) read() error {
	limited := http.MaxBytesReader(d.w, d.r.Body, platform.MaxBody)
	body, err := io.ReadAll(paced.NewReader(limited, http.NewResponseController(d.w).SetReadDeadline, bodyLimits))
	switch tooLarge := (*http.MaxBytesError)(nil); {
	case errors.As(err, &tooLarge):
		return errTooLarge
	case errors.Is(err, paced.ErrTooSlow):
		d.w.Header().Set("Connection", "close")
		return errTooSlow
	case err != nil:
		return &statusError{http.StatusBadRequest, "The body is incomplete"}
	}
	d.webhook.Body = body
	if d.platform.IsTest(d.webhook) {
		return nil
	}
	if err := d.platform.Verify(d.webhook, d.bridge.Secret, d.Now()); err != nil {
		return errSignature
	}
	d.log = d.log.With("delivery", d.id())
	return nil
}

// id returns the id of the webhook.
func (d *delivery) id() string { return bridge.Clean(d.platform.Delivery(d.webhook)) }

// receive stores what the webhook says, and submits what follows.
func (d *delivery) receive() (response, error) {
	if d.platform.IsTest(d.webhook) {
		return response{Status: "OK"}, nil
	}
	event, err := d.platform.Decode(d.webhook, d.bridge)
	if errors.Is(err, bridge.ErrIgnored) {
		return response{Status: "IGNORED", Message: "The webhook concerns no order"}, nil
	}
	if errors.Is(err, bridge.ErrTest) {
		return response{Status: "IGNORED", Message: "The order is a test of the shop, and earns no commission"}, nil
	}
	now := d.Now()
	key, update := store.BridgeKey{Bridge: d.bridge.ID, Order: event.Order}, bridge.Receive(d.bridge.ID, event, now)
	if unusable := (*bridge.UnusableError)(nil); errors.As(err, &unusable) {
		key.Order, update = unusable.Order, bridge.Reject(unusable.Reason)
	} else if err != nil {
		return response{}, err
	}
	if !bridge.IsOrderID(key.Order) {
		if err == nil {
			update = bridge.Reject("The id of the order has more than 64 characters, or control characters")
		}
		key.Order = "delivery " + d.id()
	}
	rejected := err != nil
	o, queued, err := d.Store.UpdateBridgeOrder(d.r.Context(), d.account, now, key, update)
	if err != nil {
		return response{}, err
	}
	if queued > 0 {
		d.Queued(d.account)
	}
	if rejected || o.State == store.BridgeUnusable {
		d.log.Warn("a webhook is not usable", "order", o.Order, "reason", o.Reason)
	}
	return response{Status: string(o.State), Message: o.Reason}, nil
}

// writeError writes the response to a webhook that was not stored, and logs it.
func (d *delivery) writeError(err error) {
	var known *statusError
	if errors.As(err, &known) {
		d.log.Warn("a webhook was refused", "status", known.status, "reason", known.message)
	} else {
		known = &statusError{http.StatusInternalServerError, "Internal error"}
		if store.IsUnavailable(err) {
			known = &statusError{http.StatusServiceUnavailable, "The store is unavailable"}
		}
		d.log.Error("a webhook was not stored", "error", err)
	}
	if known.status == http.StatusServiceUnavailable {
		d.w.Header().Set("Retry-After", retryAfter)
	}
	d.write(known.status, response{Status: "ERROR", Message: known.message})
}

func (d *delivery) write(status int, body response) {
	d.w.Header().Set("Content-Type", "application/json; charset=utf-8")
	d.w.WriteHeader(status)
	if text, err := json.Marshal(body); err == nil { // two texts
		_, _ = d.w.Write(append(text, '\n')) // the platform may have disconnected
	}
	if d.Observe != nil {
		d.Observe(d.r.Context(), Pattern, status, d.begun)
	}
}
