package sqlstore

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
)

// keepDeed belongs to the transaction that does it.
func (s *session) keepDeed(d store.AuditEvent, account int64, at time.Time, subject, detail string) error {
	d, err := d.Complete(account, at, subject, detail)
	if err != nil {
		return err
	}
	var last int64
	err = s.row("SELECT coalesce(max(number), 0) FROM deeds WHERE account = ?", []any{account}, &last)
	if err != nil {
		return err
	}
	return s.exec(`INSERT INTO deeds (account, number, instant, via, actor, actor_name, verb, subject, reason, detail)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		account, last+1, micros(at), string(d.Actor.Source), d.Actor.ID, d.Actor.Name, d.Operation, d.Subject, d.Reason, d.Detail)
}

// AuditEvents answers an account's deeds, newest first.
func (st *Store) AuditEvents(ctx context.Context, account, below int64, limit int) (deeds []store.AuditEvent, err error) {
	if below == 0 {
		below = math.MaxInt64
	}
	d := store.AuditEvent{Account: account}
	err = st.lookup(ctx, func(s *session) error {
		return s.rows(`SELECT number, instant, via, actor, actor_name, verb, subject, reason, detail FROM deeds
			WHERE account = ? AND number < ? ORDER BY number DESC LIMIT ?`, []any{account, below, int64(limit)},
			[]any{&d.Number, (*instant)(&d.At), &d.Actor.Source, &d.Actor.ID, &d.Actor.Name, &d.Operation, &d.Subject, &d.Reason, &d.Detail},
			func() error {
				deeds = append(deeds, d)
				return nil
			})
	})
	if err != nil {
		return nil, fmt.Errorf("deeds of account %d: %w", account, err)
	}
	return deeds, nil
}
