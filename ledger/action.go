package ledger

import (
	"time"

	"github.com/trueup-ledger/trueup/ledger/fieldgroup"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/item"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

// State is the state of an action.
type State string

// The states of an action. A pending action becomes approved when its locking date
// passes (docs/rules.md, section 7).
const (
	Pending  State = "PENDING"
	Approved State = "APPROVED"
	Reversed State = "REVERSED"
)

// States lists every State.
var States = []State{Pending, Approved, Reversed}

// StateDetail refines a State.
type StateDetail string

// The details of a state.
const (
	DetailOpen           StateDetail = "OPEN"
	DetailPaymentPending StateDetail = "PAYMENT_PENDING"
	DetailPaid           StateDetail = "PAID"
	DetailOverdue        StateDetail = "OVERDUE"
)

// Totals are the sums over an action's items, in the action's currency.
type Totals struct {
	Amount, Payout money.Amount
}

func (t Totals) minus(u Totals) Totals {
	return Totals{Amount: t.Amount - u.Amount, Payout: t.Payout - u.Payout}
}

// ActionState is the part of an action, besides its items, that submissions can change.
type ActionState struct {
	// CustomerStatus classifies the customer, for example "NEW". Terms can depend on it.
	CustomerStatus string
	// Disposition is the custom code that was applied last, or empty.
	Disposition string
	// ReversedWhole means that the action was reversed as a whole, not item by item. Then
	// it accepts only a RESET, an undo or another reversal.
	ReversedWhole bool
	// LockingDate is the instant from which the action can no longer change.
	LockingDate time.Time
	// OpenEnded means that a custom code can lock the action before LockingDate, so
	// LockingDate is not shown.
	OpenEnded bool
	// FeeRate is the campaign's fee rate at the time of pricing, in percent.
	FeeRate money.Decimal
}

// Action is an order credited to a partner.
type Action struct {
	ID       ids.ActionID
	Partner  int64
	Order    string
	Currency money.Currency
	Original Original

	EventDate time.Time
	// Created is the instant at which the conversion was applied, Updated that of the
	// latest submission that changed the action.
	Created, Updated time.Time

	Referral Referral
	Customer Customer
	SharedID string
	Note     string
	// Extras are parameters of the conversion that no rule reads.
	Extras map[string]string
	// Erased is that of the conversion.
	Erased *program.Erased

	ActionState
	// Changes are the last changes of the fields of ActionState.
	Changes fieldgroup.Changes
	// Tracked is the state as of the conversion. RESET restores it.
	Tracked ActionState
	// Terms are the terms that priced the conversion.
	Terms program.TermsKey
	// PayoutFixed means that the conversion fixed the payout: terms don't price the action,
	// and its payout follows the amount.
	PayoutFixed bool

	// Items is never empty.
	Items []Item
	// Totals are the sums over the items. Reversed means that every item is reversed.
	// Both are stored, so that an action can be read without its items.
	Totals
	Reversed bool
	// Delta is the latest change of the totals. Intended are the totals as of the
	// conversion.
	Delta, Intended Totals
	// ClientCost is the payout plus the fee.
	ClientCost money.Amount

	// Modifications counts the submissions that changed the action since its conversion.
	// ModificationLimit is the action's own limit. The larger of it and the account's
	// limit applies.
	Modifications, ModificationLimit int
	// Last is the position of the newest update.
	Last ids.ChainPosition
}

// Item is one line of an order.
type Item struct {
	SKU                            string
	SubCategory, MPN, Brand, Promo string

	ItemState
	// Changes are the last changes of the fields of ItemState.
	Changes fieldgroup.Changes
	// Tracked is the state as of the conversion.
	Tracked ItemState

	// Adjusted and AdjustmentReason describe the latest change. They are zero if the item
	// never changed.
	Adjusted         time.Time
	AdjustmentReason string
}

// ItemState is the part of an item that submissions can change.
type ItemState = item.State

// Line is the latest reported amount of an item and the quantity that it is for.
type Line = item.Line

// Referral records why the partner was credited.
type Referral struct {
	// Type is the ReferringType on the wire, such as "PROMOCODE".
	Type string
	// Date is the instant of the referring click or action, if there was one.
	Date                time.Time
	PromoCode, CallerID string
}

// Customer is the buyer, as the conversion describes it. It is personal data.
type Customer struct {
	ID, PostCode, City, Region, Country string
	// IPHash is a keyed hash. The address itself is not stored.
	IPHash string
}

// State returns the action's state at an instant.
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

// StateDetail returns the detail of the action's state at an instant, or "", and a
// description for people, such as "Pending/Open". A pending action with a custom
// disposition is described by the name of the code. The status is that of the invoice that has
// the action's payout, or empty if there is none.
func (a Action) StateDetail(at time.Time, eventType program.EventType, status invoice.Status) (detail StateDetail, description string) {
	switch state := a.State(at); {
	case state == Reversed:
		return "", "Reversed"
	case state == Approved && status == invoice.Paid:
		return DetailPaid, "Approved/Paid"
	case state == Approved && status == invoice.Overdue:
		return DetailOverdue, "Approved/Overdue"
	case state == Approved:
		return DetailPaymentPending, "Approved/Payment Pending"
	}
	for _, d := range eventType.Dispositions {
		if d.Code == a.Disposition {
			return "", "Pending/" + d.Name
		}
	}
	if a.OpenEnded {
		return DetailOpen, "Pending/Open"
	}
	return "", "Pending"
}

// MaxModificationLimit is the largest modification limit.
const MaxModificationLimit = 1_000_000_000

// WithModificationLimit returns the action with a limit of its own (docs/rules.md,
// section 6). A limit can only be raised: if it is below the present limit, which is the
// larger of the action's and the account's, or above [MaxModificationLimit], it returns a
// [*rejection.Rejection].
func (a Action) WithModificationLimit(limit int, account program.Account) (Action, error) {
	present := max(a.ModificationLimit, account.ModificationLimit)
	if limit < present || limit > MaxModificationLimit {
		return Action{}, rejection.New(rejection.CodeMalformed, "cap", "Must be a whole number from %d to %d: the present limit is %d and can only be raised.",
			present, MaxModificationLimit, present)
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

func (a Action) locked(at time.Time) bool { return !at.Before(a.LockingDate) }

// clone returns a copy that shares no items with a.
func (a Action) clone() Action {
	a.Items = append([]Item(nil), a.Items...)
	return a
}

// reset returns the action in its tracked state. It doesn't update the totals.
func (a Action) reset() Action {
	a = a.clone()
	a.ActionState = a.Tracked
	for i := range a.Items {
		a.Items[i].ItemState = a.Items[i].Tracked
	}
	return a
}

// AsTracked returns the action as of its conversion, from which a replay starts. The
// position is that of the conversion's last update. AsTracked returns an error if the sum
// of the tracked amounts has too many digits.
func (a Action) AsTracked(last ids.ChainPosition) (Action, error) {
	a = a.reset()
	for i := range a.Items {
		a.Items[i].Changes, a.Items[i].Adjusted, a.Items[i].AdjustmentReason = fieldgroup.Changes{}, time.Time{}, ""
	}
	a.Changes = fieldgroup.Changes{}
	err := a.sum()
	a.Intended, a.Delta = a.Totals, a.Totals
	a.Updated, a.Modifications, a.Last = a.Created, 0, last
	return a, err
}
