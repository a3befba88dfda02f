// Package retention archives and removes settled actions and submissions without effect, and removes
// orders of bridges that have no action, in many short transactions.
package retention

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/billing"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/reference"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/retention"
)

// A transaction removes at most maxActions actions, and no further action once it removes maxRows
// records, which take about 20 ms. An action is removed as a whole.
const (
	maxActions = 100
	maxRows    = 800
)

// Retainer implements [store.Retainer].
type Retainer struct {
	DB       *sqldb.DB
	Versions *reference.Versions
	// Lock runs f in a write transaction that locks the acceptance and the application of
	// submissions of an account.
	Lock func(ctx context.Context, account int64, f func(*sqldb.Session) error) error
}

// RetentionSet implements [store.Retainer].
func (rt *Retainer) RetentionSet(ctx context.Context, accountID int64) (bool, error) {
	current, err := rt.Versions.CurrentReference(ctx, accountID)
	if err != nil {
		return false, fmt.Errorf("retention of account %d: %w", accountID, err)
	}
	return current.Account.RetainActionsDays != nil || current.Account.RetainSubmissionsDays != nil, nil
}

// Retain implements [store.Retainer].
func (rt *Retainer) Retain(
	ctx context.Context, accountID int64, now time.Time, folder store.ArchiveFolder, e store.AuditEvent,
) (store.Retained, error) {
	r := &run{Retainer: rt, ctx: ctx, account: accountID, now: column.Truncate(now), folder: folder, event: e, books: make(map[int64]retention.Books)}
	err := r.begin()
	settings := r.settings()
	if days := settings.RetainActionsDays; err == nil && days != nil {
		err = r.each(func(s *account.Snapshot) (*batch, bool, error) { return r.nextActions(s, *days) })
	}
	if days := settings.RetainSubmissionsDays; err == nil && days != nil {
		r.number = 0
		err = r.each(func(s *account.Snapshot) (*batch, bool, error) { return r.nextSubmissions(s, *days) })
	}
	if err == nil && (settings.RetainActionsDays != nil || settings.RetainSubmissionsDays != nil) {
		err = r.removeBridgeOrders()
	}
	if errors.Is(err, errQueued) {
		r.done.Queued, err = true, nil
	}
	if err != nil {
		return r.done, fmt.Errorf("remove old records of account %d: %w", accountID, err)
	}
	return r.done, nil
}

// run is one call of [Retainer.Retain].
type run struct {
	*Retainer
	ctx     context.Context
	account int64
	now     time.Time
	folder  store.ArchiveFolder
	event   store.AuditEvent
	done    store.Retained

	// What follows is read once. Later it could only permit more.
	reference *program.Reference
	position  store.BillingPosition
	// applied is the number of the last complete submission, and delivered that of the last update
	// that every notification is done with.
	applied, delivered int64
	// deliveries are the actions with events that are still to be delivered or can be sent again.
	deliveries map[int64]bool
	// lasts are the submissions that decide when batch files were complete.
	lasts map[int64]bool
	// books are those of partners, read when they are needed.
	books map[int64]retention.Books

	// locking and number are the position of the last action, or number that of the last
	// submission.
	locking time.Time
	number  int64
}

func (r *run) settings() (a program.Account) {
	if r.reference != nil {
		a = r.reference.Account
	}
	return a
}

func (r *run) begin() error {
	return account.Read(r.ctx, r.DB, r.account, func(s *account.Snapshot) (err error) {
		if r.reference, err = r.Versions.Current(s.Session, r.account); err != nil {
			return err
		}
		if r.position, err = billing.Position(s.Session, r.account); err != nil {
			return err
		}
		counters, err := s.Counters()
		if err != nil {
			return err
		}
		r.applied = counters.Applied
		if err := s.Row("SELECT coalesce(min(position), ?) FROM notifications WHERE account = ? AND active <> 0",
			[]any{int64(math.MaxInt64), r.account}, &r.delivered); err != nil {
			return err
		}
		if r.deliveries, err = numbers(s.Session, "SELECT action FROM deliveries WHERE account = ?", r.account); err != nil {
			return err
		}
		r.lasts, err = numbers(s.Session, "SELECT last_submission FROM files WHERE account = ?", r.account)
		return err
	})
}

// numbers returns the set of numbers that a query selects.
func numbers(s *sqldb.Session, query string, args ...any) (map[int64]bool, error) {
	set := make(map[int64]bool)
	var number int64
	err := s.Rows(query, args, []any{&number}, func() error {
		set[number] = true
		return nil
	})
	return set, err
}

// each removes the batches that next returns from snapshots, until there are no more.
func (r *run) each(next func(*account.Snapshot) (b *batch, more bool, err error)) error {
	for more := true; more; {
		var b *batch
		locking, number := r.locking, r.number
		err := account.Read(r.ctx, r.DB, r.account, func(s *account.Snapshot) (err error) {
			r.locking, r.number = locking, number
			b, more, err = next(s)
			if err == nil && len(b.submissions) > 0 {
				b.seals, err = b.readSeals(s.Session)
			}
			return err
		})
		if err == nil {
			err = context.Cause(r.ctx)
		}
		if err == nil && len(b.submissions) > 0 {
			err = r.remove(b)
		}
		switch {
		case errors.Is(err, errChanged): // look at the records again
			r.locking, r.number, more = locking, number, true
		case err != nil:
			return err
		}
	}
	return nil
}
