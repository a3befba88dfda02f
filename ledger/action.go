package ledger

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/money"
)

// ActionID names an action: the campaign and event type it was tracked for and
// a number that is unique in the account. Its text is "1000.4636.158133".
type ActionID struct {
	Campaign, EventType, Number int64
}

// String answers the id's text, or "" for the zero id.
func (id ActionID) String() string {
	if id == (ActionID{}) {
		return ""
	}
	return fmt.Sprintf("%d.%d.%d", id.Campaign, id.EventType, id.Number)
}

// ParseActionID reads what [ActionID.String] writes.
func ParseActionID(s string) (ActionID, error) {
	n, err := parseNumbers(s, 3)
	if err != nil {
		return ActionID{}, err
	}
	return ActionID{Campaign: n[0], EventType: n[1], Number: n[2]}, nil
}

// MarshalText writes what [ActionID.String] does.
func (id ActionID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads what [ParseActionID] does; an empty text is the zero id.
func (id *ActionID) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*id = ActionID{}
		return nil
	}
	*id, err = ParseActionID(string(text))
	return err
}

// parseNumbers reads positive numbers of up to 16 digits between dots.
func parseNumbers(s string, count int) ([]int64, error) {
	parts := strings.Split(s, ".")
	if len(parts) != count {
		return nil, fmt.Errorf("%q is not %d numbers between dots", s, count)
	}
	numbers := make([]int64, count)
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 63)
		if err != nil || n == 0 || len(part) > 16 || part[0] == '0' {
			return nil, fmt.Errorf("%q is not %d numbers between dots", s, count)
		}
		numbers[i] = int64(n)
	}
	return numbers, nil
}

// State is what becomes of an action's payout.
type State string

// The states of an action. PENDING turns into APPROVED by the passing of time
// alone (docs/rules.md, section 7).
const (
	Pending  State = "PENDING"
	Approved State = "APPROVED"
	Reversed State = "REVERSED"
)

// Totals are an action's sums over its items, in the action's currency.
type Totals struct {
	Amount, Payout money.Amount
}

func (t Totals) minus(u Totals) Totals {
	return Totals{Amount: t.Amount - u.Amount, Payout: t.Payout - u.Payout}
}

// ActionState is what submissions can change of an action, beside its items.
type ActionState struct {
	// CustomerStatus is the customer's, as "NEW"; terms can depend on it.
	CustomerStatus string
	// Disposition is the custom code that was last applied, or "".
	Disposition string
	// ReversedWhole marks an action that was reversed as a whole: it takes no
	// modification but RESET and undo.
	ReversedWhole bool
	// Locking is the instant from which nothing changes any more.
	Locking time.Time
	// OpenEnded says that Locking is only the latest instant: terms that lock by
	// an APPROVE code show no locking date until then.
	OpenEnded bool
	// FeeRate is the campaign's, in percent, at the time of pricing.
	FeeRate money.Decimal
}

// Action is an order credited to a partner.
type Action struct {
	ID       ActionID
	Partner  int64
	Order    string
	Currency money.Currency

	EventDate time.Time
	// Created and Updated are instants of application; APPROVED is no update.
	Created, Updated time.Time

	Referral Referral
	Customer Customer
	SharedID string
	Note     string
	// Extras are parameters of the conversion that no rule reads, as given.
	Extras map[string]string

	ActionState
	// Tracked is the state and Items[i].Tracked are the items to which RESET returns.
	Tracked ActionState
	// Terms are those that priced the conversion.
	Terms TermsKey

	// Items are in recorded order; at least one.
	Items []Item
	// Totals and Reversed, which says that every item is reversed, are drawn from
	// the items and kept, so that an action can be read without them. Delta is the
	// latest change of the totals and Intended what was tracked.
	Totals
	Reversed        bool
	Delta, Intended Totals
	// ClientCost is the payout and the fee on it.
	ClientCost money.Amount

	// Modifications counts the submissions that changed the action; Cap is the
	// most it takes where the account gives less.
	Modifications, ModificationLimit int
	// Last is the newest update's place in the action's chain.
	Last ChainPosition
}

// Referral says what credited the partner.
type Referral struct {
	// Type is one of the wire's ReferringTypes, as "PROMOCODE".
	Type string
	// Date is the instant of the click or action that referred, if there was one.
	Date                time.Time
	PromoCode, CallerID string
}

// Customer is what a conversion tells of the buyer. It is personal data.
type Customer struct {
	ID, PostCode, City, Region, Country string
	// IPHash is a keyed hash; the address itself is kept nowhere.
	IPHash string
}

// State answers the action's state at an instant: nothing has to run for an
// action to become APPROVED.
func (a Action) State(at time.Time) State {
	switch {
	case a.Reversed:
		return Reversed
	case a.locked(at):
		return Approved
	default:
		return Pending
	}
}

// MaxCap is the largest cap of modifications.
const MaxModificationLimit = 1_000_000_000

// WithModificationLimit answers the action with a cap of its own (docs/rules.md, section 6), or a
// [*Rejection]. What the account gives to every action it cannot take away.
func (a Action) WithModificationLimit(limit int, account Account) (Action, error) {
	if limit < account.ModificationLimit || limit > MaxModificationLimit {
		return Action{}, reject(CodeMalformed, "cap", "Must be a whole number from %d, which the account gives, to %d.", account.ModificationLimit, MaxModificationLimit)
	}
	a.ModificationLimit = limit
	return a, nil
}

func (a Action) allReversed() bool {
	for _, item := range a.Items {
		if item.Quantity > 0 {
			return false
		}
	}
	return true
}

func (a Action) locked(at time.Time) bool { return !at.Before(a.Locking) }

// clone answers a copy that shares no items with a.
func (a Action) clone() Action {
	a.Items = append([]Item(nil), a.Items...)
	return a
}

// reset answers the action with the states that RESET returns it to; its sums are
// not drawn yet.
func (a Action) reset() Action {
	a = a.clone()
	a.ActionState = a.Tracked
	for i := range a.Items {
		a.Items[i].ItemState = a.Items[i].Tracked
	}
	return a
}

// AsTracked answers the action as its conversion left it, given the last update
// that the conversion wrote: where a replay begins. The error is of an action
// that no conversion can have made.
func (a Action) AsTracked(last ChainPosition) (Action, error) {
	a = a.reset()
	for i := range a.Items {
		a.Items[i].Adjusted, a.Items[i].AdjustmentReason = time.Time{}, ""
	}
	err := a.sum()
	a.Intended, a.Delta = a.Totals, a.Totals
	a.Updated, a.Modifications, a.Last = a.Created, 0, last
	return a, err
}
