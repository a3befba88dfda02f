package billing

import (
	"context"
	"errors"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/actions"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// maxGathered is the largest number of actions whose entries one transaction gathers.
const maxGathered = 100

// isWaiting reports whether an action can be gathered. Without one, the position stays behind: a
// busy account would move it with every submission.
func isWaiting(s *sqldb.Session, account int64, p store.BillingPosition, q queue) (bool, error) {
	late, err := actions.LateActions(s, account, p.Late, q.applied, 1)
	if err != nil || len(late) > 0 {
		return len(late) > 0, err
	}
	locked, err := actions.LockedActions(s, account, p.Gathered, p.GatheredNumber, q.complete, 1)
	return len(locked) > 0, err
}

// gather writes the entries of the next actions that locked before an instant. Until is the
// end of a period that has ended, or zero. It reports whether it did anything. It computes the
// entries from a snapshot, since locked actions don't change. The transaction, for which callers
// wait, only writes them.
func (b *Biller) gather(ctx context.Context, account int64, until time.Time) (progress bool, err error) {
	var before, after store.BillingPosition
	var rows [][]any
	err = b.DB.Read(ctx, account, func(s *sqldb.Session) (err error) {
		if before, err = Position(s, account); err != nil {
			return err
		}
		after = before
		q, err := readQueue(s, account)
		if err != nil {
			return err
		}
		if until.IsZero() || until.After(q.complete) {
			until = q.complete
		}
		g := gathering{account: account, position: &after, add: func(e invoice.Entry) { rows = append(rows, EntryRow(account, e)) }}
		if g.reference, err = b.Versions.Current(s, account); err != nil {
			return err
		}
		return g.next(s, q.applied, until)
	})
	if err != nil || after == before {
		return false, err
	}
	return true, b.DB.WriteFor(ctx, account, func(s *sqldb.Session) error {
		present, err := position(s, account, s.Dialect().ForUpdate)
		if err != nil {
			return err
		}
		if present.Gathered != before.Gathered || present.GatheredNumber != before.GatheredNumber || present.Late != before.Late {
			return errMoved
		}
		present.Gathered, present.GatheredNumber, present.Late = after.Gathered, after.GatheredNumber, after.Late
		return errors.Join(s.WriteRows(InsertEntry, rows), savePosition(s, account, present))
	})
}

// gathering passes the entries of locked actions to add, and moves the position.
type gathering struct {
	account   int64
	position  *store.BillingPosition
	reference *program.Reference
	add       func(invoice.Entry)
}

// next gathers the next actions with numbers up to applied that lock before an instant.
func (g *gathering) next(s *sqldb.Session, applied int64, until time.Time) error {
	if err := g.late(s, applied); err != nil {
		return err
	}
	return g.locked(s, until)
}

// late gathers actions up to a number that were locked when they were tracked.
func (g *gathering) late(s *sqldb.Session, applied int64) error {
	found, err := actions.LateActions(s, g.account, g.position.Late, applied, maxGathered)
	for _, a := range found {
		if !a.Accepted.Before(a.Tracked.LockingDate) {
			g.gather(a)
		}
		g.position.Late = a.ID.Number
	}
	if len(found) < maxGathered {
		g.position.Late = applied
	}
	return err
}

// locked gathers actions that locked before an instant, after they were tracked.
func (g *gathering) locked(s *sqldb.Session, until time.Time) error {
	p := g.position
	found, err := actions.LockedActions(s, g.account, p.Gathered, p.GatheredNumber, until, maxGathered)
	for _, a := range found {
		if a.Accepted.Before(a.Tracked.LockingDate) {
			g.gather(a)
		}
		p.Gathered, p.GatheredNumber = a.LockingDate, a.ID.Number
	}
	if len(found) < maxGathered && until.After(p.Gathered) {
		p.Gathered, p.GatheredNumber = until, 0
	}
	return err
}

func (g *gathering) gather(a actions.LockedAction) {
	e, due := a.Entry(a.Accepted, g.reference)
	if due && !e.Date.Before(g.position.Since) {
		g.add(e)
	}
}
