package apply

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
)

// Preview implements [store.Queue]. It decides the command on a snapshot, as the
// account's next submission.
func (ap *Applier) Preview(
	ctx context.Context, accountID int64, now time.Time, command ledger.Command, decide store.Decide,
) (p store.Preview, err error) {
	err = account.Read(ctx, ap.DB, accountID, func(r *account.Snapshot) error {
		b := batch{Lookup: newLookup(r.Session, ap.Versions, accountID, decide), now: column.Truncate(now)}
		p, err = b.preview(command)
		return err
	})
	if err != nil {
		return store.Preview{}, fmt.Errorf("preview in account %d: %w", accountID, err)
	}
	return p, nil
}

// preview decides a command without storing its change.
func (b *batch) preview(command ledger.Command) (p store.Preview, err error) {
	if err := b.loadApplier(); err != nil {
		return p, err
	}
	p.Applied = b.number
	var last time.Time
	err = column.QueryRow(b.Session, "SELECT number, instant FROM intake WHERE account = ?", []any{b.account},
		&p.Accepted, (*column.Instant)(&last))
	if err != nil {
		return p, err
	}
	b.accepted = column.MaxTime(b.now, last)
	p.At = column.MaxTime(b.accepted, b.instant)
	s := ledger.Submission{Number: p.Accepted + 1, Accepted: b.accepted, Command: command}
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
		p.Before = cached.stored
	}
	return p, nil
}
