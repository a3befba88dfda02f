// Package sqlstore implements the contract of package store on SQL databases. Its SQL
// contains no rules: it loads actions, package ledger decides, and it stores the result.
//
// Each aggregate has a subpackage for its tables. So that the tables can be distributed by
// account, every primary key begins with the account, every statement names the account,
// and no transaction spans accounts. The exceptions are lists over all accounts, the lookup
// of a token by its SID, and people, who can be members of several accounts.
package sqlstore

import (
	"context"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/apply"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/billing"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/bridges"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/erasure"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/files"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/inquiries"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/people"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/reference"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/retention"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/status"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/webhooks"
	"github.com/trueup-ledger/trueup/internal/ttlcache"
)

// Store implements the roles of a [store.Store].
type Store struct {
	account.Directory
	submissions.Queue
	apply.Applier
	files.Inbox
	inquiries.Claims
	billing.Biller
	webhooks.Outbox
	bridges.Orders
	people.Registry
	erasure.Eraser
	retention.Retainer

	db       *sqldb.DB
	versions *reference.Versions
	tokens   ttlcache.Cache[string, store.Token]
}

// CacheTTL is the time for which tokens and current reference data are cached. A change by
// another process can go unnoticed for that time.
const CacheTTL = ttlcache.TTL

func newStore(db *sqldb.DB) *Store {
	versions := &reference.Versions{DB: db}
	st := &Store{
		Directory: account.Directory{DB: db},
		Queue:     submissions.Queue{DB: db},
		Applier:   apply.Applier{DB: db, Versions: versions},
		Inbox:     files.Inbox{DB: db},
		Claims:    inquiries.Claims{DB: db, Versions: versions},
		Outbox:    webhooks.Outbox{DB: db, Versions: versions},
		Orders:    bridges.Orders{DB: db, Versions: versions},
		Registry:  people.Registry{DB: db},
		db:        db, versions: versions,
	}
	st.Biller = billing.Biller{DB: db, Versions: versions, Lock: st.lockAccount}
	st.Retainer = retention.Retainer{DB: db, Versions: versions, Lock: st.lockAccount}
	st.Eraser = erasure.Eraser{DB: db, Versions: versions, Applier: &st.Applier}
	return st
}

// BatchTime is the time after which a server ends a transaction that applies submissions. It
// is the value for [Store.BatchTime], which has no limit by default.
const BatchTime = 50 * time.Millisecond

// Roles returns st in each of the roles of a [store.Store].
func (st *Store) Roles() store.Store {
	return store.Store{
		Queue: st, References: st, Snapshots: st, Exports: st, Scanner: st, Keys: st, Tokens: st, Files: st, Inquiries: st,
		Biller: st, Accounting: st,
		Administration: st, Eraser: st, Retainer: st, Webhooks: st, Bridges: st, People: st, Sessions: st, Coordinator: st, Monitor: st, Clock: st, Closer: st,
	}
}

// DB returns the database of the store.
func (st *Store) DB() *sqldb.DB { return st.db }

// Size returns the number of bytes that the store takes on disk.
func (st *Store) Size(ctx context.Context) (bytes int64, err error) { return st.db.Size(ctx) }

// CountSubmissions returns the number of submissions of all accounts.
func (st *Store) CountSubmissions(ctx context.Context) (count int64, err error) {
	err = st.db.Lookup(ctx, func(s *sqldb.Session) error {
		return s.Row("SELECT coalesce(sum(number), 0) FROM intake", nil, &count)
	})
	return count, err
}

// LimitCache bounds the memory in which SQLite caches pages for its writer. PostgreSQL has its own.
func (st *Store) LimitCache(ctx context.Context, bytes int) error {
	if st.db.Dialect().Name != sqldb.SQLite {
		return nil
	}
	return st.db.Write(ctx, func(s *sqldb.Session) error {
		return s.Exec(fmt.Sprintf("PRAGMA cache_size = -%d", bytes>>10))
	})
}

// CheckWritable implements [store.Monitor].
func (st *Store) CheckWritable(ctx context.Context) error { return st.db.CheckWritable(ctx) }

// Status implements [store.Monitor].
func (st *Store) Status(ctx context.Context) (store.Status, error) { return status.Read(ctx, st.db) }

// Observe implements [store.Monitor].
func (st *Store) Observe(o store.Observer) {
	st.Observer = o
	if o.Checkpointed != nil {
		st.db.OnCheckpoint(o.Checkpointed)
	}
}

// Close waits for running transactions and closes the store.
func (st *Store) Close() error { return st.db.Close() }
