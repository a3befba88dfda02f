package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

const (
	databaseFile = "trueup.db"
	// holdFile is locked by who serves, migrateFile by who migrates.
	holdFile    = "trueup.lock"
	migrateFile = "trueup.migrate"
	// migrateWait is how long a process waits for another to migrate, in milliseconds.
	migrateWait = 60_000
	// maxReaders bounds how many snapshots are read at the same time, maxLookups
	// how many short lookups beside them: whoever reads slowly keeps nobody out.
	maxReaders = 16
	maxLookups = 4
)

// ErrInUse says that another process holds the data folder.
var ErrInUse = errors.New("in use by another process")

// OpenSQLite opens the store in a folder for reading and writing, creates what is
// missing and brings it to the program's version. Several processes may have it
// open at once. A store of a newer version than the program's is refused with
// [ErrNewer].
func OpenSQLite(ctx context.Context, dir string) (*Store, error) {
	store, _, err := openAndMigrate(ctx, dir)
	return store, err
}

// Migrate brings the store in a folder to the program's version, as [OpenSQLite]
// does, and answers from which version to which.
func Migrate(ctx context.Context, dir string) (Migration, error) {
	store, migration, err := openAndMigrate(ctx, dir)
	if err != nil {
		return Migration{}, err
	}
	return migration, store.Close()
}

func openAndMigrate(ctx context.Context, dir string) (_ *Store, _ Migration, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("open the store in %s: %w", dir, err)
		}
	}()
	path, err := databasePath(dir)
	if err != nil {
		return nil, Migration{}, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, Migration{}, err
	}
	store := &Store{dialect: sqliteDialect}
	defer func() {
		if err != nil {
			err = errors.Join(err, store.Close())
		}
	}()
	if err := makePrivate(path); err != nil {
		return nil, Migration{}, err
	}
	writer, err := openSQLite(path, sqliteWriter)
	if err != nil {
		return nil, Migration{}, err
	}
	store.closers = append(store.closers, writer)
	migrating, err := lockFile(ctx, filepath.Join(filepath.Dir(path), migrateFile), migrateWait)
	if err != nil {
		return nil, Migration{}, err
	}
	migration, err := migrate(ctx, sqliteDialect, writer)
	if err = errors.Join(err, migrating.Close()); err != nil {
		return nil, Migration{}, err
	}
	store.writers = newPool(writer, store.dialect, 1)
	copier, copying, err := newCopier(path)
	if err != nil {
		return nil, Migration{}, err
	}
	store.copier, store.closers = copier, append(store.closers, copying)
	if 0 < migration.From && migration.From < migration.To { // it may have written much
		copier.copy(passive)
	}
	return store, migration, store.openReaders(path)
}

// OpenSQLiteReadOnly opens the store in a folder for reading alone, whether or not
// a process writes to it meanwhile. Its version must be the program's.
func OpenSQLiteReadOnly(ctx context.Context, dir string) (*Store, error) {
	path, err := databasePath(dir)
	if err == nil {
		_, err = os.Stat(path)
	}
	store := &Store{dialect: sqliteDialect}
	if err == nil {
		err = store.openReaders(path)
	}
	if err == nil {
		err = checkVersion(ctx, sqliteDialect, store.closers[0])
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the store in %s: %w", dir, err), store.Close())
	}
	return store, nil
}

// makePrivate creates the file so that only its owner can read it; what SQLite
// puts beside it inherits that.
func makePrivate(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}

func databasePath(dir string) (string, error) {
	return filepath.Abs(filepath.Join(dir, databaseFile))
}

func (st *Store) openReaders(path string) error {
	readers, err := openSQLite(path, sqliteReader)
	if err != nil {
		return err
	}
	st.closers = append(st.closers, readers)
	st.readers, st.lookups = newPool(readers, st.dialect, maxReaders), newPool(readers, st.dialect, maxLookups)
	return nil
}

// Hold holds the data folder, which it makes if it is not there, until the answer
// is closed or the process ends in whichever way. While it is held nobody else can
// hold it, [ErrInUse], but the store in it can be opened: who serves holds.
func Hold(ctx context.Context, dir string) (io.Closer, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	path, err := filepath.Abs(filepath.Join(dir, holdFile))
	if err != nil {
		return nil, err
	}
	held, err := lockFile(ctx, path, 0)
	if err != nil {
		return nil, fmt.Errorf("hold %s: %w", dir, err)
	}
	return held, nil
}

// lockFile locks a file until it is closed or the process ends. The lock is SQLite's
// own on an empty database, so that it works wherever SQLite does.
func lockFile(ctx context.Context, path string, waitMillis int) (io.Closer, error) {
	locked, err := openSQLiteFile(mergingVFS, path, "rwc", keepPlans, fmt.Sprintf("busy_timeout(%d)", waitMillis))
	if err != nil {
		return nil, err
	}
	locked.SetMaxOpenConns(1)
	if _, err := locked.ExecContext(ctx, "BEGIN EXCLUSIVE"); err != nil {
		if sqliteBusy(err) {
			err = ErrInUse
		}
		return nil, errors.Join(err, locked.Close())
	}
	return locked, nil
}

// Files answers the names of the files that hold a store, for whoever wants to
// remove it while nobody has it open.
func Files() []string { return []string{databaseFile, databaseFile + "-wal", databaseFile + "-shm"} }
