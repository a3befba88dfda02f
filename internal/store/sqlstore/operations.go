package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/actions"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/inquiries"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// lockAccount runs f in a write transaction that locks both the intake and the applier of
// the account. Afterwards it notifies the applier of another process, which may have
// skipped the account because of the lock.
func (st *Store) lockAccount(ctx context.Context, accountID int64, f func(*sqldb.Session) error) error {
	err := account.Exclusive(ctx, st.db, accountID, func(s *sqldb.Session) error {
		if err := account.LockApplier(s, accountID); err != nil {
			return err
		}
		return f(s)
	})
	st.db.Notify(channelQueued, accountID)
	return err
}

// SetModificationLimit implements [store.Administration]. The applier caches no action
// across commits, so that its next batch uses the new limit.
func (st *Store) SetModificationLimit(
	ctx context.Context, accountID int64, now time.Time, id ids.ActionID, limit int, e store.AuditEvent,
) error {
	err := st.lockAccount(ctx, accountID, func(s *sqldb.Session) error {
		before, err := actions.Load(s, accountID, id.Number)
		if err == nil && before.ID != id {
			err = ledger.ErrNotFound
		}
		if err != nil {
			return err
		}
		current, err := st.versions.Current(s, accountID)
		if err != nil {
			return err
		}
		after, err := before.WithModificationLimit(limit, current.Account)
		if err != nil {
			return err
		}
		detail := fmt.Sprintf("from %d to %d", max(before.ModificationLimit, current.Account.ModificationLimit), after.ModificationLimit)
		if err := account.LogEvent(s, e, accountID, column.Truncate(now), "action "+id.String(), detail); err != nil {
			return err
		}
		return actions.SetModificationLimit(s, accountID, after)
	})
	if err != nil {
		return fmt.Errorf("modification limit of action %s: %w", id, err)
	}
	return nil
}

// Park implements [store.Administration].
func (st *Store) Park(ctx context.Context, accountID int64, now time.Time, id store.SubmissionID, e store.AuditEvent) error {
	err := st.lockAccount(ctx, accountID, func(s *sqldb.Session) error {
		submission, _, err := find(ctx, s, accountID, id)
		if err == nil && !submission.Outcome.Completed.IsZero() {
			err = store.ErrComplete
		}
		if err == nil {
			err = account.LogEvent(s, e, accountID, column.Truncate(now), "submission "+string(id), "")
		}
		if err != nil {
			return err
		}
		return s.Exec("INSERT INTO parking (account, number) VALUES (?, ?) ON CONFLICT DO NOTHING", accountID, submission.Number)
	})
	if err != nil {
		return fmt.Errorf("park submission %s: %w", id, err)
	}
	return nil
}

// Retry implements [store.Administration].
func (st *Store) Retry(
	ctx context.Context, accountID int64, now time.Time, id store.SubmissionID, e store.AuditEvent,
) (retry store.Submission, err error) {
	err = account.Exclusive(ctx, st.db, accountID, func(s *sqldb.Session) error {
		failed, salt, err := find(ctx, s, accountID, id)
		if err != nil {
			return err
		}
		if failed.Outcome.Code == "" {
			return store.ErrNotFailed
		}
		if err := checkNotRetried(s, accountID, failed.Number, salt); err != nil {
			return err
		}
		if retry, err = submissions.AcceptCommand(s, accountID, now, failed.Command, failed.Payload); err != nil {
			return err
		}
		if err := followInquiry(s, accountID, failed, retry.Number); err != nil {
			return err
		}
		return errors.Join(
			s.Exec("INSERT INTO retries (account, number, again) VALUES (?, ?, ?)", accountID, failed.Number, retry.Number),
			account.LogEvent(s, e, accountID, retry.Accepted, "submission "+string(id), fmt.Sprintf("as %s", retry.ID)),
		)
	})
	if err != nil {
		return store.Submission{}, fmt.Errorf("retry submission %s: %w", id, err)
	}
	return retry, nil
}

// followInquiry makes the retry of an inquiry's conversion the inquiry's submission, so
// that the inquiry gets the action.
func followInquiry(s *sqldb.Session, account int64, failed store.Submission, retry int64) error {
	c, ok := failed.Command.(ledger.Conversion)
	if !ok || c.Inquiry == 0 {
		return nil
	}
	q, err := inquiries.Load(s, account, c.Inquiry)
	if err != nil {
		return err
	}
	if q.Submission != failed.Number {
		return store.ErrAnsweredAgain
	}
	q.Submission = retry
	return inquiries.Save(s, account, q)
}

// find returns a submission and the account's salt in a write transaction.
func find(ctx context.Context, s *sqldb.Session, accountID int64, id store.SubmissionID) (store.Submission, uint32, error) {
	salt, err := account.Salt(s, accountID)
	if err != nil {
		return store.Submission{}, 0, err
	}
	found, err := submissions.Find(&account.Snapshot{Session: s, Context: ctx, Account: accountID, Salt: salt}, id)
	return found, salt, err
}

// checkNotRetried returns a [*store.RetriedError] if a submission was retried.
func checkNotRetried(s *sqldb.Session, account, number int64, salt uint32) error {
	var retry int64
	var accepted time.Time
	err := column.QueryRow(s, `SELECT r.again, s.accepted FROM retries r JOIN submissions s ON s.account = r.account AND s.number = r.again
		WHERE r.account = ? AND r.number = ?`, []any{account, number}, &retry, (*column.Instant)(&accepted))
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	return &store.RetriedError{Retry: store.NewSubmissionID(salt, accepted, retry)}
}
