package actions

import (
	"errors"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
)

// Inserts collects new actions, items and updates, to be written together.
type Inserts struct{ actions, latest, items, updates [][]any }

// AddAction adds a new action with its items. Neither may change before the rows are
// written.
func (p *Inserts) AddAction(d *sqldb.Dialect, account int64, a *ledger.Action) {
	p.actions = append(p.actions, insertAction.Row(a, account))
	if hasLatest(d) {
		p.latest = append(p.latest, []any{account, column.Micros(a.Updated), a.ID.Number})
	}
	for i := range a.Items {
		p.items = append(p.items, insertItem.Row(&a.Items[i], account, a.ID.Number, int64(i)))
	}
}

// AddUpdates adds new updates. They may not change before the rows are written.
func (p *Inserts) AddUpdates(account int64, updates []ledger.Update) {
	for i := range updates {
		p.updates = append(p.updates, insertUpdate.Row(&updates[i], account))
	}
}

// Write writes the rows.
func (p *Inserts) Write(s *sqldb.Session) error {
	return errors.Join(s.WriteRows(insertAction.Bulk, p.actions), s.WriteRows(insertLatest, p.latest),
		s.WriteRows(insertItem.Bulk, p.items), s.WriteRows(insertUpdate.Bulk, p.updates))
}

// Changes collects changes of stored actions and items, to be written together.
type Changes struct{ state, latest, locking, items [][]any }

// Add adds the difference between an action as it is stored and as it is now. The
// latter may not change before the rows are written.
func (c *Changes) Add(d *sqldb.Dialect, account int64, before, after *ledger.Action) {
	number := after.ID.Number
	c.state = append(c.state, updateState.Row(after, account))
	if hasLatest(d) && !after.Updated.Equal(before.Updated) {
		c.latest = append(c.latest, []any{account, number, column.Micros(before.Updated), column.Micros(after.Updated)})
	}
	if !after.LockingDate.Equal(before.LockingDate) || after.OpenEnded != before.OpenEnded {
		c.locking = append(c.locking, updateLocking.Row(after, account))
	}
	for i := range after.Items {
		if after.Items[i] != before.Items[i] {
			c.items = append(c.items, updateItem.Row(&after.Items[i], account, number, int64(i)))
		}
	}
}

// Write writes the rows.
func (c *Changes) Write(s *sqldb.Session) error {
	return errors.Join(s.WriteRows(updateState.Bulk, c.state), s.WriteRows(updateLatest, c.latest),
		s.WriteRows(updateLocking.Bulk, c.locking), s.WriteRows(updateItem.Bulk, c.items))
}

// hasLatest reports whether the table latest finds actions by their last update.
func hasLatest(d *sqldb.Dialect) bool { return d.Name == sqldb.PostgreSQL }

var (
	insertLatest = sqldb.BulkInsert("latest", "updated", "action")
	updateLatest = sqldb.BulkUpdateWhere("latest",
		"UPDATE latest SET updated = ?4 WHERE account = ?1 AND action = ?2 AND updated = ?3",
		"updated = v.after", "latest.action = v.action AND latest.updated = v.before", "action", "before", "after")
)

// SetModificationLimit writes the action's own limit of modifications.
func SetModificationLimit(s *sqldb.Session, account int64, a ledger.Action) error {
	return s.Exec("UPDATE actions SET cap = ? WHERE account = ? AND number = ?", int64(a.ModificationLimit), account, a.ID.Number)
}
