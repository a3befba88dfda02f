package signature_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/client/internal/signature"
)

// The values of the example in the specification of Standard Webhooks.
const (
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
		"the example of the specification": {now: sent, valid: true},
		"a secret without its prefix":      {secret: webhookSecret[len("whsec_"):], now: sent, valid: true},
		"one of several signatures":        {signature: "v1a,AAAA v1,AAAA " + webhookSignature, now: sent, valid: true},
		"five minutes late":                {now: sent.Add(5 * time.Minute), valid: true},
		"more than five minutes late":      {now: sent.Add(5*time.Minute + time.Second)},
		"more than five minutes early":     {now: sent.Add(-5*time.Minute - time.Second)},
		"another body":                     {body: `{"test": 2432232315}`, now: sent},
		"another id":                       {id: "msg_other", now: sent},
		"another time":                     {at: "1614265331", now: sent},
		"no time":                          {at: "x", now: sent},
		"another secret":                   {secret: "whsec_AAAA", now: sent},
		"a secret that is not base64":      {secret: "whsec_!", now: sent},
		"an empty secret":                  {secret: "whsec_", now: sent},
		"a signature of another version":   {signature: "v2" + webhookSignature[2:], now: sent},
		"a signature that is not base64":   {signature: "v1,!", now: sent},
		"a signature that is a prefix":     {signature: "v1,g0hM9Q==", now: sent},
	}
	or := func(value, usual string) string {
		if value == "" {
			return usual
		}
		return value
	}
	for name, c := range cases {
		header := make(http.Header)
		header.Set("webhook-id", or(c.id, "msg_p5jXN8AQM9LWM0D4loKWxJek"))
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
