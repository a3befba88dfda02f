// Package platform reads the webhooks of platforms: it checks their signatures and decodes
// their bodies.
package platform

import (
	"errors"
	"time"

	"github.com/trueup-ledger/trueup/internal/bridge"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Limits of a webhook.
const (
	// MaxBody is the maximum size of a body in bytes.
	MaxBody = 2 << 20
	// maxLines is the maximum number of lines of an order and of a refund, and of refunds.
	maxLines = 1000
	// maxClick is the maximum number of characters of the id of a click.
	maxClick = 64
	// maxQuantity is the maximum quantity of a line.
	maxQuantity = 999_999_999
)

// ErrSignature is returned for a webhook that the shop didn't sign, or didn't sign lately.
var ErrSignature = errors.New("the signature is missing or wrong")

// Webhook is a request of a platform.
type Webhook struct {
	// Header returns the value of a header, or "".
	Header func(name string) string
	Body   []byte
}

// Platform reads the webhooks of a platform.
type Platform struct {
	// Signed reports whether the header has a signature to check, or the webhook can be a test.
	// It needs no body.
	Signed func(w Webhook, now time.Time) bool
	// Verify returns [ErrSignature] unless the webhook is signed with the secret.
	Verify func(w Webhook, secret string, now time.Time) error
	// Delivery returns the id of the webhook for logs.
	Delivery func(w Webhook) string
	// Decode returns what the webhook says. It returns [bridge.ErrIgnored] for one that
	// concerns no order, [bridge.ErrTest] for a test order, and a [*bridge.UnusableError] for one that can't be mapped.
	Decode func(w Webhook, b program.Bridge) (bridge.Event, error)
	// IsTest reports whether the webhook only tests the URL. It is unsigned.
	IsTest func(w Webhook) bool
}

// All holds every platform by its name.
var All = map[program.Platform]Platform{
	program.PlatformShopify:     shopify,
	program.PlatformWooCommerce: wooCommerce,
	program.PlatformStripe:      stripe,
}

func neverTest(Webhook) bool { return false }
