package admin_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/client/admin"
)

// TestASignedNotificationIsVerified records a notification with a secret and reports an order. The
// receiver verifies the request that the server sends.
func TestASignedNotificationIsVerified(t *testing.T) {
	c, ctx := connect(t), t.Context()
	type delivery struct {
		header http.Header
		body   []byte
	}
	deliveries := make(chan delivery, 10)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		deliveries <- delivery{r.Header, body}
	}))
	t.Cleanup(receiver.Close)
	notification := map[string]any{
		"campaign": 1000, "events": []string{"tracked"}, "method": "POST", "url": receiver.URL, "format": "json", "body": `{"order":"{Oid}"}`, "state": "PAUSED",
	}
	key := admin.Entry(admin.Notifications, 77)
	put := func() {
		if _, err := c.PutEntry(context.WithoutCancel(ctx), 1, key, notification, admin.PutOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	put()
	t.Cleanup(func() {
		notification["state"] = "PAUSED"
		put()
	})
	secret, err := c.RotateSigningSecret(ctx, 1, 77, admin.Rotation{}, reason("the receiver verifies"))
	if err != nil {
		t.Fatal(err)
	}
	notification["state"] = "ACTIVE"
	put()
	convert(t, "SIGNED-1")
	d := <-deliveries
	if err := client.VerifyWebhook(secret.Secret, d.header, d.body); err != nil || string(d.body) != `{"order":"SIGNED-1"}` {
		t.Errorf("the body %s: %v", d.body, err)
	}
}

func TestSigningSecrets(t *testing.T) {
	c, ctx := connect(t), t.Context()
	if s, err := c.SigningSecret(ctx, 1, 1); err != nil || *s != (admin.SigningSecret{}) {
		t.Errorf("before the first rotation: %+v (%v)", s, err)
	}
	options := admin.WriteOptions{IdempotencyKey: "signing-secret", Reason: "the receiver verifies"}
	first, err := c.RotateSigningSecret(ctx, 1, 1, admin.Rotation{}, options)
	if err != nil || !first.Signed || first.Since.IsZero() || !strings.HasPrefix(first.Secret, "whsec_") || !first.OldSecretUntil.IsZero() {
		t.Errorf("the first secret is %+v (%v)", first, err)
	}
	if again, err := c.RotateSigningSecret(ctx, 1, 1, admin.Rotation{}, options); !errors.Is(err, admin.ErrSecretLost) || again.Since != first.Since {
		t.Errorf("the repeated write returns %+v (%v)", again, err)
	}
	second, err := c.RotateSigningSecret(ctx, 1, 1, admin.Rotation{Overlap: new(time.Hour)}, admin.WriteOptions{})
	if err != nil || second.Secret == first.Secret || time.Until(second.OldSecretUntil).Round(time.Minute) != time.Hour {
		t.Errorf("the second secret is %+v (%v)", second, err)
	}
	second.Secret = ""
	if s, err := c.SigningSecret(ctx, 1, 1); err != nil || *s != *second {
		t.Errorf("the secret is %+v (%v), want %+v", s, err, second)
	}
	if _, err := c.SigningSecret(ctx, 1, 99); !errors.Is(err, client.ErrNotFound) {
		t.Errorf("an unknown notification: %v", err)
	}
}
