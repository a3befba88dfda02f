package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// maxEventRows is how many updates are looked at for events where a few are not enough:
// more than a submission can write.
const maxEventRows = 2 * ledger.MaxItems

// NextEvents answers what a notification has to tell now.
func (st *Store) NextEvents(
	ctx context.Context, account int64, n ledger.Notification, now time.Time, limit int,
) (events store.Events, err error) {
	err = st.snapshot(ctx, account, func(r *reader) error {
		f := finder{world: newWorld(r.session, st, account, ledger.Decide), of: n, limit: limit}
		if err := f.due(now); err != nil {
			return err
		}
		err := f.afterCursor()
		events = f.Events
		return err
	})
	if err != nil {
		return store.Events{}, fmt.Errorf("events of notification %d of account %d: %w", n.ID, account, err)
	}
	return events, nil
}

// finder looks for the events of a notification.
type finder struct {
	world
	of    ledger.Notification
	limit int
	store.Events
}

// eventRow is a submission that changed an action, by the last update it wrote.
type eventRow struct {
	number, submission int64
	action             ledger.ActionID
	attempts           int
}

// due finds the deliveries to be tried again, up to half of what is asked for: what is
// new must not wait for what fails. Of an action only the first one is: no other is due
// before it, so that a look skips few (see [keeping]).
func (f *finder) due(now time.Time) error {
	var rows []eventRow
	var row eventRow
	err := f.rows(`SELECT d.number, d.submission, d.action, d.attempts FROM deliveries d
		WHERE d.account = ? AND d.notification = ? AND d.due <= ? AND NOT EXISTS (SELECT 1 FROM deliveries e
			WHERE e.account = d.account AND e.notification = d.notification AND e.action = d.action
			AND e.due IS NOT NULL AND e.number < d.number)
		ORDER BY d.due, d.number LIMIT ?`, []any{f.account, f.of.ID, micros(now), int64(f.limit+1) / 2},
		[]any{&row.number, &row.submission, &row.action.Number, &row.attempts}, func() error {
			rows = append(rows, row)
			return nil
		})
	if err != nil {
		return err
	}
	for _, row := range rows {
		e, err := f.event(row)
		if err != nil {
			return err
		}
		e.Kept, e.Attempts = true, row.attempts
		f.List = append(f.List, e)
	}
	return nil
}

// afterCursor finds what is after the cursor, as far as there is room.
func (f *finder) afterCursor() error {
	if err := f.row("SELECT position FROM notifications WHERE account = ? AND id = ?", []any{f.account, f.of.ID}, &f.From); err != nil {
		return notFound(err)
	}
	f.To = f.From
	rows, err := f.after(f.From)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if len(f.List) >= f.limit {
			break
		}
		f.To = row.number
		if !f.of.Concerns(row.action) {
			continue
		}
		e, err := f.event(row)
		if err == nil {
			e.Behind, err = f.isBehind(row.action)
		}
		if err != nil {
			return err
		}
		if e.Fault != "" || f.of.Tells(e.Kind) {
			f.List = append(f.List, e)
		}
	}
	return nil
}

// after answers the submissions whose updates follow a number, each whole.
func (f *finder) after(number int64) (rows []eventRow, err error) {
	for _, most := range []int{chunk, maxEventRows} {
		if rows, err = f.whole(number, most); err != nil || len(rows) > 0 {
			break
		}
	}
	return rows, err
}

// whole answers those of which all updates are among so many.
func (f *finder) whole(number int64, most int) (rows []eventRow, err error) {
	var row eventRow
	count := 0
	err = f.rows("SELECT u.number, u.submission, u.action, a.campaign, a.event_type"+updatesWithActions+
		"WHERE u.account = ? AND u.number > ? ORDER BY u.number LIMIT ?", []any{f.account, number, int64(most)},
		[]any{&row.number, &row.submission, &row.action.Number, &row.action.Campaign, &row.action.EventType}, func() error {
			count++
			if last := len(rows) - 1; last >= 0 && rows[last].submission == row.submission {
				rows[last] = row
			} else {
				rows = append(rows, row)
			}
			return nil
		})
	if count == most { // the last one may go on
		rows = rows[:len(rows)-1]
	}
	return rows, err
}

// isBehind reports whether an event of the action waits.
func (f *finder) isBehind(action ledger.ActionID) (bool, error) {
	var one int
	err := notFound(f.row("SELECT 1 FROM deliveries WHERE account = ? AND notification = ? AND action = ? AND due IS NOT NULL LIMIT 1",
		[]any{f.account, f.of.ID, action.Number}, &one))
	if errors.Is(err, ledger.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// event loads what a submission did.
func (f *finder) event(row eventRow) (e store.Event, err error) {
	var view store.UpdateView
	if err := f.row(selectUpdate+"WHERE u.account = ? AND u.number = ?", []any{f.account, row.number}, updateViewRow(&view)...); err != nil {
		return e, notFound(err)
	}
	e.Update = view.Update
	was, is, err := f.asOf(row)
	e.Kind, e.Is = ledger.EventOf(was, is), is
	if errors.Is(err, store.ErrNotRepeated) { // others must not wait for it
		e.Fault, err = err.Error(), nil
	}
	return e, err
}

// asOf answers an action before and after a submission. What nobody changed since
// is read; only if it may have been reversed before, or was changed, it is decided again.
func (f *finder) asOf(row eventRow) (was, is ledger.Action, err error) {
	is, err = f.Action(row.action.Number)
	tracked, newest := row.submission == row.action.Number, is.Last.Number == row.number
	switch {
	case err != nil || newest && tracked:
		return was, is, err
	case newest && !is.Reversed:
		return is, is, nil // what it was exactly is nobody's business
	case tracked:
		last, err := f.trackedBy(f.account, row.action.Number)
		if err == nil {
			is, err = is.AsTracked(last)
		}
		return was, is, err
	}
	return f.Change(row.submission)
}
