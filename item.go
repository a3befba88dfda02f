package trueup

import (
	"time"

	"github.com/trueup-ledger/trueup/money"
)

// Line is the last pair of amount and quantity that was reported for an item,
// not computed: from it, every other quantity is priced (docs/rules.md, section 4).
type Line struct {
	Amount   money.Amount
	Quantity int64
}

// ItemState is what submissions can change of an item.
type ItemState struct {
	Name, Category string
	// Quantity 0 means that the item is reversed.
	Quantity int64
	// Amount is the revenue of the line, not per unit.
	Amount money.Amount
	Rebate money.Amount
	Line   Line
	Payout money.Amount
}

// Item is one line of an order.
type Item struct {
	SKU                            string
	SubCategory, MPN, Brand, Promo string

	ItemState
	Tracked ItemState

	// Adjusted and AdjustmentReason tell of the latest change; zero when there was none.
	Adjusted         time.Time
	AdjustmentReason string
}
