package people

import (
	"context"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/people"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// insertLink stores a link. It removes expired ones, two for each new one, so that the table
// shrinks to those that are valid.
func insertLink(s *sqldb.Session, person int64, l store.Link, now time.Time) error {
	err := s.Exec("INSERT INTO links (account, hash, person, purpose, expires) VALUES (?, ?, ?, ?, ?)",
		store.Operator, key(l.Hash), person, string(l.Purpose), column.Micros(l.Expires))
	if err != nil {
		return err
	}
	return removeExpired(s, "links", now)
}

// removeExpired removes up to two expired rows of a table.
func removeExpired(s *sqldb.Session, table string, now time.Time) error {
	return s.Exec("DELETE FROM "+table+" WHERE account = ? AND hash IN (SELECT hash FROM "+table+
		" WHERE account = ? AND expires <= ? ORDER BY expires LIMIT 2)", store.Operator, store.Operator, column.Micros(now))
}

// RedeemLink implements [store.People].
func (rs *Registry) RedeemLink(ctx context.Context, hash ids.Hash, e store.AuditEvent) (r store.PersonRecord, purpose people.Purpose, err error) {
	err = rs.write(ctx, func(s *sqldb.Session) error {
		var person int64
		err := column.QueryRow(s, "SELECT person, purpose FROM links WHERE account = ? AND hash = ? AND expires > ?",
			[]any{store.Operator, key(hash), column.Micros(e.At)}, &person, &purpose)
		if err != nil {
			return err
		}
		if r, err = load(s, person); err != nil {
			return err
		}
		if r.Disabled {
			return ledger.ErrNotFound
		}
		if err := s.Exec("DELETE FROM links WHERE account = ? AND hash = ?", store.Operator, key(hash)); err != nil {
			return err
		}
		if err := forgive(s, r.Email); err != nil {
			return err
		}
		redeemed := e
		redeemed.Actor.ID, redeemed.Actor.Name = r.Email, r.Name
		return account.LogEvent(s, redeemed, store.Operator, column.Truncate(e.At), subject(r.Person), string(purpose))
	})
	if err != nil {
		return store.PersonRecord{}, "", fmt.Errorf("redeem a link: %w", err)
	}
	return r, purpose, nil
}
