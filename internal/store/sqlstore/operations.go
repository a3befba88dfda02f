package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// operateApplying is operate, and keeps others from applying. Who left the account
// meanwhile is told, as if by an applier that was at work.
func (st *Store) operateApplying(ctx context.Context, account int64, f func(*session) error) error {
	err := st.operate(ctx, account, func(s *session) error {
		if err := s.holdApplier(account); err != nil {
			return err
		}
		return f(s)
	})
	st.tell(channelQueued, account)
	return err
}

// SetModificationLimit gives an action a cap of its own. The applier holds no action from one
// commit to the next, so that it sees the cap from its next batch on.
func (st *Store) SetModificationLimit(ctx context.Context, account int64, now time.Time, id ledger.ActionID, limit int, d store.AuditEvent) error {
	err := st.operateApplying(ctx, account, func(s *session) error {
		was, err := s.action(account, id.Number)
		if err == nil && was.ID != id {
			err = ledger.ErrNotFound
		}
		if err != nil {
			return err
		}
		e, err := st.era(s, account, store.Latest)
		if err != nil {
			return err
		}
		is, err := was.WithModificationLimit(limit, e.reference.Account)
		if err != nil {
			return err
		}
		detail := fmt.Sprintf("from %d to %d", max(was.ModificationLimit, e.reference.Account.ModificationLimit), is.ModificationLimit)
		if err := s.keepDeed(d, account, whole(now), "action "+id.String(), detail); err != nil {
			return err
		}
		return s.exec("UPDATE actions SET cap = ? WHERE account = ? AND number = ?", int64(is.ModificationLimit), account, id.Number)
	})
	if err != nil {
		return fmt.Errorf("cap of action %s: %w", id, err)
	}
	return nil
}

// Park has a queued submission set aside when its turn comes.
func (st *Store) Park(ctx context.Context, account int64, now time.Time, id store.SubmissionID, d store.AuditEvent) error {
	err := st.operateApplying(ctx, account, func(s *session) error {
		was, _, err := st.find(ctx, s, account, id)
		if err == nil && !was.Outcome.Completed.IsZero() {
			err = store.ErrComplete
		}
		if err == nil {
			err = s.keepDeed(d, account, whole(now), "submission "+string(id), "")
		}
		if err != nil {
			return err
		}
		return s.exec("INSERT INTO parking (account, number) VALUES (?, ?) ON CONFLICT DO NOTHING", account, was.Number)
	})
	if err != nil {
		return fmt.Errorf("park submission %s: %w", id, err)
	}
	return nil
}

// Retry accepts the command of a failed submission again.
func (st *Store) Retry(
	ctx context.Context, account int64, now time.Time, id store.SubmissionID, d store.AuditEvent,
) (again store.Submission, err error) {
	err = st.operate(ctx, account, func(s *session) error {
		was, salt, err := st.find(ctx, s, account, id)
		if err != nil {
			return err
		}
		if was.Outcome.Code == "" {
			return store.ErrNotFailed
		}
		if err := s.retriedOnce(account, was.Number, salt); err != nil {
			return err
		}
		again = store.Submission{Submission: ledger.Submission{Command: was.Command}, Payload: was.Payload}
		again.Number, again.Accepted, err = s.queue(account, whole(now), was.Command, was.Payload)
		if err != nil {
			return err
		}
		if err := s.followRetry(account, was, again.Number); err != nil {
			return err
		}
		again.ID = store.NewSubmissionID(salt, again.Accepted, again.Number)
		detail := fmt.Sprintf("as %s", again.ID)
		return errors.Join(
			s.exec("INSERT INTO retries (account, number, again) VALUES (?, ?, ?)", account, was.Number, again.Number),
			s.keepDeed(d, account, again.Accepted, "submission "+string(id), detail),
		)
	})
	if err != nil {
		return store.Submission{}, fmt.Errorf("retry submission %s: %w", id, err)
	}
	return again, nil
}

// followRetry makes the retry the submission of the inquiry that made the failed one,
// so that the action is the inquiry's.
func (s *session) followRetry(account int64, failed store.Submission, again int64) error {
	c, ok := failed.Command.(ledger.Conversion)
	if !ok || c.Inquiry == 0 {
		return nil
	}
	q, err := s.inquiry(account, c.Inquiry)
	if err != nil {
		return err
	}
	if q.Submission != failed.Number {
		return store.ErrAnsweredAnew
	}
	q.Submission = again
	return s.changeInquiry(account, q)
}

// find answers a submission in the transaction of a write, and the account's salt.
func (st *Store) find(ctx context.Context, s *session, account int64, id store.SubmissionID) (store.Submission, uint32, error) {
	salt, err := s.salt(account)
	if err != nil {
		return store.Submission{}, 0, err
	}
	r := reader{session: s, ctx: ctx, store: st, account: account, salt: salt}
	found, err := r.submission(id)
	return found, salt, err
}

// retriedOnce answers a [*store.RetriedError] if a submission was retried.
func (s *session) retriedOnce(account, number int64, salt uint32) error {
	var again int64
	var accepted time.Time
	err := notFound(s.row(`SELECT r.again, s.accepted FROM retries r JOIN submissions s ON s.account = r.account AND s.number = r.again
		WHERE r.account = ? AND r.number = ?`, []any{account, number}, &again, (*instant)(&accepted)))
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	return &store.RetriedError{As: store.NewSubmissionID(salt, accepted, again)}
}
