package actions

import (
	"errors"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/fieldgroup"
)

// Modified returns the numbers of the next actions after a number that were modified.
func Modified(s *sqldb.Session, account, after int64, limit int) ([]int64, error) {
	return column.Collect(s, "SELECT number FROM actions WHERE account = ? AND number > ? AND modifications > 0 ORDER BY number LIMIT ?",
		[]any{account, after, int64(limit)}, func(number *int64) []any { return []any{number} })
}

// Backfill collects what submissions replaced that an older program had applied.
type Backfill struct{ updates, items, actions, undone [][]any }

var (
	fillUpdate = historyTable.Update(replacedColumn)
	fillItem   = itemTable.Update(itemChanges)
	fillAction = actionTable.Update(actionChanges)
)

// AddChange adds the updates of a change.
func (b *Backfill) AddChange(account int64, c ledger.Change) {
	for i := range c.Updates {
		b.updates = append(b.updates, fillUpdate.Row(&recorded{Update: &c.Updates[i]}, account))
	}
	if c.Undone != 0 {
		b.undone = append(b.undone, []any{account, c.Undone, c.Updates[0].Submission})
	}
}

// AddAction adds the numbers of the submissions that changed an action last.
func (b *Backfill) AddAction(account int64, a *ledger.Action) {
	b.actions = append(b.actions, fillAction.Row(a, account))
	for i := range a.Items {
		if a.Items[i].Changes != (fieldgroup.Changes{}) {
			b.items = append(b.items, fillItem.Row(&a.Items[i], account, a.ID.Number, int64(i)))
		}
	}
}

// Len returns the number of rows of updates.
func (b *Backfill) Len() int { return len(b.updates) }

// Write writes the rows and removes them from b.
func (b *Backfill) Write(s *sqldb.Session) error {
	written := *b
	*b = Backfill{}
	return errors.Join(s.WriteRows(fillUpdate.Bulk, written.updates), s.WriteRows(fillItem.Bulk, written.items),
		s.WriteRows(fillAction.Bulk, written.actions), s.WriteRows(insertUndone, written.undone))
}
