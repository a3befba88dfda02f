package sqlstore

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/sqldb/backup"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/actions"
)

//go:embed migrations
var migrations embed.FS

// config returns the settings of a store's database.
func config() sqldb.Config {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return sqldb.Config{
		Migrations: files, Unsealed: actions.Unsealed(), Numbered: []string{"submissions", "outcomes", "updates"}, DistributedTable: leadingTable,
		CountQuery: "SELECT coalesce(sum(number), 0), coalesce(max(instant), 0) FROM intake",
	}
}

// OpenSQLite opens the store in a folder for reading and writing. It creates the
// folder and the tables and runs the migrations. Several processes may open a store at
// once. If the store is of a newer version than the program, OpenSQLite returns
// [sqldb.ErrNewer].
func OpenSQLite(ctx context.Context, dir string) (*Store, error) {
	db, err := sqldb.OpenSQLite(ctx, dir, config())
	return filled(ctx)(newSQLite(dir, db, err))
}

// OpenSQLiteReadOnly opens the store in a folder read-only, whether or not another
// process writes to it. Its version must be the program's.
func OpenSQLiteReadOnly(ctx context.Context, dir string) (*Store, error) {
	db, err := sqldb.OpenSQLiteReadOnly(ctx, dir, config())
	return newSQLite(dir, db, err)
}

// OpenBackup opens the store in a complete file, which nothing writes to, read-only. Its version
// must be the program's.
func OpenBackup(ctx context.Context, file string) (*Store, error) {
	db, err := sqldb.OpenSQLiteFile(ctx, file, config())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", file, err)
	}
	return newStore(db), nil
}

// BackupOptions are the options of [Backup].
type BackupOptions struct {
	// Paced makes the copy pause, so that a server beside it has time.
	Paced bool
	// Verify, unless it is nil, is called with the copy, open read-only. The copy is kept only
	// if Verify returns nil.
	Verify func(*Store) error
}

// Backup copies the store in a folder to a new file, whether or not another process writes
// to it. It returns the time that it took before the checks.
func Backup(ctx context.Context, dir, to string, o BackupOptions) (time.Duration, error) {
	copying := backup.Options{Paced: o.Paced}
	if o.Verify != nil {
		copying.Verify = func(copied string) error {
			st, err := OpenBackup(ctx, copied)
			if err != nil {
				return err
			}
			return errors.Join(o.Verify(st), st.Close())
		}
	}
	return sqldb.BackupSQLite(ctx, dir, to, copying)
}

// CheckLog returns an error that wraps logcheck.ErrDamaged if acknowledged writes are
// missing from the store in a folder.
func CheckLog(ctx context.Context, dir string) error { return sqldb.CheckLog(ctx, dir, config()) }

func newSQLite(dir string, db *sqldb.DB, err error) (*Store, error) {
	if err != nil {
		return nil, fmt.Errorf("open the store in %s: %w", dir, err)
	}
	return newStore(db), nil
}

// OpenPostgres opens the store in a PostgreSQL database for reading and writing. It
// creates the tables and runs the migrations. Any number of processes may open a
// store at once. If the store is of a newer version than the program, OpenPostgres
// returns [sqldb.ErrNewer].
func OpenPostgres(ctx context.Context, url string) (*Store, error) {
	db, err := sqldb.OpenPostgres(ctx, url, config())
	return filled(ctx)(newPostgres(db, err))
}

// OpenPostgresReadOnly opens the store in a PostgreSQL database read-only. Its version
// must be the program's.
func OpenPostgresReadOnly(ctx context.Context, url string) (*Store, error) {
	db, err := sqldb.OpenPostgresReadOnly(ctx, url, config())
	return newPostgres(db, err)
}

func newPostgres(db *sqldb.DB, err error) (*Store, error) {
	if err != nil {
		return nil, fmt.Errorf("open the store in PostgreSQL: %w", err)
	}
	return newStore(db), nil
}

// filled returns a function that completes the migration of an opened store, or closes it.
func filled(ctx context.Context) func(*Store, error) (*Store, error) {
	return func(st *Store, err error) (*Store, error) {
		if err != nil {
			return nil, err
		}
		if err := st.Backfill(ctx); err != nil {
			return nil, errors.Join(err, st.Close())
		}
		return st, nil
	}
}

// Migrate migrates the store in a folder to the program's version, as [OpenSQLite] does.
func Migrate(ctx context.Context, dir string) (sqldb.Migration, error) {
	st, err := OpenSQLite(ctx, dir)
	return closeMigrated(st, err)
}

// MigratePostgres migrates the store in a PostgreSQL database to the program's version,
// as [OpenPostgres] does.
func MigratePostgres(ctx context.Context, url string) (sqldb.Migration, error) {
	st, err := OpenPostgres(ctx, url)
	return closeMigrated(st, err)
}

func closeMigrated(st *Store, err error) (sqldb.Migration, error) {
	if err != nil {
		return sqldb.Migration{}, err
	}
	return st.db.Migration(), st.Close()
}
