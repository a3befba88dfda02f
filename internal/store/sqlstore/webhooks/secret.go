package webhooks

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/signature"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
)

// SigningSecret implements [store.Webhooks].
func (o *Outbox) SigningSecret(ctx context.Context, account, notification int64) (secret store.SigningSecret, err error) {
	err = o.DB.Lookup(ctx, func(s *sqldb.Session) (err error) {
		secret, err = readSecret(s, account, notification)
		return err
	})
	if err != nil {
		return store.SigningSecret{}, fmt.Errorf("signing secret of notification %d of account %d: %w", notification, account, err)
	}
	return secret, nil
}

// RotateSecret implements [store.Webhooks].
func (o *Outbox) RotateSecret(
	ctx context.Context, accountID, notification int64, now time.Time, overlap time.Duration, e store.AuditEvent,
) (secret store.SigningSecret, err error) {
	now = column.Truncate(now)
	err = o.DB.WriteFor(ctx, accountID, func(s *sqldb.Session) error {
		if _, _, err := lockCursor(s, accountID, notification); err != nil {
			return err
		}
		before, err := readSecret(s, accountID, notification)
		if err != nil {
			return err
		}
		secret = before.Rotate(signature.NewSecret(), now, overlap)
		return errors.Join(
			writeSecret(s, accountID, notification, secret),
			account.LogEvent(s, e, accountID, now, fmt.Sprintf("notification %d", notification), secret.String()))
	})
	if err != nil {
		return store.SigningSecret{}, fmt.Errorf("rotate the signing secret of notification %d of account %d: %w", notification, accountID, err)
	}
	return secret, nil
}

// readSecret returns the secret of a notification, or the zero value if it has none. For an unknown
// notification it returns ErrNotFound of package ledger.
func readSecret(s *sqldb.Session, account, notification int64) (secret store.SigningSecret, err error) {
	var current, old string
	err = column.QueryRow(s, `SELECT coalesce(s.secret, ''), s.since, coalesce(s.old_secret, ''), s.old_until
		FROM notifications n LEFT JOIN signing_secrets s ON s.account = n.account AND s.notification = n.id WHERE n.account = ? AND n.id = ?`,
		[]any{account, notification}, &current, (*column.Instant)(&secret.Since), &old, (*column.Instant)(&secret.OldUntil))
	if err == nil && !secret.Since.IsZero() {
		secret.Current, err = signature.ParseSecret(current)
	}
	if err == nil && !secret.OldUntil.IsZero() {
		secret.Old, err = signature.ParseSecret(old)
	}
	return secret, err
}

// writeSecret stores the secret of a notification.
func writeSecret(s *sqldb.Session, account, notification int64, secret store.SigningSecret) error {
	var old any
	if !secret.OldUntil.IsZero() {
		old = secret.Old.Reveal()
	}
	return s.Exec(`INSERT INTO signing_secrets (account, notification, secret, since, old_secret, old_until) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (account, notification) DO UPDATE SET secret = excluded.secret, since = excluded.since,
		old_secret = excluded.old_secret, old_until = excluded.old_until`,
		account, notification, secret.Current.Reveal(), column.Micros(secret.Since), old, column.NullMicros(secret.OldUntil))
}
