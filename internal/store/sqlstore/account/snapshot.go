package account

import (
	"context"
	"fmt"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
)

// Snapshot is a read transaction on one account.
type Snapshot struct {
	*sqldb.Session
	// Context is that of the call that opened the snapshot. Sequences check it
	// between chunks of rows.
	Context context.Context
	Account int64
	Salt    uint32
}

// Counters returns the numbers that were assigned last.
func (r *Snapshot) Counters() (c store.Counters, err error) {
	err = r.Row(`SELECT i.number, a.number, a.last_update FROM intake i JOIN applier a ON a.account = i.account
		WHERE i.account = ?`, []any{r.Account}, &c.Accepted, &c.Applied, &c.LastUpdate)
	return c, err
}

// Read runs f on a snapshot of the account. It returns [ledger.ErrNotFound] if the
// account doesn't exist.
func Read(ctx context.Context, db *sqldb.DB, account int64, f func(*Snapshot) error) error {
	return db.Read(ctx, account, func(s *sqldb.Session) error { return open(ctx, s, account, f) })
}

// ReadLong is [Read] for an f that can take minutes.
func ReadLong(ctx context.Context, db *sqldb.DB, account int64, f func(*Snapshot) error) error {
	return db.ReadLong(ctx, account, func(s *sqldb.Session) error { return open(ctx, s, account, f) })
}

func open(ctx context.Context, s *sqldb.Session, account int64, f func(*Snapshot) error) error {
	salt, err := Salt(s, account)
	if err != nil {
		return fmt.Errorf("read account %d: %w", account, err)
	}
	return f(&Snapshot{Session: s, Context: ctx, Account: account, Salt: salt})
}
