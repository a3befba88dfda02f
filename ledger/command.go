package ledger

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// Command is the content of a submission: a [Conversion], [Modification], [Reversal] or
// [Undo]. Its JSON form is stored, so field names are never changed or reused.
type Command interface {
	// Kind returns the kind of the command.
	Kind() Kind
	// Validate checks the command against the time and the account, without a lookup. It
	// returns a rejection for each invalid field that it finds. An invalid command is not
	// accepted.
	Validate(at time.Time, account program.Account) []*Rejection

	decide(d decision) (Change, error)
}

// Kind is the kind of a command. It is stored with the command.
type Kind string

// The kinds of command.
const (
	KindConversion   Kind = "Conversion"
	KindModification Kind = "Modification"
	KindReversal     Kind = "Reversal"
	KindUndo         Kind = "Undo"
)

// decoders decode the JSON form of each kind of command.
var decoders = map[Kind]func(document []byte) (Command, error){
	KindConversion:   unmarshal[Conversion],
	KindModification: unmarshal[Modification],
	KindReversal:     unmarshal[Reversal],
	KindUndo:         unmarshal[Undo],
}

func unmarshal[C Command](document []byte) (Command, error) {
	var c C
	err := json.Unmarshal(document, &c)
	return c, err
}

// DecodeCommand decodes a command of the kind from its JSON form.
func DecodeCommand(kind Kind, document []byte) (Command, error) {
	decode, known := decoders[kind]
	if !known {
		return nil, fmt.Errorf("unknown kind of command %q", kind)
	}
	return decode(document)
}

// Kind returns [KindConversion].
func (Conversion) Kind() Kind { return KindConversion }

// Kind returns [KindModification].
func (Modification) Kind() Kind { return KindModification }

// Kind returns [KindReversal].
func (Reversal) Kind() Kind { return KindReversal }

// Kind returns [KindUndo].
func (Undo) Kind() Kind { return KindUndo }

// Address identifies an action by its id, or as the newest action with the event type and
// order id. If both are given, they must agree.
type Address struct {
	Action    ActionID `json:",omitzero"`
	EventType int64    `json:",omitzero"`
	Order     string   `json:",omitzero"`
}

// Modification changes items of an action or the action itself.
type Modification struct {
	Address
	// Reason is [ReasonOrderUpdate] for items. For the action it is a predefined reason
	// or a custom code of the event type.
	Reason string
	// Items are the changes of items. Either all of them take effect or none does.
	Items []ItemChange `json:",omitzero"`
	// Amount is the action's new total. It is not allowed with Items.
	Amount         *money.Decimal `json:",omitzero"`
	CustomerStatus *string        `json:",omitzero"`
	// Currency is the currency of the amounts. Empty means the account's.
	Currency money.Currency `json:",omitzero"`
	// Expected is the last update that the caller knows. A newer one causes a rejection
	// with [CodeStaleAction].
	Expected UpdateID `json:",omitzero"`
	Note     string   `json:",omitzero"`
}

// ItemChange changes one item. docs/rules.md, section 4, says which fields can be
// combined.
type ItemChange struct {
	// Number is the suffix of the parameters' names, such as 2 in "Sku2".
	Number int `json:",omitzero"`
	SKU    string
	// Quantity is absolute. QuantityDelta is relative and signed.
	Quantity      *int64 `json:",omitzero"`
	QuantityDelta *int64 `json:",omitzero"`
	// Amount is the new amount of the line. AmountDelta is its signed change.
	Amount      *money.Decimal `json:",omitzero"`
	AmountDelta *money.Decimal `json:",omitzero"`
	Category    *string        `json:",omitzero"`
	Name        *string        `json:",omitzero"`
	Rebate      *money.Decimal `json:",omitzero"`
}

// Reversal reverses an action as a whole.
type Reversal struct {
	Address
	// Reason is a predefined reason or a custom code with [program.EffectReject].
	Reason string
	// Expected is like [Modification.Expected].
	Expected UpdateID `json:",omitzero"`
	Note     string   `json:",omitzero"`
}

// Undo reverts the change that a submission made.
type Undo struct {
	// Submission is the number of the submission to undo.
	Submission int64
	// Expected is like [Modification.Expected].
	Expected UpdateID `json:",omitzero"`
	Note     string   `json:",omitzero"`
}

// Conversion reports an order with its items.
type Conversion struct {
	Campaign int64
	// EventType is the id of the event type. EventTypeCode is its code, used if the id is 0.
	EventType     int64  `json:",omitzero"`
	EventTypeCode string `json:",omitzero"`
	EventDate     time.Time
	Order         string
	// Currency is the currency of the amounts. Empty means the account's.
	Currency money.Currency `json:",omitzero"`

	// The attribution keys, in order of precedence. OtherKey means that a key was sent
	// that the ledger doesn't support.
	Partner   int64  `json:",omitzero"`
	PromoCode string `json:",omitzero"`
	Click     string `json:",omitzero"`
	Customer  string `json:",omitzero"`
	OtherKey  bool   `json:",omitzero"`
	// CallerID is only stored.
	CallerID string `json:",omitzero"`
	// Inquiry is the number of the inquiry that credits Partner, or 0.
	Inquiry int64 `json:",omitzero"`

	CustomerStatus string `json:",omitzero"`
	PostCode       string `json:",omitzero"`
	City           string `json:",omitzero"`
	Region         string `json:",omitzero"`
	Country        string `json:",omitzero"`
	IPHash         string `json:",omitzero"`

	// Lines are the lines of the order as they were sent.
	Lines []ConversionLine `json:",omitzero"`
	// Amount is the order's total. SubTotal and PostDiscount are for an order without
	// lines.
	Amount       *money.Decimal `json:",omitzero"`
	SubTotal     *money.Decimal `json:",omitzero"`
	PostDiscount *money.Decimal `json:",omitzero"`
	// Discount is spread over the items. DiscountRate is in percent.
	Discount     *money.Decimal `json:",omitzero"`
	DiscountRate *money.Decimal `json:",omitzero"`
	// Payout is the payout for the whole order, in the account's currency. Nil means that
	// the terms determine it.
	Payout *money.Decimal `json:",omitzero"`

	Disposition string            `json:",omitzero"`
	SharedID    string            `json:",omitzero"`
	Note        string            `json:",omitzero"`
	Extras      map[string]string `json:",omitzero"`
}

// ConversionLine is one line of a reported order.
type ConversionLine struct {
	// Number is the suffix of the parameters' names, such as 2 in "ItemSku2".
	Number      int    `json:",omitzero"`
	SKU         string `json:",omitzero"`
	Name        string `json:",omitzero"`
	Category    string `json:",omitzero"`
	SubCategory string `json:",omitzero"`
	MPN         string `json:",omitzero"`
	Brand       string `json:",omitzero"`
	Promo       string `json:",omitzero"`
	// Quantity defaults to 1.
	Quantity *int64 `json:",omitzero"`
	// At most one is set: Price per unit, SubTotal before discounts, or the final Amount.
	Price    *money.Decimal `json:",omitzero"`
	SubTotal *money.Decimal `json:",omitzero"`
	Amount   *money.Decimal `json:",omitzero"`
	// UnitDiscount is per unit. DiscountRate is in percent. LineDiscount is for the line.
	UnitDiscount *money.Decimal `json:",omitzero"`
	DiscountRate *money.Decimal `json:",omitzero"`
	LineDiscount *money.Decimal `json:",omitzero"`
	// Rebate is the customer's rebate for the whole line.
	Rebate *money.Decimal `json:",omitzero"`
}

// field returns the name of the parameter with the number, such as "Quantity2".
func field(name string, number int) string {
	if number <= 1 {
		return name
	}
	return name + strconv.Itoa(number)
}
