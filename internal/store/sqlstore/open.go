package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

const (
	databaseFile = "trueup.db"
	lockFile     = "trueup.lock"
	// maxReaders bounds how many snapshots are read at the same time.
	maxReaders = 16
)

// ErrInUse says that another process has the data folder open for writing.
var ErrInUse = errors.New("in use by another process")

// OpenSQLite opens the store in a folder for reading and writing, creates what is
// missing and brings it to the program's version. Until it is closed, or the
// process ends in whichever way, no other can open it for writing: [ErrInUse]. A
// store of a newer version than the program's is refused with [ErrNewer].
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
	lock, err := lockFolder(ctx, filepath.Dir(path))
	if err != nil {
		return nil, Migration{}, err
	}
	store := &Store{closers: []*sql.DB{lock}}
	defer func() {
		if err != nil {
			err = errors.Join(err, store.Close())
		}
	}()
	writer, err := openSQLite(path, sqliteWriter)
	if err != nil {
		return nil, Migration{}, err
	}
	store.closers = append(store.closers, writer)
	migration, err := migrate(ctx, writer)
	if err != nil {
		return nil, Migration{}, err
	}
	store.writers = newPool(writer, 1)
	return store, migration, store.openReaders(path)
}

// OpenSQLiteReadOnly opens the store in a folder for reading alone, whether or not
// a process writes to it meanwhile. Its version must be the program's.
func OpenSQLiteReadOnly(ctx context.Context, dir string) (*Store, error) {
	path, err := databasePath(dir)
	if err == nil {
		_, err = os.Stat(path)
	}
	store := &Store{}
	if err == nil {
		err = store.openReaders(path)
	}
	if err == nil {
		err = checkVersion(ctx, store.closers[0])
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the store in %s: %w", dir, err), store.Close())
	}
	return store, nil
}

func databasePath(dir string) (string, error) {
	path, err := filepath.Abs(filepath.Join(dir, databaseFile))
	return path, err
}

func (st *Store) openReaders(path string) error {
	readers, err := openSQLite(path, sqliteReader)
	if err != nil {
		return err
	}
	st.closers = append(st.closers, readers)
	st.readers = newPool(readers, maxReaders)
	return nil
}

// lockFolder takes a lock that ends with the process. It is SQLite's own on an
// empty database, so that it works wherever SQLite does.
func lockFolder(ctx context.Context, dir string) (*sql.DB, error) {
	lock, err := sql.Open("sqlite", sqliteName(filepath.Join(dir, lockFile), "rwc", "busy_timeout(0)"))
	if err != nil {
		return nil, err
	}
	lock.SetMaxOpenConns(1)
	if _, err := lock.ExecContext(ctx, "BEGIN EXCLUSIVE"); err != nil {
		if sqliteBusy(err) {
			err = ErrInUse
		}
		return nil, errors.Join(err, lock.Close())
	}
	return lock, nil
}
