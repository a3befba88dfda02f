// Package signature signs webhooks and verifies their signatures, as Standard Webhooks defines them
// (https://www.standardwebhooks.com).
package signature

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
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

const (
	secretPrefix = "whsec_"
	secretSize   = 32 // bytes
	// version is the prefix of signatures with a [Secret].
	version = "v1,"
	// tolerance is the maximum difference between the time of a webhook and the clock.
	tolerance = 5 * time.Minute
)

// ErrInvalid is the error of a webhook that is not authentic or too old.
var ErrInvalid = errors.New("the webhook is not authentic")

// Secret is a key that the sender of webhooks shares with the receiver. Formatting it doesn't show it.
type Secret struct{ key string }

// NewSecret returns a new random secret.
func NewSecret() Secret {
	key := make([]byte, secretSize)
	_, _ = rand.Read(key) // it never returns an error
	return Secret{string(key)}
}

// ParseSecret parses the text of a secret, such as "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw". The
// prefix is optional.
func ParseSecret(text string) (Secret, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(text, secretPrefix))
	if err != nil || len(key) == 0 {
		return Secret{}, errors.New("the secret is not base64")
	}
	return Secret{string(key)}, nil
}

// Reveal returns the text of the secret.
func (s Secret) Reveal() string {
	return secretPrefix + base64.StdEncoding.EncodeToString([]byte(s.key))
}

// Format implements [fmt.Formatter]. It hides the secret.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, secretPrefix+"…") }

// sum returns the code that authenticates a webhook.
func (s Secret) sum(id, timestamp string, content []byte) []byte {
	mac := hmac.New(sha256.New, []byte(s.key))
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(content)
	return mac.Sum(nil)
}

// Sign sets the headers of a webhook that is sent at the given time: one signature of the content
// with each of the secrets. The id must not contain a dot, which separates it from the time.
func Sign(header http.Header, secrets []Secret, id string, at time.Time, content []byte) {
	timestamp := strconv.FormatInt(at.Unix(), 10)
	signatures := make([]string, len(secrets))
	for i, s := range secrets {
		signatures[i] = version + base64.StdEncoding.EncodeToString(s.sum(id, timestamp, content))
	}
	header.Set(idHeader, id)
	header.Set(timestampHeader, timestamp)
	header.Set(signatureHeader, strings.Join(signatures, " "))
}

// Verify reports whether a webhook was signed with a secret, close to now. The error is nil or matches
// [ErrInvalid].
func Verify(secret string, header http.Header, content []byte, now time.Time) error {
	key, err := ParseSecret(secret)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	id, timestamp := header.Get(idHeader), header.Get(timestampHeader)
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if id == "" || err != nil {
		return fmt.Errorf("%w: no %s or %s", ErrInvalid, idHeader, timestampHeader)
	}
	if now.Sub(time.Unix(seconds, 0)).Abs() > tolerance {
		return fmt.Errorf("%w: its time differs by more than %s", ErrInvalid, tolerance)
	}
	want, valid := key.sum(id, timestamp, content), false
	for signature := range strings.FieldsSeq(header.Get(signatureHeader)) {
		encoded, known := strings.CutPrefix(signature, version)
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
