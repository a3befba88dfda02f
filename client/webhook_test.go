package client_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/trueup-ledger/trueup/client"
)

func TestVerifyWebhookChecksTheTime(t *testing.T) {
	header := make(http.Header) // of the example in the specification, which is of 2021
	header.Set("Webhook-Id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
	header.Set("Webhook-Timestamp", "1614265330")
	header.Set("Webhook-Signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
	err := client.VerifyWebhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", header, []byte(`{"test": 2432232314}`))
	if !errors.Is(err, client.ErrSignature) {
		t.Errorf("an old webhook: %v", err)
	}
}
