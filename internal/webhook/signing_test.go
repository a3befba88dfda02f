package webhook_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/internal/webhook"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// rotate gives notification 1 a new secret and returns it.
func (h *harness) rotate(overlap time.Duration) string {
	h.Helper()
	secret, err := h.store.RotateSecret(h.Context(), account, 1, h.clock(), overlap, byTest)
	if err != nil {
		h.Fatal(err)
	}
	return secret.Current.Reveal()
}

// deliverOne delivers what is due and returns the only request.
func (h *harness) deliverOne() received {
	h.Helper()
	requests := h.deliver()
	if len(requests) != 1 {
		h.Fatalf("%d requests, want 1", len(requests))
	}
	return requests[0]
}

// verify verifies the signature of a request as a receiver does.
func verify(secret string, r received) error {
	if r.body == "" {
		return client.VerifyWebhookTarget(secret, r.header, r.uri)
	}
	return client.VerifyWebhook(secret, r.header, []byte(r.body))
}

var signed = map[string]program.Notification{
	"a JSON body":          {Method: program.MethodPost, URL: "/hook", Format: program.BodyJSON, Body: `{"id":"{ActionId}","items":{items[]}}`},
	"a form":               {Method: program.MethodPost, URL: "/hook", Format: program.BodyForm, Body: "id={ActionId}&shared={SharedId}"},
	"a GET":                {URL: "/{ActionId}?shared={SharedId}&{items[]}"},
	"a GET without a path": {URL: "?id={ActionId}"},
	"a POST without body":  {Method: program.MethodPost, URL: "/{ActionId}"},
}

func TestTheReceiverVerifiesANotification(t *testing.T) {
	for name, n := range signed {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			if strings.HasPrefix(n.URL, "?") {
				n.URL = h.url + n.URL
			}
			h.notify(n)
			secret := h.rotate(0)
			h.apply(order("O"))
			r := h.deliverOne()
			if err := verify(secret, r); err != nil {
				t.Error(err)
			}
			h.want(r.header.Get("Webhook-Id"), "7-1-1", "the id")
			tampered := r
			tampered.body, tampered.uri = r.body+" ", r.uri+"0"
			if r.body == "" {
				tampered.body = ""
			}
			if err := verify(secret, tampered); !errors.Is(err, client.ErrSignature) {
				t.Errorf("other content: %v", err)
			}
			for key, value := range map[string]string{
				"Webhook-Id": "7-1-2", "Webhook-Timestamp": r.header.Get("Webhook-Timestamp") + "0", "Webhook-Signature": "v1,AAAA",
			} {
				tampered := r
				tampered.header = r.header.Clone()
				tampered.header.Set(key, value)
				if err := verify(secret, tampered); !errors.Is(err, client.ErrSignature) {
					t.Errorf("another %s: %v", key, err)
				}
			}
		})
	}
}

func TestANotificationWithoutASecretIsNotSigned(t *testing.T) {
	h := newHarness(t)
	h.notify(program.Notification{})
	h.apply(order("O"))
	for key := range h.deliverOne().header {
		if strings.HasPrefix(key, "Webhook-") {
			t.Errorf("the request has the header %s", key)
		}
	}
}

func TestARetryHasTheSameIDAndIsSignedAgain(t *testing.T) {
	h := newHarness(t)
	h.notify(program.Notification{})
	secret := h.rotate(0)
	h.respond(always(500))
	h.apply(order("O"))
	first := h.deliverOne()
	h.advance(webhook.Backoff(1))
	h.respond(nil)
	second := h.deliverOne()
	h.want(second.header.Get("Webhook-Id"), first.header.Get("Webhook-Id"), "the id of the retry")
	if err := errors.Join(verify(secret, first), verify(secret, second)); err != nil {
		t.Error(err)
	}
	h.apply(order("P"))
	h.want(h.deliverOne().header.Get("Webhook-Id"), "7-1-2", "the id of another event")
}

func TestBothSecretsSignDuringTheOverlap(t *testing.T) {
	h := newHarness(t)
	h.notify(program.Notification{})
	old := h.rotate(0)
	current := h.rotate(24 * time.Hour)
	check := func(id, when string, oldSigns bool) {
		t.Helper()
		h.apply(order(id))
		r := h.deliverOne()
		if err := verify(current, r); err != nil {
			t.Errorf("%s, the new secret: %v", when, err)
		}
		if err := verify(old, r); (err == nil) != oldSigns {
			t.Errorf("%s, the old secret: %v", when, err)
		}
	}
	check("O", "at once", true)
	h.advance(24*time.Hour - time.Microsecond)
	check("P", "at the end of the overlap", true)
	h.advance(time.Microsecond)
	check("Q", "after the overlap", false)
}

func TestNoLogShowsTheSecret(t *testing.T) {
	h := newHarness(t)
	h.notify(program.Notification{})
	secret := strings.TrimPrefix(h.rotate(0), "whsec_")
	h.respond(always(500))
	h.apply(order("O"))
	h.deliver()
	deliveries, err := h.store.Deliveries(h.Context(), account, 1, 0, 100)
	if err != nil || len(deliveries) != 1 {
		t.Fatalf("%d deliveries, error %v", len(deliveries), err)
	}
	events, err := h.store.AuditEvents(h.Context(), account, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	if h.log.Len() == 0 || deliveries[0].Error == "" {
		t.Errorf("the log is %q, the delivery has the error %q", h.log.String(), deliveries[0].Error)
	}
	texts := []string{h.log.String(), deliveries[0].Error}
	for _, e := range events {
		texts = append(texts, e.Subject, e.Detail, e.Reason)
	}
	for _, text := range texts {
		if strings.Contains(text, secret) {
			t.Errorf("%q has the secret", text)
		}
	}
}
