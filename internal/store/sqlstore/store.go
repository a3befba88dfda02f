// Package sqlstore keeps ledgers in an SQL database, by the contract of package
// store. Rules are nowhere in its SQL: it loads, asks and keeps.
//
// Every key begins with the account, every statement names the account and no
// transaction spans accounts; only the lists of accounts and the lookup of a
// token by its SID look at all.
package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// Store implements [store.Store], [store.Scanner], [store.Notifier] and [store.InTurn].
type Store struct {
	dialect *dialect
	// server is where a PostgreSQL database is, and times how long it may take while it
	// is served.
	server *pgx.ConnConfig
	times  times
	// writers is nil in a store that was opened for reading.
	writers, readers *pool
	// teller is nil where nobody would hear.
	teller *teller
	// lookups are for what takes microseconds and must not wait for lists.
	lookups *pool
	// copier copies SQLite's log into the database; trimmed is when it was last tried to
	// cut the log.
	copier  *copier
	trimmed time.Time
	// closers are the handles below, in the order in which they were opened.
	closers []*sql.DB
	closing sync.Once

	references references
	// tokens and latest are what every request asks for.
	tokens   recent[string, store.Token]
	latest   recent[int64, *ledger.Reference]
	hashKeys recent[int64, []byte]
}

var (
	_ store.Store    = (*Store)(nil)
	_ store.Scanner  = (*Store)(nil)
	_ store.Notifier = (*Store)(nil)
	_ store.InTurn   = (*Store)(nil)
)

// ErrReadOnly says that a store was opened for reading alone.
var ErrReadOnly = errors.New("the store is open for reading only")

// Accounts answers the ids of all accounts, in order.
func (st *Store) Accounts(ctx context.Context) ([]int64, error) {
	accounts, err := st.accounts(ctx, "SELECT account FROM accounts ORDER BY account")
	if err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	return accounts, nil
}

func (st *Store) accounts(ctx context.Context, text string) (accounts []int64, err error) {
	err = st.lookup(ctx, func(s *session) error {
		account := int64(0)
		return s.rows(text, nil, []any{&account}, func() error {
			accounts = append(accounts, account)
			return nil
		})
	})
	return accounts, err
}

// HashKey answers the key with which the account's personal data are hashed.
func (st *Store) HashKey(ctx context.Context, account int64) ([]byte, error) {
	key, err := st.hashKeys.get(account, func() (key []byte, err error) {
		err = st.lookup(ctx, func(s *session) error {
			return notFound(s.row("SELECT hash_key FROM accounts WHERE account = ?", []any{account}, &key))
		})
		return key, err
	})
	if err != nil {
		return nil, fmt.Errorf("hash key of account %d: %w", account, err)
	}
	return key, nil
}

// Close waits for what is under way and releases the store and its folder.
func (st *Store) Close() (err error) {
	st.closing.Do(func() {
		if st.teller != nil {
			st.teller.close()
			err = st.teller.pool.close()
		}
		for _, p := range []*pool{st.readers, st.lookups, st.writers} {
			if p != nil {
				err = errors.Join(err, p.close())
			}
		}
		if st.copier != nil {
			err = errors.Join(err, st.copier.close())
		}
		// The writer's, opened first, is the last to close: it may tidy the log.
		for _, db := range slices.Backward(st.closers) {
			err = errors.Join(err, db.Close())
		}
	})
	return err
}

// notFound turns the driver's "no rows" into the contract's.
func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ledger.ErrNotFound
	}
	return err
}
