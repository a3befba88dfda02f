package sqlstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
)

const (
	tokenColumns = "account, sid, name, hash, old_hash, old_until, version, scopes, hourly, created, expires, disabled, strict" //nolint:gosec // not a credential
	selectToken  = "SELECT " + tokenColumns + " FROM tokens "
)

func tokenDest(t *store.Token) []any {
	return []any{
		&t.Account, &t.SID, &t.Name, (*column.Digest)(&t.Hash), (*column.Digest)(&t.OldHash), (*column.Instant)(&t.OldUntil),
		&t.Version, (*column.Scopes)(&t.Scopes), &t.Limit,
		(*column.Instant)(&t.Created), (*column.Instant)(&t.Expires), (*column.Instant)(&t.Disabled), (*column.Boolean)(&t.Strict),
	}
}

// Token implements [store.Tokens]. The caller doesn't know the account yet, so the lookup
// is over all accounts.
func (st *Store) Token(ctx context.Context, sid string) (store.Token, error) {
	t, err := st.tokens.Get(sid, func() (t store.Token, err error) {
		if sid != store.CleanText(sid) {
			return t, ledger.ErrNotFound
		}
		err = st.db.Lookup(ctx, func(s *sqldb.Session) error {
			return column.QueryRow(s, selectToken+"WHERE sid = ?", []any{sid}, tokenDest(&t)...)
		})
		return t, err
	})
	if err != nil {
		return store.Token{}, fmt.Errorf("token: %w", err)
	}
	return t, nil
}

// ListTokens implements [store.Tokens].
func (st *Store) ListTokens(ctx context.Context, account int64) (tokens []store.Token, err error) {
	text, args := selectToken+"WHERE account = ? ORDER BY created, sid", []any{account}
	if account == 0 {
		text, args = selectToken+"ORDER BY created, sid", nil
	}
	err = st.db.Lookup(ctx, func(s *sqldb.Session) (err error) {
		tokens, err = column.Collect(s, text, args, tokenDest)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	return tokens, nil
}

// SaveToken implements [store.Tokens]. It returns an error if another account has a
// token with the SID.
func (st *Store) SaveToken(ctx context.Context, t store.Token, e store.AuditEvent) error {
	err := account.Exclusive(ctx, st.db, t.Account, func(s *sqldb.Session) error {
		var owner int64
		err := column.QueryRow(s, "SELECT account FROM tokens WHERE sid = ?", []any{t.SID}, &owner)
		switch {
		case err == nil && owner != t.Account:
			return errors.New("the SID belongs to another account")
		case err != nil && !errors.Is(err, ledger.ErrNotFound):
			return err
		}
		return saveToken(s, t, e)
	})
	st.tokens.Clear()
	if err != nil {
		return fmt.Errorf("save token %s: %w", t.SID, err)
	}
	return nil
}

// ChangeToken implements [store.Tokens].
func (st *Store) ChangeToken(
	ctx context.Context, sid string, e store.AuditEvent, change func(store.Token) (store.Token, error),
) (t store.Token, err error) {
	err = st.db.Write(ctx, func(s *sqldb.Session) error {
		if sid != store.CleanText(sid) {
			return ledger.ErrNotFound
		}
		if err := column.QueryRow(s, selectToken+"WHERE sid = ?"+s.Dialect().ForUpdate, []any{sid}, tokenDest(&t)...); err != nil {
			return err
		}
		if t, err = change(t); err != nil {
			return err
		}
		return saveToken(s, t, e)
	})
	st.tokens.Clear()
	if err != nil {
		return store.Token{}, fmt.Errorf("change token: %w", err)
	}
	return t, nil
}

// saveToken writes a token and the audit event. A token that was disabled stays so.
func saveToken(s *sqldb.Session, t store.Token, e store.AuditEvent) error {
	err := s.Exec("INSERT INTO tokens ("+tokenColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (account, sid) DO UPDATE SET name = excluded.name, hash = excluded.hash,
			old_hash = excluded.old_hash, old_until = excluded.old_until, version = excluded.version,
			scopes = excluded.scopes, hourly = excluded.hourly, created = excluded.created,
			expires = excluded.expires, strict = excluded.strict, disabled = coalesce(tokens.disabled, excluded.disabled)`,
		t.Account, t.SID, t.Name, t.Hash[:], column.NullDigest(t.OldHash), column.NullMicros(t.OldUntil),
		int64(t.Version), store.JoinScopes(t.Scopes, " "), int64(t.Limit),
		column.Micros(t.Created), column.NullMicros(t.Expires), column.NullMicros(t.Disabled), column.Flag(t.Strict))
	if err != nil {
		return err
	}
	return account.LogEvent(s, e, t.Account, column.Truncate(e.At), "token "+t.SID, t.String())
}
