package maintenance

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/sqldb/transfer"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// Place is the folder of a SQLite database or the URL of a PostgreSQL database.
type Place string

// String returns the folder, or a name that shows no password.
func (p Place) String() string {
	if sqldb.IsPostgres(string(p)) {
		return "the PostgreSQL database"
	}
	return string(p)
}

func (p Place) openReadOnly(ctx context.Context) (*sqlstore.Store, error) {
	if sqldb.IsPostgres(string(p)) {
		return sqlstore.OpenPostgresReadOnly(ctx, string(p))
	}
	return sqlstore.OpenSQLiteReadOnly(ctx, string(p))
}

func (p Place) open(ctx context.Context) (*sqlstore.Store, error) {
	if sqldb.IsPostgres(string(p)) {
		return sqlstore.OpenPostgres(ctx, string(p))
	}
	return sqlstore.OpenSQLite(ctx, string(p))
}

func (p Place) exists(ctx context.Context) (bool, error) {
	if sqldb.IsPostgres(string(p)) {
		return sqldb.PostgresExists(ctx, string(p))
	}
	return sqldb.SQLiteExists(string(p))
}

// ErrNoLedger is returned for a place without a ledger.
var ErrNoLedger = errors.New("no ledger")

// Copy copies a ledger to a database of any kind.
type Copy struct {
	From, To Place
	// Verify verifies both ledgers.
	Verify Verify
	// Progress is called when a part of the copy begins.
	Progress func(part string)
}

// Copied is the result of [Copy.Run].
type Copied struct {
	// Tables and Rows are the numbers of tables and of their rows.
	Tables int
	Rows   int64
	Contents
}

// Run verifies the ledger, copies all its tables from one snapshot, compares the copy row by row,
// and verifies it. The copy appears in its place complete or not at all. No server may run at
// either place: Run returns [sqldb.ErrInUse] if one does, and an error that wraps
// [transfer.ErrDiffers] if the ledger changed meanwhile. The memory that Run needs doesn't grow
// with the ledger.
func (c Copy) Run(ctx context.Context) (copied Copied, err error) {
	exists, err := c.From.exists(ctx)
	if err != nil {
		return copied, err
	}
	if !exists {
		return copied, fmt.Errorf("%w in %v", ErrNoLedger, c.From)
	}
	err = c.From.lock(ctx, func(ctx context.Context) error {
		from, err := c.From.openReadOnly(ctx)
		if err != nil {
			return err
		}
		return errors.Join(c.copyFrom(ctx, from, &copied), from.Close())
	})
	return copied, err
}

func (c Copy) copyFrom(ctx context.Context, from *sqlstore.Store, copied *Copied) (err error) {
	if !sqldb.IsPostgres(string(c.From)) {
		if err := sqlstore.CheckLog(ctx, string(c.From)); err != nil {
			return err
		}
	}
	into := intoFolder
	if sqldb.IsPostgres(string(c.To)) {
		into = transfer.IntoSchema
	}
	if copied.Contents, err = contentsOf(ctx, from); err != nil {
		return err
	}
	c.Progress("Verifying " + c.From.String())
	if err := c.Verify(ctx, from); err != nil {
		return err
	}
	err = into(ctx, string(c.To), func(staged string) error { return c.fill(ctx, from, Place(staged), copied) })
	if err != nil {
		return fmt.Errorf("copy to %v: %w", c.To, err)
	}
	return nil
}

// fill copies the ledger to a place that is not published yet, and checks the copy.
func (c Copy) fill(ctx context.Context, from *sqlstore.Store, staged Place, copied *Copied) error {
	c.Progress("Copying")
	to, err := staged.open(ctx)
	if err != nil {
		return err
	}
	sums, err := transfer.Copy(ctx, from.DB(), to.DB())
	if err := errors.Join(err, to.Close()); err != nil {
		return err
	}
	copied.Tables, copied.Rows = len(sums), sums.Rows()
	to, err = staged.openReadOnly(ctx)
	if err != nil {
		return err
	}
	c.Progress("Comparing and verifying the copy")
	err = sums.Check(ctx, to.DB())
	if err == nil {
		err = c.Verify(ctx, to)
	}
	if err := errors.Join(err, to.Close()); err != nil {
		return err
	}
	if err := sums.CheckUnchanged(ctx, from.DB()); err != nil {
		return fmt.Errorf("%v was written to during the copy: %w", c.From, err)
	}
	return nil
}

// leaderWait is the time for which a copy tries to become the leader of a PostgreSQL database.
const leaderWait = 3 * time.Second

// lock calls f while no server can be the leader of the ledger. The context of f ends when the lock
// is lost.
func (p Place) lock(ctx context.Context, f func(ctx context.Context) error) (err error) {
	if !sqldb.IsPostgres(string(p)) {
		lock, err := sqldb.LockFolder(ctx, string(p))
		if err != nil {
			return err
		}
		return errors.Join(f(ctx), lock.Close())
	}
	st, err := p.openReadOnly(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	ctx, cancel := context.WithCancelCause(ctx)
	leading, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		cancel(st.RunAsLeader(ctx, func() { close(leading) }))
	}()
	defer func() { cancel(nil); <-ended }()
	select {
	case <-leading:
		return f(ctx)
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(leaderWait):
		return fmt.Errorf("%v is %w", p, sqldb.ErrInUse)
	}
}
