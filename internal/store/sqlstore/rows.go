package sqlstore

import (
	"errors"

	"github.com/trueup-ledger/trueup/ledger"
)

// fresh are rows to be inserted. Lookups by other than an action's number do not see
// them before they are written.
type fresh struct{ actions, latest, items, updates, outcomes [][]any }

// create adds a new action with its items.
func (f *fresh) create(d *dialect, account int64, a ledger.Action) error {
	row, err := newActionRow(account, a)
	if err != nil {
		return err
	}
	f.actions = append(f.actions, row)
	if d.latest {
		f.latest = append(f.latest, []any{account, micros(a.Updated), a.ID.Number})
	}
	for i, item := range a.Items {
		f.items = append(f.items, newItemRow(account, a.ID.Number, i, item))
	}
	return nil
}

// trace adds updates.
func (f *fresh) trace(account int64, updates []ledger.Update) {
	for _, u := range updates {
		f.updates = append(f.updates, newUpdateRow(account, u))
	}
}

func (f *fresh) write(s *session) error {
	return errors.Join(s.write(newActions, f.actions), s.write(newLatest, f.latest), s.write(newItems, f.items),
		s.write(newUpdates, f.updates), s.write(newOutcomes, f.outcomes))
}

// changed are rows to be updated.
type changed struct{ actions, latest, locking, items [][]any }

// change adds what differs between an action as it is stored and as it is.
func (c *changed) change(d *dialect, account int64, was, is ledger.Action) {
	number := is.ID.Number
	c.actions = append(c.actions, changedActionRow(account, is))
	if d.latest && !is.Updated.Equal(was.Updated) {
		c.latest = append(c.latest, []any{account, number, micros(was.Updated), micros(is.Updated)})
	}
	if !is.Locking.Equal(was.Locking) || is.OpenEnded != was.OpenEnded {
		c.locking = append(c.locking, []any{account, number, micros(is.Locking), flag(is.OpenEnded)})
	}
	for i, item := range is.Items {
		if item != was.Items[i] {
			c.items = append(c.items, changedItemRow(account, number, i, item))
		}
	}
}

func (c *changed) write(s *session) error {
	return errors.Join(s.write(changedActions, c.actions), s.write(changedLatest, c.latest),
		s.write(changedLocking, c.locking), s.write(changedItems, c.items))
}
