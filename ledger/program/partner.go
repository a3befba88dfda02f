package program

import (
	"strconv"
	"strings"
	"time"
)

// Partner earns the payouts of the actions that are credited to it.
type Partner struct {
	ID                   int64
	Name, State          string
	Currency, Zone, Type string
}

// PromoCode is a code that credits the orders that used it to a partner.
type PromoCode struct {
	// Campaign is the only campaign in which the code is valid.
	Campaign int64
	Code     string
	Partner  int64
	// The code is valid until before End. A zero End means forever.
	End time.Time `json:",omitzero"`
}

// InForce reports whether the code is valid at an instant.
func (p PromoCode) InForce(at time.Time) bool { return p.End.IsZero() || at.Before(p.End) }

// Key returns the code's key in [Reference.PromoCodes].
func (p PromoCode) Key() PromoKey { return PromoKey{p.Campaign, strings.ToUpper(p.Code)} }

// PromoKey identifies a promo code of a campaign, regardless of case.
type PromoKey struct {
	Campaign int64
	// Upper is the code in upper case.
	Upper string
}

// String returns the key as it is stored, as in "1000/SAVE10".
func (k PromoKey) String() string { return strconv.FormatInt(k.Campaign, 10) + "/" + k.Upper }

// Contract binds a partner to a campaign's terms.
type Contract struct {
	ID, Campaign, Partner int64
	// The contract is in force from Start until before End. A zero End means forever.
	Start, End time.Time
}

// InForce reports whether the contract is in force at an instant.
func (c Contract) InForce(at time.Time) bool {
	return !at.Before(c.Start) && (c.End.IsZero() || at.Before(c.End))
}

// Click is a registered click on a partner's link, or a call. A conversion can refer to it by
// the id, by the customer or by a [ClickKey].
type Click struct {
	ID                string
	Campaign, Partner int64
	Customer          string
	At                time.Time
	// CustomID is the shop's own id of the click. It, the other fields below and Customer are
	// empty if they are unknown.
	CustomID  string
	UniqueURL string
	// Profile identifies the customer's profile at the shop.
	Profile  string
	CallerID string
}

// ClickKey is a field by which a conversion can refer to the newest of several clicks.
type ClickKey int

// The keys.
const (
	ClickByCustomID ClickKey = iota
	ClickByURL
	ClickByProfile
	ClickByCaller
)

// ClickKeys returns every ClickKey.
func ClickKeys() []ClickKey {
	return []ClickKey{ClickByCustomID, ClickByURL, ClickByProfile, ClickByCaller}
}

// Field returns the field that the key names.
func (k ClickKey) Field(c *Click) *string {
	return [...]*string{&c.CustomID, &c.UniqueURL, &c.Profile, &c.CallerID}[k]
}
