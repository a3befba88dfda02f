package billing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Bill implements [store.Biller].
func (b *Biller) Bill(ctx context.Context, accountID int64, now time.Time) (billed store.Billed, err error) {
	if billed, err = b.bill(ctx, accountID, column.Truncate(now)); errors.Is(err, errMoved) {
		return store.Billed{Progress: true}, nil
	}
	if err != nil {
		return store.Billed{}, fmt.Errorf("bill account %d: %w", accountID, err)
	}
	return billed, nil
}

func (b *Biller) bill(ctx context.Context, accountID int64, now time.Time) (billed store.Billed, err error) {
	var p store.BillingPosition
	var q queue
	var current *program.Reference
	var waiting bool
	err = b.DB.Lookup(ctx, func(s *sqldb.Session) (err error) {
		if p, err = Position(s, accountID); err == nil {
			q, err = readQueue(s, accountID)
		}
		if err == nil {
			waiting, err = isWaiting(s, accountID, p, q)
		}
		if err == nil {
			current, err = b.Versions.Current(s, accountID)
		}
		return err
	})
	if err != nil {
		return billed, err
	}
	period := program.MonthOf(p.Period, current.Zone())
	end := period.End(current.Zone())
	switch {
	case now.Before(end) && !waiting:
	case now.Before(end):
		billed.Progress, err = b.gather(ctx, accountID, time.Time{})
	case p.Fenced.Before(end):
		billed.Progress, err = true, b.fence(ctx, accountID, end)
	case q.complete.Before(end): // submissions of the period are queued
	case p.Gathered.Before(end) || p.Late < q.applied && p.Partner == 0:
		billed.Progress, err = b.gather(ctx, accountID, end)
	default:
		billed, err = b.issue(ctx, accountID, p, period, end)
	}
	billed.End = end
	return billed, err
}

// fence makes an instant the least at which the account accepts submissions.
func (b *Biller) fence(ctx context.Context, accountID int64, at time.Time) error {
	return account.Exclusive(ctx, b.DB, accountID, func(s *sqldb.Session) error {
		p, err := position(s, accountID, s.Dialect().ForUpdate)
		if err != nil || !p.Fenced.Before(at) {
			return err
		}
		p.Fenced = at
		return errors.Join(
			s.Exec("UPDATE intake SET instant = ? WHERE account = ? AND instant < ?", column.Micros(at), accountID, column.Micros(at)),
			savePosition(s, accountID, p),
		)
	})
}
