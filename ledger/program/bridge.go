package program

import "slices"

// Bridge turns the webhooks of a shop into submissions (docs/bridges.md).
type Bridge struct {
	ID       int64
	Platform Platform
	// Secret is the key of the signatures of the shop's webhooks. It is not shown or logged.
	Secret string
	// Campaign and EventType are those of the orders.
	Campaign, EventType int64
	// Click is the name by which an order holds the id of a click, and PromoCode the one by
	// which a payment holds a promo code.
	Click, PromoCode string
	// Partner is credited with orders that name no known promo code and no click, or 0.
	Partner int64 `json:",omitzero"`
	// State is [StateActive] while webhooks are accepted.
	State string
}

// Platform is the software or service that a shop runs on.
type Platform string

// The platforms.
const (
	PlatformShopify     Platform = "shopify"
	PlatformWooCommerce Platform = "woocommerce"
	PlatformStripe      Platform = "stripe"
)

// Platforms lists every Platform.
var Platforms = []Platform{PlatformShopify, PlatformWooCommerce, PlatformStripe}

// Defaults and limits of bridges.
const (
	// DefaultClickName is the name of the parameter with which tracking links pass on clicks.
	DefaultClickName     = "irclickid"
	DefaultPromoCodeName = "promo_code"
	// MinSecret is the minimum length of a secret. The platforms generate longer ones.
	MinSecret = 16
	// MaxBridges is the maximum number of bridges of an account.
	MaxBridges = 100
)

// Credits returns the keys that credit an order with the promo codes and the click. It keeps the
// codes that the campaign has, and names Partner if there is no other key. It reports false if
// there is no key at all.
func (b Bridge) Credits(codes []string, click string, r *Reference) (keys AttributionKeys, ok bool) {
	keys = AttributionKeys{Campaign: b.Campaign, Click: click}
	known := slices.DeleteFunc(slices.Clone(codes), func(code string) bool {
		_, found := r.PromoCodes[PromoCode{Campaign: b.Campaign, Code: code}.Key()]
		return !found
	})
	if len(known) > 0 {
		keys.PromoCode = known[0]
	}
	if keys.PromoCode == "" && click == "" {
		keys.Partner = b.Partner
	}
	return keys, keys != AttributionKeys{Campaign: b.Campaign}
}

// Collision returns the id of another bridge of WooCommerce with the event type, or 0. Shops of
// WooCommerce number their orders alike, so two would modify the actions of each other.
func (b Bridge) Collision(r *Reference) int64 {
	for _, other := range r.Bridges {
		if b.Platform == PlatformWooCommerce && other.Platform == b.Platform && other.EventType == b.EventType && other.ID != b.ID {
			return other.ID
		}
	}
	return 0
}
