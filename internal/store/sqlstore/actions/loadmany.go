package actions

import (
	"fmt"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/ledger"
)

// Key is the key of an action.
type Key struct{ Account, Number int64 }

// byKey returns a query that reads the columns in list of the rows of a table by an array of
// accounts ?1 and one of action numbers ?2. On a distributed database ?1 is the one account
// of all rows, by which it finds the node.
func byKey(d *sqldb.Dialect, table, number, list string) string {
	if d.Distributed {
		return fmt.Sprintf("SELECT %s FROM %s WHERE %s.account = ?1 AND %s.%s = ANY (?2::bigint[])", list, table, table, table, number)
	}
	return fmt.Sprintf("SELECT %s FROM unnest(?1::bigint[], ?2::bigint[]) AS v (account, number) JOIN %s ON %s.account = v.account AND %s.%s = v.number",
		list, table, table, table, number)
}

// arrays returns the arguments of [byKey].
func arrays(d *sqldb.Dialect, keys []Key) []any {
	accounts, numbers := make([]int64, len(keys)), make([]int64, len(keys))
	for i, k := range keys {
		accounts[i], numbers[i] = k.Account, k.Number
	}
	if d.Distributed {
		return []any{accounts[0], numbers}
	}
	return []any{accounts, numbers}
}

// LoadMany returns the actions that exist among the given ones, with their items, in one
// round trip. The database must support arrays. If it is distributed, the actions must be of
// one account.
func LoadMany(s *sqldb.Session, keys []Key) (map[Key]*ledger.Action, error) {
	loaded := make(map[Key]*ledger.Action, len(keys))
	var key Key
	var a ledger.Action
	err := s.RowsDeferred(byKey(s.Dialect(), "actions", "number", "actions.account, "+actionTable.List("actions")), arrays(s.Dialect(), keys),
		append([]any{&key.Account}, actionTable.Dest(&a)...), func() error {
			loaded[Key{key.Account, a.ID.Number}] = new(a)
			return nil
		})
	if err != nil {
		return nil, err
	}
	var item ledger.Item
	err = s.Rows(byKey(s.Dialect(), "items", "action", "items.account, items.action, "+itemTable.List("items"))+" ORDER BY items.account, items.action, items.position",
		arrays(s.Dialect(), keys), append([]any{&key.Account, &key.Number}, itemTable.Dest(&item)...), func() error {
			if a := loaded[key]; a != nil {
				a.Items = append(a.Items, item)
			}
			return nil
		})
	return loaded, err
}
