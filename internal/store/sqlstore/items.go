package sqlstore

import "github.com/trueup-ledger/trueup/ledger"

const itemColumns = `sku, sub_category, mpn, brand, promo, tracked_name, tracked_category, tracked_quantity,
	tracked_amount, tracked_rebate, tracked_line_amount, tracked_line_quantity, tracked_payout,
	name, category, quantity, amount, rebate, line_amount, line_quantity, payout, adjusted, adjustment_reason`

func itemRow(i *ledger.Item) []any {
	t := &i.Tracked
	return []any{
		&i.SKU, &i.SubCategory, &i.MPN, &i.Brand, &i.Promo, &t.Name, &t.Category, &t.Quantity,
		&t.Amount, &t.Rebate, &t.Line.Amount, &t.Line.Quantity, &t.Payout,
		&i.Name, &i.Category, &i.Quantity, &i.Amount, &i.Rebate, &i.Line.Amount, &i.Line.Quantity, &i.Payout,
		(*instant)(&i.Adjusted), &i.AdjustmentReason,
	}
}

// items loads an action's items in recorded order.
func (s *session) items(account, action int64) ([]ledger.Item, error) {
	var item ledger.Item
	var items []ledger.Item
	err := s.rows("SELECT "+itemColumns+" FROM items WHERE account = ? AND action = ? ORDER BY position",
		[]any{account, action}, itemRow(&item), func() error {
			items = append(items, item)
			return nil
		})
	return items, err
}

var newItems = inserting("items", "action", "position", "sku text", "sub_category text", "mpn text", "brand text",
	"promo text", "tracked_name text", "tracked_category text", "tracked_quantity", "tracked_amount", "tracked_rebate",
	"tracked_line_amount", "tracked_line_quantity", "tracked_payout", "name text", "category text", "quantity", "amount",
	"rebate", "line_amount", "line_quantity", "payout", "adjusted", "adjustment_reason text")

// newItemRow answers a row of newItems.
func newItemRow(account, action int64, position int, i ledger.Item) []any {
	t := i.Tracked
	return []any{
		account, action, int64(position),
		i.SKU, i.SubCategory, i.MPN, i.Brand, i.Promo, t.Name, t.Category, t.Quantity,
		int64(t.Amount), int64(t.Rebate), int64(t.Line.Amount), t.Line.Quantity, int64(t.Payout),
		i.Name, i.Category, i.Quantity, int64(i.Amount), int64(i.Rebate), int64(i.Line.Amount), i.Line.Quantity,
		int64(i.Payout), microsOrNull(i.Adjusted), i.AdjustmentReason,
	}
}

var changedItems = updating("items", 2, "action", "position", "name text", "category text", "quantity", "amount", "rebate",
	"line_amount", "line_quantity", "payout", "adjusted", "adjustment_reason text")

// changedItemRow answers a row of changedItems.
func changedItemRow(account, action int64, position int, i ledger.Item) []any {
	return []any{
		account, action, int64(position),
		i.Name, i.Category, i.Quantity, int64(i.Amount), int64(i.Rebate), int64(i.Line.Amount),
		i.Line.Quantity, int64(i.Payout), microsOrNull(i.Adjusted), i.AdjustmentReason,
	}
}
