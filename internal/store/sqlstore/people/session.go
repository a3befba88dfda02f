package people

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// Session implements [store.Sessions].
func (rs *Registry) Session(ctx context.Context, hash ids.Hash, now time.Time) (data []byte, err error) {
	err = rs.DB.Lookup(ctx, func(s *sqldb.Session) error {
		return column.QueryRow(s, "SELECT data FROM sessions WHERE account = ? AND hash = ? AND ended = 0 AND expires > ?",
			[]any{store.Operator, key(hash), column.Micros(now)}, &data)
	})
	if err != nil {
		return nil, fmt.Errorf("session: %w", err)
	}
	return data, nil
}

// SaveSession implements [store.Sessions].
func (rs *Registry) SaveSession(ctx context.Context, n store.Session, now time.Time) error {
	if len(n.Data) > store.MaxSession {
		return fmt.Errorf("save a session: it has %d bytes, at most %d", len(n.Data), store.MaxSession)
	}
	err := rs.write(ctx, func(s *sqldb.Session) error {
		if n.Person != 0 {
			var epoch int64
			err := column.QueryRow(s, "SELECT epoch FROM people WHERE account = ? AND person = ?", []any{store.Operator, n.Person}, &epoch)
			if errors.Is(err, ledger.ErrNotFound) || err == nil && epoch != n.Epoch {
				return nil
			}
			if err != nil {
				return err
			}
		}
		err := s.Exec(`INSERT INTO sessions (account, hash, person, ended, expires, data) VALUES (?, ?, ?, 0, ?, ?)
			ON CONFLICT (account, hash) DO UPDATE SET person = excluded.person, expires = excluded.expires, data = excluded.data
			WHERE sessions.ended = 0`, store.Operator, key(n.Hash), n.Person, column.MicrosUp(n.Expires), n.Data)
		if err != nil {
			return err
		}
		return removeExpired(s, "sessions", now)
	})
	if err != nil {
		return fmt.Errorf("save a session: %w", err)
	}
	return nil
}

// EndSession implements [store.Sessions].
func (rs *Registry) EndSession(ctx context.Context, hash ids.Hash) error {
	err := rs.write(ctx, func(s *sqldb.Session) error {
		return s.Exec("UPDATE sessions SET ended = 1, data = ? WHERE account = ? AND hash = ?", []byte{}, store.Operator, key(hash))
	})
	if err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	return nil
}

// endSessions ends the sessions of a person.
func endSessions(s *sqldb.Session, person int64) error {
	return s.Exec("UPDATE sessions SET ended = 1, data = ? WHERE account = ? AND person = ?", []byte{}, store.Operator, person)
}
