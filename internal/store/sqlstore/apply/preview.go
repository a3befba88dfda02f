package apply

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/actions"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// maxPreviewItems is the number of items in memory above which a preview of a batch ends.
const maxPreviewItems = 100_000

// Preview implements [store.Queue].
func (ap *Applier) Preview(
	ctx context.Context, accountID int64, now time.Time, command ledger.Command, decide store.Decide,
) (p store.Preview, err error) {
	err = ap.PreviewBatch(ctx, accountID, now, []ledger.Command{command}, decide, func(only store.Preview) bool {
		p = only
		return true
	})
	return p, err
}

// PreviewBatch implements [store.Queue]. It decides the commands on a snapshot, as the
// account's next submissions.
func (ap *Applier) PreviewBatch(
	ctx context.Context, accountID int64, now time.Time, commands []ledger.Command, decide store.Decide, f func(store.Preview) bool,
) error {
	err := account.Read(ctx, ap.DB, accountID, func(r *account.Snapshot) error {
		b := batch{Lookup: newLookup(r.Session, ap.Versions, accountID, new(rows)), decide: decide, now: column.Truncate(now)}
		b.preview = new(previewChanges)
		return b.previewAll(commands, f)
	})
	if err != nil {
		return fmt.Errorf("preview in account %d: %w", accountID, err)
	}
	return nil
}

// previewAll decides the commands without storing their changes.
func (b *batch) previewAll(commands []ledger.Command, f func(store.Preview) bool) error {
	if err := b.loadApplier(); err != nil {
		return err
	}
	head := store.Preview{Applied: b.number}
	var last time.Time
	err := column.QueryRow(b.Session, "SELECT number, instant FROM intake WHERE account = ?", []any{b.account},
		&head.Accepted, (*column.Instant)(&last))
	if err != nil {
		return err
	}
	b.accepted = column.MaxTime(b.now, last)
	head.At = column.MaxTime(b.accepted, b.instant)
	for i, command := range commands {
		p, err := b.previewNext(head, head.Accepted+1+int64(i), command)
		if err != nil || !f(p) || b.items > maxPreviewItems {
			return err
		}
	}
	return nil
}

// previewNext completes the preview p of a command that would have the given number.
func (b *batch) previewNext(p store.Preview, number int64, command ledger.Command) (store.Preview, error) {
	s := ledger.Submission{Number: number, Accepted: b.accepted, Command: command}
	change, err := b.decideChecked(s, ledger.ApplyContext{At: p.At, Update: b.lastUpdate + 1})
	switch {
	case b.failure != nil:
		return p, b.failure
	case errors.As(err, &p.Rejection):
		p.Before, err = b.named(command)
		p.After = p.Before
		return p, err
	case err != nil:
		return p, err
	}
	p.After = change.Action
	if cached, found := b.actions[change.Action.ID.Number]; found {
		p.Before = cached.current
	}
	if change.Effective.Action.ID == change.Action.ID { // the action is locked
		before, err := b.Effective(change.Action)
		if err != nil {
			return p, err
		}
		p.Before, p.After, p.Adjustments = before.Action, change.Effective.Action, change.Adjustments
	}
	if change.Changed() {
		b.lastUpdate += change.Numbers()
		b.addChange(number, change)
	}
	return p, nil
}

// previewChanges makes a lookup a preview: its changes stay in memory, where all lookups
// find them.
type previewChanges struct {
	// created are the numbers of the new actions.
	created []int64
}

// newestCreated returns the new action with the latest event date that matches.
func (l *Lookup) newestCreated(matches func(ledger.Action) bool) (a ledger.Action, found bool) {
	if l.preview == nil {
		return a, false
	}
	for _, number := range l.preview.created {
		if c := l.actions[number].current; matches(c) && (!found || !c.EventDate.Before(a.EventDate)) {
			a, found = c, true
		}
	}
	return a, found
}

// createdBetween reports whether a new action of the order has an event date between two
// instants, both exclusive.
func (l *Lookup) createdBetween(o actions.Order, after, before time.Time) bool {
	_, found := l.newestCreated(func(a ledger.Action) bool {
		return a.Order == o.ID && a.ID.EventType == o.EventType && a.EventDate.After(after) && a.EventDate.Before(before)
	})
	return found
}

// latestReferral returns the click, or the customer's newest new action if it is later.
func (l *Lookup) latestReferral(c program.Click, err error, campaign int64, customer string) (program.Click, error) {
	a, found := l.newestCreated(func(a ledger.Action) bool {
		return customer != "" && a.Customer.ID == customer && a.ID.Campaign == campaign
	})
	missing := errors.Is(err, ledger.ErrNotFound)
	if !found || err != nil && !missing || !missing && c.At.After(a.EventDate) {
		return c, err
	}
	return program.Click{Campaign: campaign, Partner: a.Partner, Customer: customer, At: a.EventDate}, nil
}
