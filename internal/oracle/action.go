package oracle

import (
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// ItemState is the part of an item that submissions can change. Amounts are in
// minor units.
type ItemState struct {
	Name, Category                                             string
	Quantity, Amount, Rebate, LineAmount, LineQuantity, Payout int64
	// The last amount and quantity that were reported for the item alone.
	WeightAmount, WeightQuantity int64
	// The same amounts in the currency that the order was reported in, if that is another one.
	Original, LineOriginal, WeightOriginal int64
	// Converted reports that the line was reported in that currency.
	Converted bool
}

// report sets the amounts and quantity that somebody reported of the item.
func (s *ItemState) report(p pair, quantity int64) {
	s.Amount, s.LineAmount, s.WeightAmount = p.account, p.account, p.account
	s.Original, s.LineOriginal, s.WeightOriginal = p.original, p.original, p.original
	s.Quantity, s.LineQuantity, s.WeightQuantity = quantity, quantity, quantity
	s.Converted = p.converted
}

// reverse takes all of the item back.
func (s *ItemState) reverse() { s.Quantity, s.Amount, s.Original = 0, 0, 0 }

// withoutPayout returns the state without its payout.
func (s ItemState) withoutPayout() ItemState {
	s.Payout = 0
	return s
}

// withoutWeight returns the state without its weight.
func (s ItemState) withoutWeight() ItemState {
	s.WeightAmount, s.WeightQuantity, s.WeightOriginal = 0, 0, 0
	return s
}

// Item is one item of an action.
type Item struct {
	SKU, SubCategory string
	Now, Tracked     ItemState
	Adjusted         int64
	Reason           string
}

// ActionState is the part of an action that submissions can change, its items
// aside. Instants are in nanoseconds of Unix time, 0 for none.
type ActionState struct {
	CustomerStatus, Disposition string
	ReversedWhole               bool
	Locking                     int64
	OpenEnded                   bool
	FeeRate                     money.Decimal
}

// Action is an action as the oracle computes it.
type Action struct {
	ActionFields

	Items []Item

	// reported means that the present submission reported an item by itself.
	reported bool
	// late is not nil if the action is an effective one.
	late *lateness
	// asked is the currency of the present submission, if it names one.
	asked money.Currency
}

// ActionFields is an action without its items. It is comparable.
type ActionFields struct {
	ID                                ids.ActionID
	Partner                           int64
	Order, Promo                      string
	ReferralType                      string
	Currency                          money.Currency
	OriginalCurrency                  money.Currency
	Rate                              money.Rate
	OriginalAmount                    int64
	EventDate, Created, Updated, Last int64
	Customer                          ledger.Customer
	State, Tracked                    ActionState
	Terms                             program.TermsKey
	Amount, Payout, ClientCost        int64
	DeltaAmount, DeltaPayout          int64
	IntendedAmount, IntendedPayout    int64
	Modifications, ModificationLimit  int
	// Fixed reports that the conversion fixed the payout.
	Fixed bool
	// Erased is not nil if the personal data were erased.
	Erased *program.Erased
}

// Update is one update of an action.
type Update struct {
	Item                                int
	SKU, Disposition, Category          string
	Quantity, DeltaAmount, DeltaPayout  int64
	Terms                               program.TermsKey
	Group, Number, Submission, Recorded int64

	State                               ledger.State
	Detail, Description, CustomerStatus string
	Locking                             int64
	OpenEnded                           bool
}

// record sets the state that the update u records: that of a, the action after the
// submission (section 6).
func (u *Update) record(a Action, at time.Time, dispositions []program.Disposition) {
	u.State, u.CustomerStatus, u.Locking, u.OpenEnded = a.StateAt(at), a.State.CustomerStatus, a.State.Locking, a.State.OpenEnded
	if u.State == ledger.Reversed {
		u.Description = "Reversed/" + u.Disposition
		return
	}
	if u.State == ledger.Approved {
		u.Detail, u.Description = "PAYMENT_PENDING", "Approved/Payment Pending"
		return
	}
	u.Description = "Pending"
	if a.State.OpenEnded {
		u.Detail, u.Description = "OPEN", "Pending/Open"
	}
	for _, custom := range dispositions {
		if custom.Code == a.State.Disposition {
			u.Detail, u.Description = "", "Pending/"+custom.Name
		}
	}
}

// nanos returns the instant in nanoseconds of Unix time, 0 for the zero time.
func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

func (a Action) clone() Action {
	a.Items = slices.Clone(a.Items)
	return a
}

// Equal reports whether a and b are the same in every field.
func (a Action) Equal(b Action) bool {
	return a.ActionFields == b.ActionFields && slices.Equal(a.Items, b.Items)
}

func (a Action) everyItemReversed() bool {
	for _, item := range a.Items {
		if item.Now.Quantity != 0 {
			return false
		}
	}
	return true
}

// StateAt returns the action's state at the instant t (section 7).
func (a Action) StateAt(t time.Time) ledger.State {
	switch {
	case a.everyItemReversed():
		return ledger.Reversed
	case nanos(t) >= a.State.Locking:
		return ledger.Approved
	}
	return ledger.Pending
}

// sum computes the totals and the client cost from the items, and reports whether
// they are within the limits of amounts.
func (a *Action) sum() bool {
	a.Amount, a.Payout, a.OriginalAmount = 0, 0, 0
	for _, item := range a.Items {
		a.Amount += item.Now.Amount
		a.Payout += item.Now.Payout
		a.OriginalAmount += item.Now.Original
	}
	fee, ok := roundMinor(product(integer(a.Payout), percent(a.State.FeeRate)), a.Currency)
	a.ClientCost = a.Payout + fee
	return ok && a.originalFits() && fits(a.Amount, a.Currency) && fits(a.Payout, a.Currency) && fits(a.ClientCost, a.Currency)
}
