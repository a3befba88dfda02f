package program

import (
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/money"
)

// Partner earns the payouts of the actions that are credited to it.
type Partner struct {
	ID                   int64
	Name, State          string
	Currency, Zone, Type string
	// Values are texts of the brand about the partner, such as its id in the brand's own
	// systems. The wire calls them MPValue1 to MPValue3.
	Values [3]string `json:",omitzero"`
	// MinimumPayout is the smallest net total of an invoice, in the account's currency. Nil
	// means [DefaultMinimumPayout].
	MinimumPayout *money.Decimal `json:",omitzero"`
	// VATRate is the rate of VAT on the partner's invoices, in percent.
	VATRate money.Decimal `json:",omitzero"`
	// Profile describes the partner to callers.
	Profile Profile `json:",omitempty"`
}

// DefaultMinimumPayout is the [Partner.MinimumPayout] of a partner that doesn't set one.
const DefaultMinimumPayout money.Decimal = 100 // 0.01

// LeastPayout returns the smallest net total of an invoice in a currency. It is at least one
// minor unit.
func (p Partner) LeastPayout(c money.Currency) money.Amount {
	least := DefaultMinimumPayout
	if p.MinimumPayout != nil {
		least = *p.MinimumPayout
	}
	return max(c.Round(least), 1)
}

// MaxPartnerValue is the maximum length of a value in characters.
const MaxPartnerValue = 255

// PartnerGroup is a named set of partners in a campaign. No rule reads it.
type PartnerGroup struct {
	ID, Campaign int64
	Name         string
	// Partners are in the order in which they were added.
	Partners []int64 `json:",omitempty"`
	// State is [StateActive] until the group is deleted.
	State string
}

// Limits of partner groups.
const (
	// MaxPartnerGroups is the maximum number of active groups of a campaign.
	MaxPartnerGroups = 1000
	// MaxGroupPartners is the maximum number of partners in a group.
	MaxGroupPartners = 2000
)

// PromoCode is a code that credits the orders that used it to a partner.
type PromoCode struct {
	// ID numbers the promo codes of an account from 1, in the order in which they were first
	// recorded. Created is the instant of this recording. A store sets both when it loads the
	// code, and doesn't store them with it.
	ID      int64     `json:"-"`
	Created time.Time `json:"-"`
	// Campaign is the only campaign in which the code is valid.
	Campaign int64
	Code     string
	Partner  int64
	// The code is valid from Start until before End. A zero Start means always, and a zero
	// End forever. If both are equal, the code is never valid.
	End   time.Time `json:",omitzero"`
	Start time.Time `json:",omitzero"`
	// The remaining fields are shown to callers. No rule reads them.
	Type         PromoCodeType `json:",omitzero"`
	CreditPolicy CreditPolicy  `json:",omitzero"`
	Deal         int64         `json:",omitzero"`
	DealName     string        `json:",omitzero"`
}

// MaxPromoCodes is the maximum number of promo codes of a campaign, including those that
// are no longer in force.
const MaxPromoCodes = 100_000

// PromoCodeType is the type of a promo code as the protocol lists it.
type PromoCodeType string

// PromoCodeTypes lists every PromoCodeType.
var PromoCodeTypes = []PromoCodeType{"LI", "RE"}

// CreditPolicy is the policy of a promo code as the protocol lists it.
type CreditPolicy string

// CreditPolicies lists every CreditPolicy.
var CreditPolicies = []CreditPolicy{"ALWAYS", "INVOLVED", "WINNER"}

// InForce reports whether the code is valid at an instant.
func (p PromoCode) InForce(at time.Time) bool {
	return !at.Before(p.Start) && (p.End.IsZero() || at.Before(p.End))
}

// States of a promo code.
const (
	PromoCodeActive   = StateActive
	PromoCodeInactive = "INACTIVE"
)

// StateAt returns the state of the code at an instant.
func (p PromoCode) StateAt(at time.Time) string {
	if p.InForce(at) {
		return PromoCodeActive
	}
	return PromoCodeInactive
}

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
	// Profile describes the contract to callers.
	Profile Profile `json:",omitempty"`
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
