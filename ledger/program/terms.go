package program

import (
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/money"
)

// TermsOf identifies the contract and the event type that terms apply to.
type TermsOf struct {
	Contract, EventType int64
}

// TermsKey identifies one version of terms.
type TermsKey struct {
	TermsOf
	// Version counts from 1.
	Version int
}

// String returns the key as text, as in "3240326/2240/1".
func (k TermsKey) String() string {
	text := make([]byte, 0, 32)
	text = append(strconv.AppendInt(text, k.Contract, 10), '/')
	text = append(strconv.AppendInt(text, k.EventType, 10), '/')
	return string(strconv.AppendInt(text, int64(k.Version), 10))
}

// Terms define the payouts of actions of one event type under one contract and when these
// actions lock and clear. A recorded version never changes (docs/rules.md, section 3).
type Terms struct {
	TermsKey
	// From is the instant at which the version takes effect.
	From  time.Time
	Level Level
	// Default is the payout if no group matches.
	Default Payout
	// Groups are tried in order. The first that matches determines the payout.
	Groups []Group
	// PayoutCap is the maximum payout of one action. Nil means no cap.
	PayoutCap *money.Decimal `json:"Cap"`
	Locking   Locking
	// Clearing is zero unless it differs from [DefaultClearing].
	Clearing Clearing `json:",omitzero"`
	// LateReturns is the number of days after LockingDate in which submissions still make
	// adjustments. Zero means that a locked action accepts none.
	LateReturns int `json:",omitzero"`
}

// AdjustableUntil returns the instant at which an action with the LockingDate ceases to accept
// adjustments: the midnight in the zone that ends the last day of LateReturns.
func (t Terms) AdjustableUntil(locking time.Time, zone *time.Location) time.Time {
	year, month, day := locking.In(zone).Date()
	return Midnight(year, month, day+t.LateReturns+1, zone)
}

// WithFlatPayout returns the terms with a flat payout for the whole order in place
// of their own payout, groups and cap.
func (t Terms) WithFlatPayout(flat money.Decimal) Terms {
	t.Level, t.Default, t.Groups, t.PayoutCap = LevelOrder, Payout{Flat: &flat}, nil, nil
	return t
}

// Level is the level at which payouts are computed: for each item or for the whole order.
type Level string

// The levels.
const (
	LevelItem  Level = "ITEM"
	LevelOrder Level = "ORDER"
)

// Levels lists every Level.
var Levels = []Level{LevelItem, LevelOrder}

// Payout is either a flat amount or a rate in percent.
type Payout struct {
	Flat *money.Decimal
	Rate *money.Decimal
}

// Group is a payout group: a payout for the items or orders that meet all of its rules.
type Group struct {
	// ID is positive and unique within the terms.
	ID    int64
	Rules []Rule
	Payout
}

// Rule compares a variable with values. It is met if one comparison succeeds, or for
// [IsNot] if no value is equal.
type Rule struct {
	Variable Variable
	Operator Operator
	Values   []string
}

// Variable is the attribute of an item or an order that a rule compares.
type Variable string

// The variables. Those of items are allowed at [LevelItem] only.
const (
	ItemSKU          Variable = "ITEM_SKU"
	ItemCategory     Variable = "ITEM_CATEGORY"
	ItemSubCategory  Variable = "ITEM_SUBCATEGORY"
	PromoCodeUsed    Variable = "PROMO_CODE"
	CustomerStatus   Variable = "CUSTOMER_STATUS"
	CustomerCountry  Variable = "CUSTOMER_COUNTRY"
	CustomerRegion   Variable = "CUSTOMER_REGION"
	CustomerCity     Variable = "CUSTOMER_CITY"
	CustomerPostCode Variable = "CUSTOMER_POSTCODE"
	OrderCurrency    Variable = "CURRENCY"
	OrderTotal       Variable = "ORDER_TOTAL"
)

// Variables lists every Variable.
var Variables = []Variable{
	ItemSKU, ItemCategory, ItemSubCategory, PromoCodeUsed, CustomerStatus, CustomerCountry, CustomerRegion,
	CustomerCity, CustomerPostCode, OrderCurrency, OrderTotal,
}

// Operator is the comparison that a rule makes. Text is compared regardless of case.
type Operator string

// The operators. [GreaterThan] and [LessThan] apply to [OrderTotal] only.
const (
	Is          Operator = "IS"
	IsNot       Operator = "IS_NOT"
	StartsWith  Operator = "STARTS_WITH"
	Contains    Operator = "CONTAINS"
	GreaterThan Operator = "GREATER_THAN"
	LessThan    Operator = "LESS_THAN"
)

// Operators lists every Operator.
var Operators = []Operator{Is, IsNot, StartsWith, Contains, GreaterThan, LessThan}
