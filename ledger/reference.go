package ledger

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/money"
)

// Reference is an account's reference data as they stood at one instant: what
// submissions accepted from then on are judged by. It is read-only.
type Reference struct {
	Account    Account
	Campaigns  map[int64]Campaign
	EventTypes map[int64]EventType
	Partners   map[int64]Partner
	PromoCodes map[PromoKey]PromoCode
	Contracts  map[int64]Contract
	// Terms has every version ever recorded, oldest first, by contract and event type.
	Terms map[TermsOf][]Terms
	// Notifications say who is told of what becomes of actions; no rule reads them.
	Notifications map[int64]Notification

	// zone and contractsOf are drawn from the rest by Prepare.
	zone        *time.Location
	contractsOf map[relation][]Contract
}

// relation is what a contract binds.
type relation struct{ campaign, partner int64 }

// Prepare draws up what makes lookups fast. Whoever loads a Reference calls it
// once, before sharing it and after its last change.
func (r *Reference) Prepare() error {
	zone, err := time.LoadLocation(r.Account.Zone)
	if err != nil {
		return fmt.Errorf("zone of account %d: %w", r.Account.ID, err)
	}
	r.zone = zone
	r.contractsOf = make(map[relation][]Contract)
	for _, c := range r.Contracts {
		of := relation{c.Campaign, c.Partner}
		r.contractsOf[of] = append(r.contractsOf[of], c)
	}
	for _, contracts := range r.contractsOf {
		slices.SortFunc(contracts, func(a, b Contract) int {
			return cmp.Or(b.Start.Compare(a.Start), cmp.Compare(b.ID, a.ID))
		})
	}
	return nil
}

// Zone answers the account's time zone; the Reference must have been prepared.
func (r *Reference) Zone() *time.Location { return r.zone }

// Account is a program of its own: one currency, one time zone, one ledger.
type Account struct {
	ID       int64
	Name     string
	Currency money.Currency
	// Zone is the IANA name of the zone in which its dates are local.
	Zone string
	// ModificationLimit is how many submissions may change one action.
	ModificationLimit int `json:"Cap"`
}

// DefaultCap is an account's cap unless it says otherwise (docs/rules.md, section 6).
const DefaultModificationLimit = 1000

// Campaign is a partner program of an account.
type Campaign struct {
	ID    int64
	Name  string
	State string
	Type  string
	// FeeRate is what the network takes on each payout, in percent.
	FeeRate money.Decimal
	// Pricing says which terms a modification is priced with.
	Pricing Pricing
}

// Pricing is a campaign's choice of terms for modifications.
type Pricing string

// PricingCurrent takes the terms in force when the submission was accepted;
// PricingTracked those in force at EventDate, for the action's whole life.
const (
	PricingCurrent Pricing = "current"
	PricingTracked Pricing = "tracked"
)

// StateActive is the state of a campaign, event type, partner or contract in use.
const StateActive = "ACTIVE"

// EventType is a kind of event that pays: the wire's action tracker.
type EventType struct {
	ID, Campaign     int64
	Name, Code       string
	State            string
	CustomerStatuses []string
	Dispositions     []Disposition
	// DuplicateDays is the window in which an order id counts once.
	DuplicateDays int
}

// DefaultDuplicateDays is an event type's duplicate window unless it says otherwise.
const DefaultDuplicateDays = 365

// Disposition is a custom reason code of an event type.
type Disposition struct {
	// Code is case-sensitive, at most 64 characters.
	Code, Name string
	Effect     Effect
}

// Effect is what a custom disposition code does to an action.
type Effect string

// The effects: MODIFY only marks the action, APPROVE locks it at once, REJECT
// reverses it.
const (
	EffectModify  Effect = "MODIFY"
	EffectApprove Effect = "APPROVE"
	EffectReject  Effect = "REJECT"
)

// Partner is who earns the payouts.
type Partner struct {
	ID                   int64
	Name, State          string
	Currency, Zone, Type string
}

// PromoKey names a promo code of a campaign; codes compare without regard to case.
type PromoKey struct {
	Campaign int64
	// Upper is the code in upper case.
	Upper string
}

// PromoCode credits whoever uses it to its partner.
type PromoCode struct {
	// Campaign is the only one in which it counts.
	Campaign int64
	Code     string
	Partner  int64
	// End is the first EventDate at which it credits nobody; zero is none.
	End time.Time `json:",omitzero"`
}

// InForce reports whether the code credits its partner at an instant.
func (p PromoCode) InForce(at time.Time) bool { return p.End.IsZero() || at.Before(p.End) }

// Key answers the code's key in [Reference.PromoCodes].
func (p PromoCode) Key() PromoKey { return PromoKey{p.Campaign, strings.ToUpper(p.Code)} }

// Contract binds a partner to a campaign's terms for a time.
type Contract struct {
	ID, Campaign, Partner int64
	// Start and End bound the time it is in force: from Start until before End; a
	// zero End is none.
	Start, End time.Time
}

// InForce reports whether the contract is in force at an instant.
func (c Contract) InForce(at time.Time) bool {
	return !at.Before(c.Start) && (c.End.IsZero() || at.Before(c.End))
}

// Click is a referral that was registered: a later conversion can name it or its customer.
type Click struct {
	ID                string
	Campaign, Partner int64
	Customer          string
	At                time.Time
}
