package signature_test

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/signature"
)

// The values of the example in the libraries of Standard Webhooks.
const (
	webhookID        = "msg_p5jXN8AQM9LWM0D4loKWxJek"
	webhookSecret    = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	webhookBody      = `{"test": 2432232314}`
	webhookTime      = "1614265330"
	webhookSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
)

func TestVerify(t *testing.T) {
	sent := time.Unix(1614265330, 0)
	cases := map[string]struct {
		secret, id, at, signature, body string
		now                             time.Time
		valid                           bool
	}{
		"the example of the libraries":   {now: sent, valid: true},
		"a secret without its prefix":    {secret: webhookSecret[len("whsec_"):], now: sent, valid: true},
		"one of several signatures":      {signature: "v1a,AAAA v1,AAAA " + webhookSignature, now: sent, valid: true},
		"five minutes late":              {now: sent.Add(5 * time.Minute), valid: true},
		"more than five minutes late":    {now: sent.Add(5*time.Minute + time.Second)},
		"more than five minutes early":   {now: sent.Add(-5*time.Minute - time.Second)},
		"another body":                   {body: `{"test": 2432232315}`, now: sent},
		"another id":                     {id: "msg_other", now: sent},
		"another time":                   {at: "1614265331", now: sent},
		"no time":                        {at: "x", now: sent},
		"another secret":                 {secret: "whsec_AAAA", now: sent},
		"a secret that is not base64":    {secret: "whsec_!", now: sent},
		"an empty secret":                {secret: "whsec_", now: sent},
		"a signature of another version": {signature: "v2" + webhookSignature[2:], now: sent},
		"a signature that is not base64": {signature: "v1,!", now: sent},
		"a signature that is a prefix":   {signature: "v1,g0hM9Q==", now: sent},
	}
	or := func(value, usual string) string {
		if value == "" {
			return usual
		}
		return value
	}
	for name, c := range cases {
		header := make(http.Header)
		header.Set("webhook-id", or(c.id, webhookID))
		header.Set("webhook-timestamp", or(c.at, webhookTime))
		header.Set("webhook-signature", or(c.signature, webhookSignature))
		err := signature.Verify(or(c.secret, webhookSecret), header, []byte(or(c.body, webhookBody)), c.now)
		if (err == nil) != c.valid || err != nil && !errors.Is(err, signature.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := signature.Verify(webhookSecret, http.Header{}, nil, sent); !errors.Is(err, signature.ErrInvalid) {
		t.Errorf("a webhook without headers: %v", err)
	}
}

func TestSign(t *testing.T) {
	sent := time.Unix(1614265330, 0)
	current := signature.NewSecret()
	old, err := signature.ParseSecret(webhookSecret)
	if err != nil || old.Reveal() != webhookSecret {
		t.Fatalf("the secret is %s, error %v", old.Reveal(), err)
	}
	header := make(http.Header)
	signature.Sign(header, []signature.Secret{old}, webhookID, sent, []byte(webhookBody))
	want := http.Header{"Webhook-Id": {webhookID}, "Webhook-Timestamp": {webhookTime}, "Webhook-Signature": {webhookSignature}}
	if !reflect.DeepEqual(header, want) {
		t.Errorf("the example of the libraries: %v, want %v", header, want)
	}
	signature.Sign(header, []signature.Secret{current, old}, webhookID, sent, []byte(webhookBody))
	for name, secret := range map[string]string{"the current secret": current.Reveal(), "the old secret": webhookSecret} {
		if err := signature.Verify(secret, header, []byte(webhookBody), sent); err != nil {
			t.Errorf("%s during a rotation: %v", name, err)
		}
	}
	if err := signature.Verify(signature.NewSecret().Reveal(), header, []byte(webhookBody), sent); !errors.Is(err, signature.ErrInvalid) {
		t.Errorf("another new secret: %v", err)
	}
}

func TestNewSecretHas32Bytes(t *testing.T) {
	s := signature.NewSecret()
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(s.Reveal(), "whsec_"))
	if err != nil || len(key) != 32 || len(s.Reveal()) != 50 {
		t.Errorf("%s has %d bytes, error %v", s.Reveal(), len(key), err)
	}
}

func TestFormattingHidesTheSecret(t *testing.T) {
	s := signature.NewSecret()
	var log strings.Builder
	holder := struct{ Secret signature.Secret }{s}
	slog.New(slog.NewTextHandler(&log, nil)).Info("text", "secret", s, "holder", holder)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("JSON", "secret", s, "holder", holder)
	text := log.String() + fmt.Sprintf("%v %+v %s %q %#v %v %+v %x", s, s, s, s, s, holder, holder, s)
	encoded := s.Reveal()[len("whsec_"):]
	key, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range []string{encoded, hex.EncodeToString(key), strconv.Quote(string(key)), string(key), fmt.Sprintf("%d", key)} {
		if strings.Contains(text, form) {
			t.Errorf("the secret %s is in %s", form, text)
		}
	}
}
