package actions

import (
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/ledger"
)

// selectItemsOfMany reads the items of the actions with an array of numbers. It looks up
// each action's items by their key.
var selectItemsOfMany = "SELECT i.action, " + itemTable.List("i") + ` FROM unnest(?2::bigint[]) AS n (number)
	CROSS JOIN LATERAL (SELECT action, ` + itemTable.List("items") + ` FROM items
		WHERE account = ?1 AND action = n.number ORDER BY position OFFSET 0) i`

// LoadMany returns the actions that exist among the given numbers, with their items, in one
// round trip. The database must support arrays.
func LoadMany(s *sqldb.Session, account int64, numbers []int64) (map[int64]*ledger.Action, error) {
	loaded := make(map[int64]*ledger.Action, len(numbers))
	var a ledger.Action
	err := s.RowsDeferred(loader.Array(), []any{account, numbers}, actionTable.Dest(&a), func() error {
		loaded[a.ID.Number] = new(a)
		return nil
	})
	if err != nil {
		return nil, err
	}
	var action int64
	var item ledger.Item
	err = s.Rows(selectItemsOfMany, []any{account, numbers}, append([]any{&action}, itemTable.Dest(&item)...), func() error {
		if a := loaded[action]; a != nil {
			a.Items = append(a.Items, item)
		}
		return nil
	})
	return loaded, err
}
