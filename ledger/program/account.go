package program

import "github.com/trueup-ledger/trueup/money"

// Account is the tenant: it has one currency, one time zone and one ledger.
type Account struct {
	ID       int64
	Name     string
	Currency money.Currency
	// Zone is the IANA name of the time zone of its local dates.
	Zone string
	// ModificationLimit is how many submissions can modify one action.
	ModificationLimit int `json:"Cap"`
}

// DefaultModificationLimit is the [Account.ModificationLimit] of an account that
// doesn't set one.
const DefaultModificationLimit = 1000

// StateActive is the state of a campaign, event type, partner or notification in use.
const StateActive = "ACTIVE"

// Campaign is a partner program of an account.
type Campaign struct {
	ID    int64
	Name  string
	State string
	Type  string
	// FeeRate is the network's fee on each payout, in percent.
	FeeRate money.Decimal
	// Pricing selects the terms that price a modification.
	Pricing Pricing
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
