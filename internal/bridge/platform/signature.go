package platform

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// tolerance is the greatest age of a signature that has a time, and the greatest time by which it
// can be early.
const tolerance = 5 * time.Minute

// verifyBase64 returns a function that compares a header with the HMAC of the body in Base64.
func verifyBase64(header string) func(w Webhook, secret string, now time.Time) error {
	return func(w Webhook, secret string, _ time.Time) error {
		if !hmac.Equal(signatureIn(header, w), sum(secret, w.Body)) {
			return ErrSignature
		}
		return nil
	}
}

// signatureIn returns the signature in a header, or nil.
func signatureIn(header string, w Webhook) []byte {
	sent, err := base64.StdEncoding.DecodeString(w.Header(header))
	if err != nil || len(sent) != sha256.Size {
		return nil
	}
	return sent
}

// verifyTimed checks the header of Stripe: a time and one or more signatures of the time and the
// body, as in "t=1492774577,v1=5257a869…". Other schemes than v1 are ignored.
func verifyTimed(w Webhook, secret string, now time.Time) error {
	at, signatures := timedSignatures(w, now)
	want := sum(secret, []byte(at+"."), w.Body)
	for _, sent := range signatures {
		if hmac.Equal(sent, want) {
			return nil
		}
	}
	return ErrSignature
}

// timedSignatures returns the time and the signatures in the header of Stripe. It returns no
// signatures if the time is not within the tolerance.
func timedSignatures(w Webhook, now time.Time) (at string, signatures [][]byte) {
	for part := range strings.SplitSeq(w.Header("Stripe-Signature"), ",") {
		switch name, value, _ := strings.Cut(strings.TrimSpace(part), "="); name {
		case "t":
			at = value
		case "v1":
			if sent, err := hex.DecodeString(value); err == nil && len(sent) == sha256.Size {
				signatures = append(signatures, sent)
			}
		}
	}
	seconds, err := strconv.ParseInt(at, 10, 64)
	if age := now.Sub(time.Unix(seconds, 0)); err != nil || age > tolerance || age < -tolerance {
		return "", nil
	}
	return at, signatures
}

func sum(secret string, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, []byte(secret))
	for _, part := range parts {
		h.Write(part)
	}
	return h.Sum(nil)
}
