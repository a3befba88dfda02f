package client

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Headers of a signed webhook.
const (
	webhookIDHeader        = "Webhook-Id"
	webhookTimestampHeader = "Webhook-Timestamp"
	webhookSignatureHeader = "Webhook-Signature"
)

// webhookTolerance is the maximum difference between the time of a webhook and the clock.
const webhookTolerance = 5 * time.Minute

// ErrSignature is the error of a webhook that is not authentic or too old.
var ErrSignature = errors.New("client: the webhook is not authentic")

// VerifyWebhook reports whether a webhook was signed with a secret less than five minutes ago, as
// [Standard Webhooks] defines it. The secret is like "whsec_…". The body is the one that was
// received, byte for byte. The error is nil or matches [ErrSignature].
//
// A webhook may arrive several times: its Webhook-Id is the same each time.
//
// [Standard Webhooks]: https://www.standardwebhooks.com
func VerifyWebhook(secret string, header http.Header, body []byte) error {
	return verifyWebhook(secret, header, body, time.Now())
}

func verifyWebhook(secret string, header http.Header, body []byte, now time.Time) error {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil || len(key) == 0 {
		return fmt.Errorf("%w: the secret is not base64", ErrSignature)
	}
	id, timestamp := header.Get(webhookIDHeader), header.Get(webhookTimestampHeader)
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if id == "" || err != nil {
		return fmt.Errorf("%w: no %s or %s", ErrSignature, webhookIDHeader, webhookTimestampHeader)
	}
	if now.Sub(time.Unix(seconds, 0)).Abs() > webhookTolerance {
		return fmt.Errorf("%w: its time differs by more than %s", ErrSignature, webhookTolerance)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	want := mac.Sum(nil)
	valid := false
	for signature := range strings.FieldsSeq(header.Get(webhookSignatureHeader)) {
		encoded, known := strings.CutPrefix(signature, "v1,")
		got, err := base64.StdEncoding.DecodeString(encoded)
		if known && err == nil && hmac.Equal(got, want) {
			valid = true
		}
	}
	if !valid {
		return fmt.Errorf("%w: no signature matches", ErrSignature)
	}
	return nil
}
