package actions

import (
	"fmt"
	"iter"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/listing"
	"github.com/trueup-ledger/trueup/ledger"
)

// Reader reads the actions and updates of a snapshot. It implements the methods of
// [store.Reader] with the same names.
type Reader struct{ Snapshot *account.Snapshot }

// Action returns the action with the id, with its items.
func (r Reader) Action(id ledger.ActionID) (ledger.Action, error) {
	a, err := Load(r.Snapshot.Session, r.Snapshot.Account, id.Number)
	if err == nil && a.ID != id {
		err = ledger.ErrNotFound
	}
	if err != nil {
		return ledger.Action{}, fmt.Errorf("action %s: %w", id, err)
	}
	return a, nil
}

// Actions returns a page of the actions that match f, newest first, without items.
func (r Reader) Actions(f search.ActionFilter, p search.Page) (search.PageInfo, iter.Seq2[ledger.Action, error], error) {
	info, numbers, err := listActions(r.Snapshot, f).Page(p, listing.Uncounted)
	if err != nil {
		return search.PageInfo{}, nil, fmt.Errorf("list actions: %w", err)
	}
	return info, loader.Stream(r.Snapshot, numbers), nil
}

var selectUpdate = "SELECT " + updates.List("u") + ", " + table.List("a") + FromUpdates

func viewDest(u *store.UpdateView) []any {
	return append(updates.Dest(&u.Update), table.Dest(&u.Parent)...)
}

// LoadUpdate returns the update with the number, and its action without items.
func LoadUpdate(s *sqldb.Session, account, number int64) (u store.UpdateView, err error) {
	err = column.QueryRow(s, selectUpdate+"WHERE u.account = ? AND u.number = ?", []any{account, number}, viewDest(&u)...)
	return u, err
}

// Update returns the update with the id.
func (r Reader) Update(id ledger.UpdateID) (store.UpdateView, error) {
	u, err := LoadUpdate(r.Snapshot.Session, r.Snapshot.Account, id.Number)
	if err == nil && u.ID() != id {
		err = ledger.ErrNotFound
	}
	if err != nil {
		return store.UpdateView{}, fmt.Errorf("update %s: %w", id, err)
	}
	return u, nil
}

var updateLoader = listing.NewLoader(selectUpdate, "updates u", listing.Chunk,
	func(u *store.UpdateView) int64 { return u.Number }, viewDest)

// Updates returns a page of the updates that match f, newest first.
func (r Reader) Updates(f search.ActionFilter, p search.Page) (search.PageInfo, iter.Seq2[store.UpdateView, error], error) {
	l, err := listUpdates(r.Snapshot, f)
	if err != nil {
		return search.PageInfo{}, nil, fmt.Errorf("list updates: %w", err)
	}
	info, numbers, err := l.Page(p, listing.Uncounted)
	if err != nil {
		return search.PageInfo{}, nil, fmt.Errorf("list updates: %w", err)
	}
	return info, updateLoader.Stream(r.Snapshot, numbers), nil
}
