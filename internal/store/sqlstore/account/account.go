// Package account stores the data that an account has once: its salt and hash key, the
// rows that writers lock, and its audit log.
package account

import (
	"context"
	"fmt"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/ttlcache"
)

// Directory looks up accounts in a database.
type Directory struct {
	DB *sqldb.DB

	hashKeys ttlcache.Cache[int64, []byte]
}

// Accounts implements [store.Scanner].
func (d *Directory) Accounts(ctx context.Context) ([]int64, error) {
	accounts, err := List(ctx, d.DB, "SELECT account FROM accounts ORDER BY account")
	if err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	return accounts, nil
}

// QueuedAccounts implements [store.Queue].
func (d *Directory) QueuedAccounts(ctx context.Context) ([]int64, error) {
	accounts, err := List(ctx, d.DB, `SELECT i.account FROM intake i JOIN applier a ON a.account = i.account
		WHERE i.number > a.number ORDER BY i.account`)
	if err != nil {
		return nil, fmt.Errorf("list accounts with queued submissions: %w", err)
	}
	return accounts, nil
}

// List returns the accounts that a query selects. The query has no parameters.
func List(ctx context.Context, db *sqldb.DB, text string) (accounts []int64, err error) {
	err = db.Lookup(ctx, func(s *sqldb.Session) (err error) {
		accounts, err = column.Collect(s, text, nil, func(account *int64) []any { return []any{account} })
		return err
	})
	return accounts, err
}

// Applied implements [store.Queue].
func (d *Directory) Applied(ctx context.Context, account int64) (number int64, err error) {
	err = d.DB.Lookup(ctx, func(s *sqldb.Session) error {
		return column.QueryRow(s, "SELECT number FROM applier WHERE account = ?", []any{account}, &number)
	})
	if err != nil {
		return 0, fmt.Errorf("last completed submission of account %d: %w", account, err)
	}
	return number, nil
}

// HashKey implements [store.References].
func (d *Directory) HashKey(ctx context.Context, account int64) ([]byte, error) {
	key, err := d.hashKeys.Get(account, func() (key []byte, err error) {
		err = d.DB.Lookup(ctx, func(s *sqldb.Session) error {
			return column.QueryRow(s, "SELECT hash_key FROM accounts WHERE account = ?", []any{account}, &key)
		})
		return key, err
	})
	if err != nil {
		return nil, fmt.Errorf("hash key of account %d: %w", account, err)
	}
	return key, nil
}

// Salt returns the salt in the ids of the account's submissions and files.
func Salt(s *sqldb.Session, account int64) (salt uint32, err error) {
	err = column.QueryRow(s, "SELECT salt FROM accounts WHERE account = ?", []any{account}, &salt)
	return salt, err
}
