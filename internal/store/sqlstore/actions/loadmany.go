package actions

import (
	"fmt"
	"slices"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/ledger"
)

// Key is the key of an action.
type Key struct{ Account, Number int64 }

// byKey returns a query that reads the columns in list of the rows of a table by an array of
// accounts ?1 and one of action numbers ?2. It looks up each action by its key. On a
// distributed database ?1 is the one account of all rows, by which it finds the node.
func byKey(d *sqldb.Dialect, table, number, list string) string {
	if d.Distributed {
		return fmt.Sprintf("SELECT %s FROM %s r WHERE r.account = ?1 AND r.%s = ANY (?2::bigint[])", list, table, number)
	}
	each := "SELECT * FROM " + table + " WHERE account = v.account AND " + number + " = v.number OFFSET 0" //nolint:unqueryvet // the outer query names the columns
	return "SELECT " + list + " FROM unnest(?1::bigint[], ?2::bigint[]) AS v (account, number) CROSS JOIN LATERAL (" + each + ") r"
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
	err := s.RowsDeferred(byKey(s.Dialect(), "actions", "number", "r.account, "+actionTable.List("r")), arrays(s.Dialect(), keys),
		append([]any{&key.Account}, actionTable.Dest(&a)...), func() error {
			loaded[Key{key.Account, a.ID.Number}] = new(a)
			return nil
		})
	if err != nil {
		return nil, err
	}
	var item ledger.Item
	positions := make(map[Key][]int64)
	var position int64
	err = s.Rows(byKey(s.Dialect(), "items", "action", "r.account, r.action, r.position, "+itemTable.List("r")), arrays(s.Dialect(), keys),
		append([]any{&key.Account, &key.Number, &position}, itemTable.Dest(&item)...), func() error {
			a := loaded[key]
			if a == nil {
				return nil
			}
			i, _ := slices.BinarySearch(positions[key], position) // usually the end
			positions[key] = slices.Insert(positions[key], i, position)
			a.Items = slices.Insert(a.Items, i, item)
			return nil
		})
	return loaded, err
}
