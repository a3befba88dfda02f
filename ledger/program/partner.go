package program

import (
	"strconv"
	"strings"
	"time"
)

// Partner earns payouts.
type Partner struct {
	ID                   int64
	Name, State          string
	Currency, Zone, Type string
}

// PromoCode credits the orders that used it to a partner.
type PromoCode struct {
	// Campaign is the only campaign in which the code is valid.
	Campaign int64
	Code     string
	Partner  int64
	// End is the first EventDate for which the code is no longer valid. The zero
	// time means never.
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

// String returns the key as it is stored, as "1000/SAVE10".
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

// Click is a registered referral. A conversion can refer to it by its id or by its customer.
type Click struct {
	ID                string
	Campaign, Partner int64
	Customer          string
	At                time.Time
}
