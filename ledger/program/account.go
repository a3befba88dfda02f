package program

import "github.com/trueup-ledger/trueup/money"

// Account is a tenant. It has one currency, one time zone and one ledger.
type Account struct {
	ID       int64
	Name     string
	Currency money.Currency
	// Zone is the IANA name of the account's time zone, for local dates.
	Zone string
	// ModificationLimit is the maximum number of submissions that modify one action.
	ModificationLimit int `json:"Cap"`
	// PaymentDays is the number of days from the end of an invoice's period to its due date.
	// Nil means [DefaultPaymentDays].
	PaymentDays *int `json:",omitzero"`
	// RetainActionsDays is the number of days for which settled actions stay, and
	// RetainSubmissionsDays that for which submissions without effect do. Nil means forever.
	RetainActionsDays     *int `json:",omitzero"`
	RetainSubmissionsDays *int `json:",omitzero"`
	// Profile describes the account to callers.
	Profile Profile `json:",omitempty"`
}

// DefaultModificationLimit is the [Account.ModificationLimit] of an account that
// doesn't set one.
const DefaultModificationLimit = 1000

// DefaultPaymentDays is the [Account.PaymentDays] of an account that doesn't set them.
const DefaultPaymentDays = 20

// The least days of retention: idempotency keys and deliveries refer to submissions for 30 days.
const (
	MinRetainActionsDays     = 32
	MinRetainSubmissionsDays = 90
)

// DaysToPay returns the number of days from the end of an invoice's period to its due date.
func (a Account) DaysToPay() int {
	if a.PaymentDays == nil {
		return DefaultPaymentDays
	}
	return *a.PaymentDays
}

// StateActive is the state of a campaign, event type, partner or notification that is in
// use. Any other state ends it.
const StateActive = "ACTIVE"

// Campaign is a partner program of an account.
type Campaign struct {
	ID    int64
	Name  string
	State string
	Type  string
	// FeeRate is the network's fee on each payout, in percent.
	FeeRate money.Decimal
	// Pricing selects the terms that price the modifications of actions.
	Pricing Pricing
	// FallbackPartner is credited with conversions whose keys find no partner. Zero means
	// that they are rejected.
	FallbackPartner int64 `json:",omitzero"`
	// Profile describes the campaign to callers.
	Profile Profile `json:",omitempty"`
}

// Pricing selects the terms that price the modifications of a campaign's actions.
type Pricing string

// PricingCurrent selects the terms in force when the modification was accepted.
// PricingTracked selects the terms that priced the conversion.
const (
	PricingCurrent Pricing = "current"
	PricingTracked Pricing = "tracked"
)

// Pricings lists every Pricing.
var Pricings = []Pricing{PricingCurrent, PricingTracked}
