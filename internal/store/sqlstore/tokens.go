package sqlstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

const selectToken = `SELECT account, sid, name, hash, old_hash, old_until, version, scopes, hourly,
	created, expires, disabled FROM tokens `

func tokenRow(t *store.Token) []any {
	return []any{
		&t.Account, &t.SID, &t.Name, (*digest)(&t.Hash), (*digest)(&t.OldHash), (*instant)(&t.OldUntil),
		&t.Version, (*scopes)(&t.Scopes), &t.Limit,
		(*instant)(&t.Created), (*instant)(&t.Expires), (*instant)(&t.Disabled),
	}
}

// Token answers the token with the SID. The caller's account is not known
// before: this lookup alone goes over all accounts.
func (st *Store) Token(ctx context.Context, sid string) (store.Token, error) {
	t, err := st.tokens.get(sid, func() (t store.Token, err error) {
		if sid != store.Text(sid) {
			return t, ledger.ErrNotFound
		}
		err = st.lookup(ctx, func(s *session) error {
			return notFound(s.row(selectToken+"WHERE sid = ?", []any{sid}, tokenRow(&t)...))
		})
		return t, err
	})
	if err != nil {
		return store.Token{}, fmt.Errorf("token: %w", err)
	}
	return t, nil
}

// ListTokens answers an account's tokens, or all with account 0, oldest first.
func (st *Store) ListTokens(ctx context.Context, account int64) (tokens []store.Token, err error) {
	text, args := selectToken+"WHERE account = ? ORDER BY created, sid", []any{account}
	if account == 0 {
		text, args = selectToken+"ORDER BY created, sid", nil
	}
	var t store.Token
	err = st.lookup(ctx, func(s *session) error {
		return s.rows(text, args, tokenRow(&t), func() error {
			tokens = append(tokens, t)
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	return tokens, nil
}

// SaveToken creates or replaces a token. An SID of another account's is an error.
func (st *Store) SaveToken(ctx context.Context, t store.Token, d store.AuditEvent) error {
	err := st.operate(ctx, t.Account, func(s *session) error {
		var owner int64
		err := notFound(s.row("SELECT account FROM tokens WHERE sid = ?", []any{t.SID}, &owner))
		switch {
		case err == nil && owner != t.Account:
			return errors.New("the SID is another account's")
		case err != nil && !errors.Is(err, ledger.ErrNotFound):
			return err
		}
		return s.saveToken(t, d)
	})
	st.tokens.forget()
	if err != nil {
		return fmt.Errorf("save token %s: %w", t.SID, err)
	}
	return nil
}

// ChangeToken reads, changes and writes a token in one transaction of the writer.
func (st *Store) ChangeToken(
	ctx context.Context, sid string, d store.AuditEvent, change func(store.Token) (store.Token, error),
) (t store.Token, err error) {
	err = st.write(ctx, func(s *session) error {
		if sid != store.Text(sid) {
			return ledger.ErrNotFound
		}
		if err := notFound(s.row(selectToken+"WHERE sid = ?"+s.dialect.hold, []any{sid}, tokenRow(&t)...)); err != nil {
			return err
		}
		if t, err = change(t); err != nil {
			return err
		}
		return s.saveToken(t, d)
	})
	st.tokens.forget()
	if err != nil {
		return store.Token{}, fmt.Errorf("change token: %w", err)
	}
	return t, nil
}

// saveToken writes a token and the deed.
func (s *session) saveToken(t store.Token, d store.AuditEvent) error {
	if err := s.keepDeed(d, t.Account, whole(d.At), "token "+t.SID, t.String()); err != nil {
		return err
	}
	return s.exec(`INSERT INTO tokens (account, sid, name, hash, old_hash, old_until, version, scopes, hourly,
			created, expires, disabled) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (account, sid) DO UPDATE SET name = excluded.name, hash = excluded.hash,
			old_hash = excluded.old_hash, old_until = excluded.old_until, version = excluded.version,
			scopes = excluded.scopes, hourly = excluded.hourly, created = excluded.created,
			expires = excluded.expires, disabled = coalesce(tokens.disabled, excluded.disabled)`,
		t.Account, t.SID, t.Name, t.Hash[:], digestOrNull(t.OldHash), microsOrNull(t.OldUntil),
		int64(t.Version), store.JoinScopes(t.Scopes, " "), int64(t.Limit),
		micros(t.Created), microsOrNull(t.Expires), microsOrNull(t.Disabled))
}
