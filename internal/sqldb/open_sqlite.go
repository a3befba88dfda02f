package sqldb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb/backup"
	"github.com/trueup-ledger/trueup/internal/sqldb/logcheck"
	"github.com/trueup-ledger/trueup/internal/sqldb/permission"
	"github.com/trueup-ledger/trueup/internal/sqldb/wal"
)

const (
	databaseFile = "trueup.db"
	// lockFile is the file that a serving process locks, migrateLockFile the one that a
	// migrating process locks.
	lockFile        = "trueup.lock"
	migrateLockFile = "trueup.migrate"
	// migrateWaitMillis is the time for which a process waits for another one to migrate.
	migrateWaitMillis = 60_000
	// sqliteReaders is the number of concurrent snapshots, and sqliteLookups that of concurrent
	// lookups.
	sqliteReaders = 16
	sqliteLookups = 4
)

// ErrInUse is returned by [LockFolder] while another process holds the lock.
var ErrInUse = errors.New("in use by another process")

// OpenSQLite opens the database in a folder for reading and writing. It creates both if
// they don't exist, and runs the migrations. Several processes may open a database at
// once. If the database is of a newer version than the program, OpenSQLite returns
// [ErrNewer]. If acknowledged commits are missing from it, OpenSQLite returns a
// [*logcheck.DamageError] and changes nothing.
func OpenSQLite(ctx context.Context, dir string, c Config) (_ *DB, err error) {
	path, err := databasePath(dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	if err := permission.Restrict(filepath.Dir(path), append(SQLiteFiles(), lockFile, migrateLockFile)); err != nil {
		return nil, err
	}
	if path, err = resolve(path); err != nil {
		return nil, err
	}
	if err := logcheck.Check(ctx, path, c.CountQuery); err != nil {
		return nil, err
	}
	db := newDB(c, sqliteDialect)
	if err := db.openSQLiteWriter(ctx, path); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// OpenSQLiteReadOnly opens the database in a folder read-only. Another process may write
// to it at the same time. If the database is not of the program's version,
// OpenSQLiteReadOnly returns [ErrNewer] or [ErrOlder].
func OpenSQLiteReadOnly(ctx context.Context, dir string, c Config) (*DB, error) {
	path, err := databasePath(dir)
	if err != nil {
		return nil, err
	}
	return openSQLiteFile(ctx, path, sqliteReader, c)
}

// OpenSQLiteFile is [OpenSQLiteReadOnly] for a complete file of any name, which nothing writes
// to, such as a backup.
func OpenSQLiteFile(ctx context.Context, path string, c Config) (*DB, error) {
	return openSQLiteFile(ctx, path, sqliteFile, c)
}

func openSQLiteFile(ctx context.Context, path string, mode sqliteMode, c Config) (*DB, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	db := newDB(c, sqliteDialect)
	err := db.openSQLiteReaders(path, mode)
	if err == nil {
		err = checkVersion(ctx, c.Migrations, db.dialect, db.handles[0])
	}
	if err == nil {
		err = db.loadCatalogue(ctx, db.handles[0])
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func (db *DB) openSQLiteWriter(ctx context.Context, path string) error {
	writer, err := openSQLite(path, sqliteWriter)
	if err != nil {
		return err
	}
	db.handles = append(db.handles, writer)
	migrating, err := lock(ctx, filepath.Join(filepath.Dir(path), migrateLockFile), migrateWaitMillis)
	if err != nil {
		return err
	}
	if db.migration, err = migrate(ctx, db.config.Migrations, db.dialect, writer); err == nil {
		err = db.reseal(ctx, writer)
	}
	if err = errors.Join(err, migrating.Close()); err != nil {
		return err
	}
	if err := logcheck.InitMark(ctx, writer, path, db.config.CountQuery); err != nil {
		return err
	}
	db.openWriters(writer, 1)
	db.writers.mark, db.writers.sealed = wal.MarkOf(path), db.catalogue
	if db.checkpointer, err = wal.NewCheckpointer(path); err != nil {
		return err
	}
	if m := db.migration; 0 < m.From && m.From < m.To { // the WAL may be long
		db.checkpointer.Checkpoint()
	}
	return db.openSQLiteReaders(path, sqliteReader)
}

func (db *DB) openSQLiteReaders(path string, mode sqliteMode) error {
	readers, err := openSQLite(path, mode)
	if err != nil {
		return err
	}
	db.handles = append(db.handles, readers)
	db.readers, db.lookups = newPool(readers, db.dialect, sqliteReaders), newPool(readers, db.dialect, sqliteLookups)
	return nil
}

func databasePath(dir string) (string, error) {
	return filepath.Abs(filepath.Join(dir, databaseFile))
}

// existingPath returns the path of a database file that exists.
func existingPath(dir string) (string, error) {
	path, err := databasePath(dir)
	if err == nil {
		_, err = os.Stat(path)
	}
	return path, err
}

// resolve replaces symbolic links among the folders of a database file.
func resolve(path string) (string, error) {
	dir, err := filepath.EvalSymlinks(filepath.Dir(path))
	return filepath.Join(dir, filepath.Base(path)), err
}

// LockFolder locks a data folder until the returned closer is closed or the process
// ends. It creates the folder if it doesn't exist. If another process holds the lock,
// LockFolder returns [ErrInUse]. The lock does not prevent others from opening the
// database.
func LockFolder(ctx context.Context, dir string) (io.Closer, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	path, err := filepath.Abs(filepath.Join(dir, lockFile))
	if err != nil {
		return nil, err
	}
	locked, err := lock(ctx, path, 0)
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", dir, err)
	}
	return locked, nil
}

// lock locks a file until the returned closer is closed or the process ends. It uses
// SQLite's own lock on an empty database, so that it works wherever SQLite does.
func lock(ctx context.Context, path string, waitMillis int) (io.Closer, error) {
	db, err := wal.OpenFile(wal.VFS, path, "rwc", keepPlans, fmt.Sprintf("busy_timeout(%d)", waitMillis))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, "BEGIN EXCLUSIVE"); err != nil {
		if isBusy(err) {
			err = ErrInUse
		}
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// CheckLog returns a [*logcheck.DamageError] if acknowledged commits are missing from the
// database in a folder. Other processes may write to it at the same time.
func CheckLog(ctx context.Context, dir string, c Config) error {
	path, err := existingPath(dir)
	if err != nil {
		return err
	}
	return logcheck.Check(ctx, path, c.CountQuery)
}

// AcceptLoss gives up the commits that OpenSQLite reported as missing. It first copies the
// database's files into a folder in dir, which it returns. The caller must hold the lock
// of the folder.
func AcceptLoss(ctx context.Context, dir string) (copies string, err error) {
	path, err := existingPath(dir)
	if err != nil {
		return "", err
	}
	if path, err = resolve(path); err != nil {
		return "", err
	}
	return logcheck.AcceptLoss(ctx, path, time.Now())
}

// SQLiteFiles returns the names of the files of a database in its folder. The first is
// the database file itself.
func SQLiteFiles() []string {
	return []string{databaseFile, databaseFile + "-wal", databaseFile + "-shm", databaseFile + wal.MarkSuffix}
}

// BackupSQLite copies the database in a folder to a new file with [backup.Copy]. Other
// processes may write to the database at the same time.
func BackupSQLite(ctx context.Context, dir, to string, o backup.Options) (time.Duration, error) {
	path, err := existingPath(dir)
	if err != nil {
		return 0, err
	}
	return backup.Copy(ctx, path, to, o)
}
