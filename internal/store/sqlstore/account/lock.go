package account

import (
	"context"
	"database/sql"
	"errors"

	"github.com/trueup-ledger/trueup/internal/sqldb"
)

// Exclusive runs f in a write transaction that holds the account's intake lock. Until the
// transaction ends, no other process accepts submissions in the account, or changes its
// keys, tokens, files, inquiries or audit log. The applier continues.
func Exclusive(ctx context.Context, db *sqldb.DB, account int64, f func(*sqldb.Session) error) error {
	return db.WriteFor(ctx, account, func(s *sqldb.Session) error {
		if err := LockIntake(s, account); err != nil {
			return err
		}
		return f(s)
	})
}

// LockIntake locks the account's intake until the transaction ends. It does nothing
// if the account doesn't exist.
func LockIntake(s *sqldb.Session, account int64) error { return lockRow(s, "intake", account) }

// LockApplier locks the account's applier until the transaction ends. A transaction that
// needs both locks takes that of the intake first, or it could deadlock.
func LockApplier(s *sqldb.Session, account int64) error { return lockRow(s, "applier", account) }

func lockRow(s *sqldb.Session, table string, account int64) error {
	if s.Dialect().ForUpdate == "" { // the database has only one writer
		return nil
	}
	var number int64
	err := s.Row("SELECT number FROM "+table+" WHERE account = ?"+s.Dialect().ForUpdate, []any{account}, &number)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

// lockAuditLog locks the account's audit log until the transaction ends, so that two
// transactions can't give their events the same number. The operator's log has no row that
// could be locked, and not all events are written under the lock of the intake.
func lockAuditLog(s *sqldb.Session, account int64) error {
	if s.Dialect().ForUpdate == "" { // the database has only one writer
		return nil
	}
	return s.Exec("SELECT pg_advisory_xact_lock(hashtextextended('trueup audits ' || current_schema(), ?))", account)
}
