package account

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
)

const auditColumns = "account, number, instant, source, actor, actor_name, operation, subject, reason, detail"

// LogEvent appends an event to the account's audit log, in the transaction of the
// change that it describes. A transaction that needs other locks takes them before, or it
// could deadlock.
func LogEvent(s *sqldb.Session, e store.AuditEvent, account int64, at time.Time, subject, detail string) error {
	e, err := e.Complete(account, at, subject, detail)
	if err == nil {
		err = UseKey(s, e.Key, at)
	}
	if err == nil {
		err = lockAuditLog(s, account)
	}
	if err != nil {
		return err
	}
	var last int64
	err = s.Row("SELECT coalesce(max(number), 0) FROM audit_events WHERE account = ?", []any{account}, &last)
	if err != nil {
		return err
	}
	return s.Exec("INSERT INTO audit_events ("+auditColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		account, last+1, column.Micros(at), string(e.Actor.Source), e.Actor.ID, e.Actor.Name, e.Operation, e.Subject, e.Reason, e.Detail)
}

// UseKey stores the first use of an operator's key. If the key was seen before, UseKey
// returns [store.ErrKeyReused].
func UseKey(s *sqldb.Session, key store.Key, at time.Time) error {
	if key.Text == "" {
		return nil
	}
	err := column.QueryRow(s, `INSERT INTO keys (account, key, request, given, submission, resource) VALUES (?, ?, ?, ?, 0, '')
		ON CONFLICT (account, key) DO UPDATE SET request = excluded.request, given = excluded.given, resource = ''
		WHERE keys.given <= ? RETURNING submission`,
		[]any{store.Operator, key.Text, key.Request[:], column.Micros(at), column.Micros(at.Add(-store.KeyRetention))}, new(int64))
	if errors.Is(err, ledger.ErrNotFound) {
		return store.ErrKeyReused
	}
	if err != nil {
		return err
	}
	// Two expired keys for each new one: the table shrinks to those that are kept.
	return s.Exec("DELETE FROM keys WHERE account = ? AND key IN (SELECT key FROM keys WHERE account = ? AND given <= ? ORDER BY given LIMIT 2)",
		store.Operator, store.Operator, column.Micros(at.Add(-store.KeyRetention)))
}

// LogClock implements [store.Clock].
func (d *Directory) LogClock(ctx context.Context, detail string, e store.AuditEvent) error {
	return d.logOperation(ctx, "clock", detail, e)
}

// LogRestore records that the store was restored from a backup.
func (d *Directory) LogRestore(ctx context.Context, detail string, e store.AuditEvent) error {
	return d.logOperation(ctx, "ledger", detail, e)
}

// logOperation records an operation that concerns no account.
func (d *Directory) logOperation(ctx context.Context, subject, detail string, e store.AuditEvent) error {
	err := Exclusive(ctx, d.DB, store.Operator, func(s *sqldb.Session) error {
		return LogEvent(s, e, store.Operator, column.Truncate(e.At), subject, detail)
	})
	if err != nil {
		return fmt.Errorf("record the operation on the %s: %w", subject, err)
	}
	return nil
}

// NewestInstant implements [store.Clock].
func (d *Directory) NewestInstant(ctx context.Context) (newest time.Time, err error) {
	var micros int64
	err = d.DB.Lookup(ctx, func(s *sqldb.Session) error {
		return s.Row(`SELECT coalesce(max(n.instant), 0) FROM (SELECT max(instant) AS instant FROM intake
			UNION ALL SELECT max(instant) FROM applier UNION ALL SELECT max(instant) FROM audit_events) n`, nil, &micros)
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("newest instant of the store: %w", err)
	}
	if micros == 0 {
		return time.Time{}, nil
	}
	return time.UnixMicro(micros).UTC(), nil
}

// AuditEvents implements [store.Administration].
func (d *Directory) AuditEvents(ctx context.Context, account, below int64, limit int) (events []store.AuditEvent, err error) {
	if below == 0 {
		below = math.MaxInt64
	}
	err = d.DB.Lookup(ctx, func(s *sqldb.Session) (err error) {
		events, err = column.Collect(s, "SELECT "+auditColumns+
			" FROM audit_events WHERE account = ? AND number < ? ORDER BY number DESC LIMIT ?", []any{account, below, int64(limit)},
			func(e *store.AuditEvent) []any {
				return []any{
					&e.Account, &e.Number, (*column.Instant)(&e.At), &e.Actor.Source, &e.Actor.ID, &e.Actor.Name,
					&e.Operation, &e.Subject, &e.Reason, &e.Detail,
				}
			})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("audit log of account %d: %w", account, err)
	}
	return events, nil
}
