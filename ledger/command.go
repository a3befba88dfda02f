package ledger

import (
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/money"
)

// Command is what a submission asks for: a [Conversion], [Modification],
// [Reversal] or [Undo]. Its JSON is kept on disk; names are never reused.
type Command interface {
	// Kind answers the command's kind.
	Kind() Kind
	decide(w Lookup, s Submission, t ApplyContext) (Change, error)
}

// Kind tells commands apart on disk.
type Kind string

// The kinds of command.
const (
	KindConversion   Kind = "Conversion"
	KindModification Kind = "Modification"
	KindReversal     Kind = "Reversal"
	KindUndo         Kind = "Undo"
)

// Kind answers [KindConversion].
func (Conversion) Kind() Kind { return KindConversion }

// Kind answers [KindModification].
func (Modification) Kind() Kind { return KindModification }

// Kind answers [KindReversal].
func (Reversal) Kind() Kind { return KindReversal }

// Kind answers [KindUndo].
func (Undo) Kind() Kind { return KindUndo }

// Address names an action: by its id, or by event type and order id, then the
// newest such action is meant. Given both ways they must agree.
type Address struct {
	Action    ActionID `json:",omitzero"`
	EventType int64    `json:",omitzero"`
	Order     string   `json:",omitzero"`
}

// Modification changes items of an action, or the action itself.
type Modification struct {
	Address
	// Reason is ORDER_UPDATE for items; for the action a predefined reason, RESET
	// or a custom code of the event type.
	Reason string
	// Items change all or none; empty for a modification of the action itself.
	Items []ItemChange `json:",omitzero"`
	// Amount is the action's new total; only without items.
	Amount         *money.Decimal `json:",omitzero"`
	CustomerStatus *string        `json:",omitzero"`
	// Currency is that of the amounts; "" means the account's.
	Currency money.Currency `json:",omitzero"`
	// Expected is the last update the caller has seen; a newer one is STALE_ACTION.
	Expected UpdateID `json:",omitzero"`
	Note     string   `json:",omitzero"`
}

// ItemChange is what a modification asks of one item. Which fields may come
// together is said in docs/rules.md, section 4.
type ItemChange struct {
	// Number is the one behind the parameters' names; 1 may be left out there.
	Number int `json:",omitzero"`
	SKU    string
	// Quantity is absolute, QuantityDelta signed and relative.
	Quantity      *int64 `json:",omitzero"`
	QuantityDelta *int64 `json:",omitzero"`
	// Amount is the line's new revenue, AmountDelta its signed change.
	Amount      *money.Decimal `json:",omitzero"`
	AmountDelta *money.Decimal `json:",omitzero"`
	Category    *string        `json:",omitzero"`
	Name        *string        `json:",omitzero"`
	Rebate      *money.Decimal `json:",omitzero"`
}

// Reversal reverses an action as a whole.
type Reversal struct {
	Address
	// Reason is a predefined reason or a custom code whose effect is REJECT.
	Reason   string
	Expected UpdateID `json:",omitzero"`
	Note     string   `json:",omitzero"`
}

// Undo gives what a submission changed back the values from before.
type Undo struct {
	// Submission is the number of the submission to undo.
	Submission int64
	// Expected is the last update the caller has seen; a newer one is STALE_ACTION.
	Expected UpdateID `json:",omitzero"`
	Note     string   `json:",omitzero"`
}

// Conversion reports an order with its items.
type Conversion struct {
	Campaign int64
	// EventType names the event type by id or EventTypeCode by code; the id wins.
	EventType     int64  `json:",omitzero"`
	EventTypeCode string `json:",omitzero"`
	EventDate     time.Time
	Order         string
	// Currency is that of the amounts; "" means the account's.
	Currency money.Currency `json:",omitzero"`

	// The attribution keys, in the order in which they decide. OtherKey says that
	// one was given that credits nobody here.
	Partner   int64  `json:",omitzero"`
	PromoCode string `json:",omitzero"`
	Click     string `json:",omitzero"`
	Customer  string `json:",omitzero"`
	OtherKey  bool   `json:",omitzero"`
	CallerID  string `json:",omitzero"`
	// Inquiry is the number of the inquiry by which Partner is credited; 0 is none.
	Inquiry int64 `json:",omitzero"`

	CustomerStatus string `json:",omitzero"`
	PostCode       string `json:",omitzero"`
	City           string `json:",omitzero"`
	Region         string `json:",omitzero"`
	Country        string `json:",omitzero"`
	IPHash         string `json:",omitzero"`

	// Lines are the order's items as they were sent.
	Lines []ConversionLine `json:",omitzero"`
	// Amount is the order's total; SubTotal and PostDiscount are read only for an
	// order without lines.
	Amount       *money.Decimal `json:",omitzero"`
	SubTotal     *money.Decimal `json:",omitzero"`
	PostDiscount *money.Decimal `json:",omitzero"`
	// DiscountRate is in percent; Discount is spread over the items.
	Discount     *money.Decimal `json:",omitzero"`
	DiscountRate *money.Decimal `json:",omitzero"`
	// Payout is what the whole order pays, in the account's currency; nil means what
	// the terms say.
	Payout *money.Decimal `json:",omitzero"`

	Disposition string            `json:",omitzero"`
	SharedID    string            `json:",omitzero"`
	Note        string            `json:",omitzero"`
	Extras      map[string]string `json:",omitzero"`
}

// ConversionLine is one line of a reported order.
type ConversionLine struct {
	// Number is the one behind the parameters' names; 1 may be left out there.
	Number      int    `json:",omitzero"`
	SKU         string `json:",omitzero"`
	Name        string `json:",omitzero"`
	Category    string `json:",omitzero"`
	SubCategory string `json:",omitzero"`
	MPN         string `json:",omitzero"`
	Brand       string `json:",omitzero"`
	Promo       string `json:",omitzero"`
	// Quantity is 1 when it was not sent.
	Quantity *int64 `json:",omitzero"`
	// At most one of the three: Price per unit, SubTotal before discounts, Amount final.
	Price    *money.Decimal `json:",omitzero"`
	SubTotal *money.Decimal `json:",omitzero"`
	Amount   *money.Decimal `json:",omitzero"`
	// UnitDiscount is per unit, DiscountRate in percent, LineDiscount off the line.
	UnitDiscount *money.Decimal `json:",omitzero"`
	DiscountRate *money.Decimal `json:",omitzero"`
	LineDiscount *money.Decimal `json:",omitzero"`
	// Rebate is the customer's, for the whole line.
	Rebate *money.Decimal `json:",omitzero"`
}

// field answers a parameter's name with the number of its line, as in "Quantity2".
func field(name string, number int) string {
	if number <= 1 {
		return name
	}
	return name + strconv.Itoa(number)
}
