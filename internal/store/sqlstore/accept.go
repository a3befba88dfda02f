package sqlstore

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
)

// Accept appends submissions to an account's queue. An unknown account is
// trueup.ErrNotFound.
func (st *Store) Accept(ctx context.Context, account int64, now time.Time, batch []store.Submission) ([]store.Submission, error) {
	if len(batch) > store.MaxBatch {
		return nil, fmt.Errorf("accept %d submissions at once: more than %d", len(batch), store.MaxBatch)
	}
	rows, err := encodeBatch(account, batch)
	if err != nil {
		return nil, fmt.Errorf("accept: %w", err)
	}
	accepted := slices.Clone(batch)
	err = st.write(ctx, func(s *session) error {
		salt, err := s.salt(account)
		if err != nil {
			return err
		}
		last, at, err := s.advance(account, len(batch), whole(now))
		if err != nil {
			return err
		}
		for i := range accepted {
			a := &accepted[i]
			a.Number, a.Accepted = last-int64(len(batch)-1-i), at
			a.ID = store.NewSubmissionID(salt, at, a.Number)
			rows[i][1], rows[i][2] = a.Number, micros(at)
			if err := s.exec(insertSubmission, rows[i]...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("accept in account %d: %w", account, err)
	}
	return accepted, nil
}

// encodeBatch answers the rows, but for what is given under the lock.
func encodeBatch(account int64, batch []store.Submission) ([][]any, error) {
	rows := make([][]any, len(batch))
	for i, submission := range batch {
		text, order, action, err := encodeCommand(submission.Command)
		if err != nil {
			return nil, err
		}
		rows[i] = []any{account, nil, nil, string(submission.Command.Kind()), order, action, submission.Payload, string(text)}
	}
	return rows, nil
}

// advance gives so many numbers and answers the last of them with their instant.
func (s *session) advance(account int64, count int, now time.Time) (last int64, at time.Time, err error) {
	err = s.row(`UPDATE intake SET number = number + ?, instant = CASE WHEN instant < ? THEN ? ELSE instant END
		WHERE account = ? RETURNING number, instant`,
		[]any{int64(count), micros(now), micros(now), account}, &last, (*instant)(&at))
	return last, at, notFound(err)
}

// salt answers what keeps an account's submission ids apart from others'.
func (s *session) salt(account int64) (salt uint32, err error) {
	err = s.row("SELECT salt FROM accounts WHERE account = ?", []any{account}, &salt)
	return salt, notFound(err)
}
