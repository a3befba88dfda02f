package ledger

import (
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/money"
)

// TermsOf says whose terms they are.
type TermsOf struct {
	Contract, EventType int64
}

// TermsKey names one version of terms.
type TermsKey struct {
	TermsOf
	// Version counts from 1.
	Version int
}

// String answers the key's text, as in "3240326/2240/1".
func (k TermsKey) String() string {
	return fmt.Sprintf("%d/%d/%d", k.Contract, k.EventType, k.Version)
}

// Terms say what an event of one type pays under one contract, and when it
// locks. A version is never changed once recorded (docs/rules.md, section 3).
type Terms struct {
	TermsKey
	// From is the instant from which the version is in force, until the next one is.
	From  time.Time
	Level Level
	// Default pays where no group matches.
	Default Payout
	// Groups are in order of rank; the first that matches pays.
	Groups []Group
	// PayoutCap is the most that one action pays; nil for no cap.
	PayoutCap *money.Decimal `json:"Cap"`
	Locking   Locking
}

// paying answers the terms with a payout of their own for the whole order, whatever
// they say: an order's flat one, without groups or cap.
func (t Terms) paying(flat money.Decimal) Terms {
	t.Level, t.Default, t.Groups, t.PayoutCap = LevelOrder, Payout{Flat: &flat}, nil, nil
	return t
}

// Level says what a payout is computed on.
type Level string

// The levels: each item by itself, or the whole order.
const (
	LevelItem  Level = "ITEM"
	LevelOrder Level = "ORDER"
)

// Payout is either a flat amount or a rate in percent.
type Payout struct {
	Flat *money.Decimal
	Rate *money.Decimal
}

// Group is a payout for the items or orders for which all rules hold.
type Group struct {
	// ID is positive and unique in the terms.
	ID    int64
	Rules []Rule
	Payout
}

// Rule compares a variable with values that are alternatives.
type Rule struct {
	Variable Variable
	Operator Operator
	Values   []string
}

// Variable is what a rule looks at.
type Variable string

// The variables. Those of items are allowed at level ITEM only.
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

// Operator is how a rule compares. Texts compare without regard to case.
type Operator string

// The operators; [GreaterThan] and [LessThan] compare the order's total only.
const (
	Is          Operator = "IS"
	IsNot       Operator = "IS_NOT"
	StartsWith  Operator = "STARTS_WITH"
	Contains    Operator = "CONTAINS"
	GreaterThan Operator = "GREATER_THAN"
	LessThan    Operator = "LESS_THAN"
)

// Locking says when an action locks; exactly one of the three is set.
type Locking struct {
	// Days counts from EventDate: the action locks at the midnight that ends the last.
	Days int
	// Day and Months: at the midnight that begins the day, so many months after
	// EventDate's; the day is clamped to the month's end.
	Day, Months int
	// OpenEnded: by a code whose effect is APPROVE, at the latest after 730 days.
	OpenEnded bool
}

// OpenEndedDays is when open-ended actions lock at the latest.
const OpenEndedDays = 730
