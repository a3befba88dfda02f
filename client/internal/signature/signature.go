// Package signature verifies the signatures of webhooks.
package signature

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
	idHeader        = "Webhook-Id"
	timestampHeader = "Webhook-Timestamp"
	signatureHeader = "Webhook-Signature"
)

// tolerance is the maximum difference between the time of a webhook and the clock.
const tolerance = 5 * time.Minute

// ErrInvalid is the error of a webhook that is not authentic or too old.
var ErrInvalid = errors.New("client: the webhook is not authentic")

// Verify reports whether a webhook was signed with a secret, close to now. The error is nil or matches
// [ErrInvalid].
func Verify(secret string, header http.Header, body []byte, now time.Time) error {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil || len(key) == 0 {
		return fmt.Errorf("%w: the secret is not base64", ErrInvalid)
	}
	id, timestamp := header.Get(idHeader), header.Get(timestampHeader)
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if id == "" || err != nil {
		return fmt.Errorf("%w: no %s or %s", ErrInvalid, idHeader, timestampHeader)
	}
	if now.Sub(time.Unix(seconds, 0)).Abs() > tolerance {
		return fmt.Errorf("%w: its time differs by more than %s", ErrInvalid, tolerance)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	want := mac.Sum(nil)
	valid := false
	for signature := range strings.FieldsSeq(header.Get(signatureHeader)) {
		encoded, known := strings.CutPrefix(signature, "v1,")
		got, err := base64.StdEncoding.DecodeString(encoded)
		if known && err == nil && hmac.Equal(got, want) {
			valid = true
		}
	}
	if !valid {
		return fmt.Errorf("%w: no signature matches", ErrInvalid)
	}
	return nil
}
