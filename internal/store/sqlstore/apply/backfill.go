package apply

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/replay"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/actions"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
	"github.com/trueup-ledger/trueup/ledger"
)

// backfillActions is the number of actions that a transaction of [Applier.Backfill] reads,
// and backfillUpdates the number of updates after which it ends.
const (
	backfillActions = 64
	backfillUpdates = 2_000
)

// Backfill adds to actions that Trueup 0.1 changed what each submission replaced. It decides
// the submissions again, in short transactions, and continues where an earlier call was
// interrupted. It leaves out actions that can't be decided again, which verify.Store
// reports.
func (ap *Applier) Backfill(ctx context.Context) error {
	var accounts []int64
	err := ap.DB.Lookup(ctx, func(s *sqldb.Session) (err error) {
		accounts, err = column.Collect(s, "SELECT account FROM backfills ORDER BY account", nil, func(account *int64) []any { return []any{account} })
		return err
	})
	for _, account := range accounts {
		for done := false; err == nil && !done; {
			err = ap.DB.Write(ctx, func(s *sqldb.Session) (err error) {
				done, err = (&backfill{Lookup: newLookup(s, ap.Versions, account, new(rows))}).run(ctx)
				return err
			})
		}
	}
	if err != nil {
		return fmt.Errorf("add what submissions replaced: %w", err)
	}
	return nil
}

// backfill fills some actions of one account in one transaction.
type backfill struct {
	Lookup
	filled  actions.Backfill
	updates int
}

// run fills the next actions. It reports whether none is left.
func (b *backfill) run(ctx context.Context) (done bool, err error) {
	var last int64
	err = column.QueryRow(b.Session, "SELECT action FROM backfills WHERE account = ?"+b.Dialect().ForUpdate, []any{b.account}, &last)
	if errors.Is(err, ledger.ErrNotFound) { // another process has finished
		return true, nil
	}
	if err != nil {
		return false, err
	}
	numbers, err := actions.Modified(b.Session, b.account, last, backfillActions)
	if err != nil {
		return false, err
	}
	if len(numbers) == 0 {
		return true, b.Exec("DELETE FROM backfills WHERE account = ?", b.account)
	}
	for _, number := range numbers {
		if err := b.fill(ctx, number); err != nil {
			return false, fmt.Errorf("action %d of account %d: %w", number, b.account, err)
		}
		if last = number; b.updates > backfillUpdates {
			break
		}
	}
	if err := b.filled.Write(b.Session); err != nil {
		return false, err
	}
	return false, b.Exec("UPDATE backfills SET action = ? WHERE account = ?", last, b.account)
}

// fill decides the submissions of an action again and writes what they replaced. It leaves
// out an action that can't be decided again as it is stored, which verify reports.
func (b *backfill) fill(ctx context.Context, number int64) error {
	a, err := actions.Load(b.Session, b.account, number)
	if err != nil {
		return err
	}
	last, err := actions.LastTracked(b.Session, b.account, number)
	if err != nil {
		return err
	}
	tracked, err := a.AsTracked(last)
	if err != nil { // the sum is damaged
		return nil //nolint:nilerr // see above
	}
	// The first pass shows that the rows of the second one belong to the stored updates.
	replayed, err := b.replay(ctx, tracked, func(ledger.Change) error { return nil })
	if err != nil || replayed.Last != a.Last {
		return b.failureOf(err)
	}
	if replayed, err = b.replay(ctx, tracked, b.add); err != nil {
		return err
	}
	b.filled.AddAction(b.account, &replayed)
	return nil
}

// replay decides the submissions of an action again and calls visit with each change. A panic
// of the rules is an error.
func (b *backfill) replay(ctx context.Context, tracked ledger.Action, visit func(ledger.Change) error) (a ledger.Action, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: panic: %v", replay.ErrNotReplayable, p)
		}
	}()
	var failure error
	steps := submissions.Steps(ctx, b.Session, b.account, tracked.ID.Number, math.MaxInt64)
	a, err = replay.Action(tracked, tracked.Created, steps, b.Reference, ledger.Decide, func(_ replay.Step, _ ledger.Action, c ledger.Change) bool {
		failure = visit(c)
		return failure == nil
	})
	return a, cmp.Or(failure, err)
}

// failureOf returns err unless it concerns the action alone.
func (b *backfill) failureOf(err error) error {
	if errors.Is(err, replay.ErrNotReplayable) || errors.Is(err, submissions.ErrUnreadable) || errors.Is(err, ledger.ErrNotFound) {
		return nil
	}
	return err
}

// add adds the rows of a change. It writes them if they are many, since an action can have
// a million.
func (b *backfill) add(c ledger.Change) error {
	b.filled.AddChange(b.account, c)
	b.updates += len(c.Updates)
	if b.filled.Len() < maxUpdates {
		return nil
	}
	return b.filled.Write(b.Session)
}
