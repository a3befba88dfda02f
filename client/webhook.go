package client

import (
	"net/http"
	"time"

	"github.com/trueup-ledger/trueup/internal/signature"
)

// ErrSignature is the error of a webhook that is not authentic or too old.
var ErrSignature = signature.ErrInvalid

// VerifyWebhook reports whether a webhook was signed with a secret less than five minutes ago, as
// [Standard Webhooks] defines it. The secret is like "whsec_…". The body is the one that was
// received, byte for byte. The error is nil or matches [ErrSignature].
//
// A webhook may arrive several times: its Webhook-Id is the same each time. For a webhook without a
// body, use [VerifyWebhookTarget].
//
// [Standard Webhooks]: https://www.standardwebhooks.com
func VerifyWebhook(secret string, header http.Header, body []byte) error {
	return signature.Verify(secret, header, body, time.Now())
}

// VerifyWebhookTarget is like [VerifyWebhook] for a webhook without a body, such as a GET. In place of
// a body, Trueup signs the request target, the path and the query as they were sent. The target is
// r.RequestURI, unless a proxy in front of the receiver changes it.
func VerifyWebhookTarget(secret string, header http.Header, target string) error {
	return VerifyWebhook(secret, header, []byte(target))
}
