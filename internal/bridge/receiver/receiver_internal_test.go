package receiver

import (
	"context"
	"encoding/base64"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/ledger/program"
)

// oneBridge is a store with one bridge of each platform in each account.
type oneBridge struct{ Store }

func (oneBridge) CurrentReference(context.Context, int64) (*program.Reference, error) {
	r := program.NewReference()
	for i, p := range program.Platforms {
		id := int64(i + 1)
		r.Bridges[id] = program.Bridge{ID: id, Platform: p, State: program.StateActive}
	}
	return r, nil
}

// body fails the test when it is read.
type body struct{ *testing.T }

func (b body) Read([]byte) (int, error) {
	b.Error("the body is read")
	return 0, io.EOF
}

func newReceiver() *Receiver {
	return New(Config{
		Store: oneBridge{}, Platforms: program.Platforms, Check: func() error { return nil }, Now: time.Now, Log: slog.New(slog.DiscardHandler),
	})
}

func post(t *testing.T, rc *Receiver, bridge string, header http.Header) *httptest.ResponseRecorder {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle(Pattern, rc)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/bridges/1/"+bridge, body{t})
	r.Header = header
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	return w
}

func TestAWebhookWithoutASignatureIsNotRead(t *testing.T) {
	for name, c := range map[string]struct {
		bridge string
		header http.Header
	}{
		"none of Shopify":         {"1", nil},
		"half a one of Shopify":   {"1", http.Header{"X-Shopify-Hmac-Sha256": {"AAAA"}}},
		"none of WooCommerce":     {"2", http.Header{"X-Wc-Webhook-Topic": {"order.created"}}},
		"none of Stripe":          {"3", nil},
		"an old one of Stripe":    {"3", http.Header{"Stripe-Signature": {"t=1,v1=" + strings.Repeat("0", 64)}}},
		"another scheme's":        {"3", http.Header{"Stripe-Signature": {"v0=00"}}},
		"a time alone for Stripe": {"3", http.Header{"Stripe-Signature": {"t=1"}}},
	} {
		t.Run(name, func(t *testing.T) {
			if w := post(t, newReceiver(), c.bridge, c.header); w.Code != http.StatusUnauthorized {
				t.Errorf("status %d: %s", w.Code, w.Body)
			}
		})
	}
}

func TestAFullQueueRefusesWebhooks(t *testing.T) {
	rc := newReceiver()
	for rc.pending.Acquire(1) {
	}
	header := http.Header{"X-Shopify-Hmac-Sha256": {base64.StdEncoding.EncodeToString(make([]byte, 32))}}
	if w := post(t, rc, "1", header); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
}
