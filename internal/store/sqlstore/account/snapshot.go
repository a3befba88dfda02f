package account

import (
	"context"
	"fmt"

	"github.com/trueup-ledger/trueup/internal/sqldb"
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

// Read runs f on a snapshot of the account. It returns [ledger.ErrNotFound] if the
// account doesn't exist.
func Read(ctx context.Context, db *sqldb.DB, account int64, f func(*Snapshot) error) error {
	return db.Read(ctx, account, func(s *sqldb.Session) error {
		salt, err := Salt(s, account)
		if err != nil {
			return fmt.Errorf("read account %d: %w", account, err)
		}
		return f(&Snapshot{Session: s, Context: ctx, Account: account, Salt: salt})
	})
}
