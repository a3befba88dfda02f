package webhooks

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/actions"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/apply"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/billing"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/listing"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// maxUpdates is the number of updates that are read if a chunk of them has no complete
// change. It is more than one submission can write.
const maxUpdates = 2 * ledger.MaxItems

// NextEvents implements [store.Webhooks].
func (o *Outbox) NextEvents(
	ctx context.Context, accountID int64, n program.Notification, now time.Time, limit int,
) (events store.Events, err error) {
	err = account.Read(ctx, o.DB, accountID, func(r *account.Snapshot) error {
		f := finder{
			Lookup: apply.NewLookup(r.Session, o.Versions, accountID), account: accountID, notification: n, limit: limit,
		}
		if err := f.due(now); err != nil {
			return err
		}
		err := f.afterCursor()
		events = f.Events
		return err
	})
	if err != nil {
		return store.Events{}, fmt.Errorf("events of notification %d of account %d: %w", n.ID, accountID, err)
	}
	return events, nil
}

// finder finds the next events of a notification.
type finder struct {
	*apply.Lookup
	account      int64
	notification program.Notification
	limit        int
	store.Events
}

// change identifies a submission that changed an action by the last record that it wrote, or an
// invoice that was issued or paid.
type change struct {
	number, submission int64
	// subject is the subject of the event, and action the action with that number.
	subject  int64
	action   ids.ActionID
	attempts int
}

// eventID returns the id of the event with a number and a subject, which is that of the action or
// the invoice with the ordinal.
func eventID(number, subject int64, action ids.ActionID, ordinal int64) store.EventID {
	id := store.EventID{Number: number, Action: action}
	if subject < 0 {
		id.Invoice = invoice.ID{Partner: -subject, Number: ordinal}
		return id
	}
	id.Action.Number = subject
	return id
}

// due adds the deliveries that are due for another attempt, up to half of the limit: new
// events must not wait for failing ones. Of each subject it adds only the first pending
// delivery. No other is due before it, so that the query skips few rows (see [writer]).
func (f *finder) due(now time.Time) error {
	changes, err := column.Collect(f.Session, `SELECT d.number, d.submission, d.action, d.attempts FROM deliveries d
		WHERE d.account = ? AND d.notification = ? AND d.due <= ? AND NOT EXISTS (SELECT 1 FROM deliveries e
			WHERE e.account = d.account AND e.notification = d.notification AND e.action = d.action
			AND e.due IS NOT NULL AND e.number < d.number)
		ORDER BY d.due, d.number LIMIT ?`, []any{f.account, f.notification.ID, column.Micros(now), int64(f.limit+1) / 2},
		func(c *change) []any { return []any{&c.number, &c.submission, &c.subject, &c.attempts} })
	if err != nil {
		return err
	}
	for _, c := range changes {
		e, err := f.event(c)
		if err != nil {
			return err
		}
		e.Stored, e.Attempts = true, c.attempts
		f.List = append(f.List, e)
	}
	return nil
}

// afterCursor adds the events after the cursor, up to the limit.
func (f *finder) afterCursor() error {
	err := column.QueryRow(f.Session, "SELECT position FROM notifications WHERE account = ? AND id = ?",
		[]any{f.account, f.notification.ID}, &f.From)
	if err != nil {
		return err
	}
	f.To = f.From
	changes, err := f.changesAfter(f.From)
	if err != nil {
		return err
	}
	for _, c := range changes {
		if len(f.List) >= f.limit {
			break
		}
		f.To = c.number
		e, matches, err := f.matching(c)
		if err != nil {
			return err
		}
		if matches {
			f.List = append(f.List, e)
		}
	}
	return nil
}

// matching returns the event of a new change, and reports whether the notification subscribes to
// it.
func (f *finder) matching(c change) (e store.Event, matches bool, err error) {
	isInvoice := c.subject < 0
	if isInvoice && !slices.ContainsFunc(program.InvoiceEvents, f.notification.MatchesEvent) ||
		!isInvoice && !f.notification.MatchesAction(c.action.Campaign, c.action.EventType) {
		return e, false, nil
	}
	e, err = f.event(c)
	if err != nil || e.Problem == "" && !f.notification.MatchesEvent(e.Kind) || isInvoice && !f.matchesLine(*e.Invoice) {
		return e, false, err
	}
	e.Blocked, err = f.hasPending(c.subject)
	return e, true, err
}

// matchesLine reports whether an invoice has a line of the notification's campaign.
func (f *finder) matchesLine(v invoice.Record) bool {
	return slices.ContainsFunc(v.Lines, func(l invoice.Line) bool { return l.Campaign == f.notification.Campaign })
}

// changesAfter returns the next changes whose updates follow a number.
func (f *finder) changesAfter(number int64) (changes []change, err error) {
	for _, limit := range []int{listing.Chunk, maxUpdates} {
		if changes, err = f.completeChanges(number, limit); err != nil || len(changes) > 0 {
			break
		}
	}
	return changes, err
}

// selectUpdated, selectAdjusted and selectInvoiced select the next records after a number.
var (
	selectUpdated = "SELECT u.number, " + actions.SubmissionOf + ", u.action, a.campaign, a.event_type" + actions.FromUpdates +
		"WHERE u.account = ? AND u.number > ? ORDER BY u.number LIMIT ?"
	selectAdjusted = `SELECT d.number, d.submission, d.action, a.campaign, a.event_type FROM adjustments d
		JOIN actions a ON a.account = d.account AND a.number = d.action
		WHERE d.account = ? AND d.number > ? ORDER BY d.number LIMIT ?`
	selectInvoiced = `SELECT number, 0, -partner, 0, 0 FROM invoices WHERE account = ?1 AND number > ?2
		UNION ALL SELECT number, 0, -partner, 0, 0 FROM payments WHERE account = ?1 AND number > ?2 ORDER BY 1 LIMIT ?3`
)

// completeChanges returns the changes whose records are all among the next limit ones.
func (f *finder) completeChanges(number int64, limit int) (changes []change, err error) {
	var records []change
	end := int64(math.MaxInt64) // the records from there on are not all read
	for _, query := range []string{selectUpdated, selectAdjusted, selectInvoiced} {
		read, err := column.Collect(f.Session, query, []any{f.account, number, int64(limit)}, func(c *change) []any {
			return []any{&c.number, &c.submission, &c.subject, &c.action.Campaign, &c.action.EventType}
		})
		if err != nil {
			return nil, err
		}
		if len(read) == limit {
			end = min(end, read[limit-1].number)
		}
		records = append(records, read...)
	}
	slices.SortFunc(records, func(a, b change) int { return cmp.Compare(a.number, b.number) })
	for _, c := range records {
		if c.number > end {
			break
		}
		if last := len(changes) - 1; last >= 0 && c.submission != 0 && changes[last].submission == c.submission {
			changes[last] = c
		} else {
			changes = append(changes, c)
		}
	}
	if end != math.MaxInt64 { // the last change may have more records
		changes = changes[:len(changes)-1]
	}
	return changes, nil
}

// hasPending reports whether an earlier event of the subject is pending.
func (f *finder) hasPending(subject int64) (bool, error) {
	return column.Exists(f.Session, "SELECT 1 FROM deliveries WHERE account = ? AND notification = ? AND action = ? AND due IS NOT NULL LIMIT 1",
		f.account, f.notification.ID, subject)
}

// event returns the event of a change.
func (f *finder) event(c change) (e store.Event, err error) {
	if c.subject < 0 {
		return f.invoiced(c)
	}
	c.action.Number = c.subject
	e, err = f.changed(c)
	e.ID = store.EventOfUpdate(e.Update.ID())
	return e, err
}

// invoiced returns the event of an invoice that was issued or paid.
func (f *finder) invoiced(c change) (e store.Event, err error) {
	v, err := billing.InvoiceOf(f.Session, f.account, c.number)
	if err != nil {
		return e, err
	}
	e.Kind = program.EventPaid
	if c.number == v.Number {
		e.Kind, v.Payment = program.EventInvoiced, nil
	}
	e.ID, e.Invoice = store.EventID{Number: c.number, Invoice: v.ID}, &v.Record
	return e, nil
}

// changed returns the event of a change of an action.
func (f *finder) changed(c change) (e store.Event, err error) {
	u, err := actions.LoadUpdate(f.Session, f.account, c.number)
	if errors.Is(err, ledger.ErrNotFound) {
		return f.adjusted(c)
	}
	if err != nil {
		return e, err
	}
	e.Update = u.Update
	before, after, err := f.beforeAndAfter(c)
	e.Kind, e.Action = store.EventOf(before, after), after
	if errors.Is(err, ledger.ErrNoHistory) { // other events must not wait for this one
		e.Problem, err = err.Error(), nil
	}
	return e, err
}

// adjusted returns the event of a change of a locked action. Its update has the number and the
// values of the last adjustment.
func (f *finder) adjusted(c change) (e store.Event, err error) {
	d, err := actions.LoadAdjustment(f.Session, f.account, c.number)
	if err != nil {
		return e, err
	}
	e.Kind = program.EventAdjusted
	e.Update = ledger.Update{
		ChainPosition: d.ChainPosition, Action: d.Action, Submission: d.Submission, At: d.At, Item: d.Item, SKU: d.SKU,
		Disposition: d.Reason, Quantity: d.To.Quantity, Delta: d.Delta(), Terms: d.Terms, Group: d.Group,
	}
	locked, err := f.Action(c.action.Number)
	switch {
	case err != nil:
		return e, err
	case d.State == nil: // other events must not wait for this one
		e.Problem = ledger.ErrNoHistory.Error()
		return e, nil
	}
	e.Action, err = locked.WithAdjustments(*d.State, d.ChainPosition)
	return e, err
}

// beforeAndAfter returns the action before and after a change. It reads later
// updates only if the action was changed since, or if it may have been reversed before.
func (f *finder) beforeAndAfter(c change) (before, after ledger.Action, err error) {
	after, err = f.Action(c.action.Number)
	tracked, newest := c.submission == c.action.Number, after.Last.Number == c.number
	switch {
	case err != nil || newest && tracked:
		return before, after, err
	case newest && !after.Reversed:
		return after, after, nil // the event doesn't depend on the rest of the state before
	case tracked:
		last, err := actions.LastTracked(f.Session, f.account, c.action.Number)
		if err == nil {
			after, err = after.AsTracked(last)
		}
		return before, after, err
	}
	return f.Change(c.submission)
}
