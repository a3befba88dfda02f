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
		sent, err := base64.StdEncoding.DecodeString(w.Header(header))
		if err != nil || !hmac.Equal(sent, sum(secret, w.Body)) {
			return ErrSignature
		}
		return nil
	}
}

// verifyTimed checks the header of Stripe: a time and one or more signatures of the time and the
// body, as in "t=1492774577,v1=5257a869…". Other schemes than v1 are ignored.
func verifyTimed(w Webhook, secret string, now time.Time) error {
	var at string
	var signatures []string
	for part := range strings.SplitSeq(w.Header("Stripe-Signature"), ",") {
		switch name, value, _ := strings.Cut(strings.TrimSpace(part), "="); name {
		case "t":
			at = value
		case "v1":
			signatures = append(signatures, value)
		}
	}
	seconds, err := strconv.ParseInt(at, 10, 64)
	if age := now.Sub(time.Unix(seconds, 0)); err != nil || age > tolerance || age < -tolerance {
		return ErrSignature
	}
	want := sum(secret, []byte(at+"."), w.Body)
	for _, s := range signatures {
		if sent, err := hex.DecodeString(s); err == nil && hmac.Equal(sent, want) {
			return nil
		}
	}
	return ErrSignature
}

func sum(secret string, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, []byte(secret))
	for _, part := range parts {
		h.Write(part)
	}
	return h.Sum(nil)
}
