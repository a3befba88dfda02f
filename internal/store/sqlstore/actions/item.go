package actions

import (
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

type itemColumns = []column.Column[ledger.Item]

// trackedItem are the columns that the conversion sets and nothing changes.
var trackedItem = itemColumns{
	column.String("sku", func(i *ledger.Item) *string { return &i.SKU }),
	column.String("sub_category", func(i *ledger.Item) *string { return &i.SubCategory }),
	column.JSON("attributes",
		column.Text("MPN", func(i *ledger.Item) *string { return &i.MPN }),
		column.Text("Brand", func(i *ledger.Item) *string { return &i.Brand }),
		column.Text("Promo", func(i *ledger.Item) *string { return &i.Promo }),
	),
	column.String("tracked_name", func(i *ledger.Item) *string { return &i.Tracked.Name }),
	column.String("tracked_category", func(i *ledger.Item) *string { return &i.Tracked.Category }),
	column.Int("tracked_quantity", func(i *ledger.Item) *int64 { return &i.Tracked.Quantity }),
	column.Int("tracked_amount", func(i *ledger.Item) *money.Amount { return &i.Tracked.Amount }),
	column.Int("tracked_rebate", func(i *ledger.Item) *money.Amount { return &i.Tracked.Rebate }),
	column.Int("tracked_line_amount", func(i *ledger.Item) *money.Amount { return &i.Tracked.Line.Amount }),
	column.Int("tracked_line_quantity", func(i *ledger.Item) *int64 { return &i.Tracked.Line.Quantity }),
	column.Int("tracked_payout", func(i *ledger.Item) *money.Amount { return &i.Tracked.Payout }),
}

// itemState are the columns that a change of the item writes.
var itemState = itemColumns{
	column.String("name", func(i *ledger.Item) *string { return &i.Name }),
	column.String("category", func(i *ledger.Item) *string { return &i.Category }),
	column.Int("quantity", func(i *ledger.Item) *int64 { return &i.Quantity }),
	column.Int("amount", func(i *ledger.Item) *money.Amount { return &i.Amount }),
	column.Int("rebate", func(i *ledger.Item) *money.Amount { return &i.Rebate }),
	column.Int("line_amount", func(i *ledger.Item) *money.Amount { return &i.Line.Amount }),
	column.Int("line_quantity", func(i *ledger.Item) *int64 { return &i.Line.Quantity }),
	column.Int("payout", func(i *ledger.Item) *money.Amount { return &i.Payout }),
	column.NullTime("adjusted", func(i *ledger.Item) *time.Time { return &i.Adjusted }),
	column.String("adjustment_reason", func(i *ledger.Item) *string { return &i.AdjustmentReason }),
}

// items declares the columns of an item. Its key is the action's number and the
// item's position in the action.
var items = column.Table[ledger.Item]{
	Name: "items", Outer: []string{"action", "position"}, Columns: slices.Concat(trackedItem, itemState),
}

var (
	insertItem = items.Insert()
	updateItem = items.Update(itemState...)
)

var selectItems = "SELECT " + items.List("items") + " FROM items WHERE account = ? AND action = ? ORDER BY position"

// loadItems returns the items of an action in recorded order.
func loadItems(s *sqldb.Session, account, action int64) (loaded []ledger.Item, err error) {
	var item ledger.Item
	err = s.Rows(selectItems, []any{account, action}, items.Dest(&item), func() error {
		loaded = append(loaded, item)
		return nil
	})
	return loaded, err
}
