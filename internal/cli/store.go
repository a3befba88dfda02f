package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// Folders below the user's data folder.
const (
	LedgerFolder = "ledger"
	DemoFolder   = "demo"
)

// StoreFlags are the flags that select the store.
type StoreFlags struct {
	Data  string `group:"target" type:"path" env:"TRUEUP_DATA" alternative:"store" placeholder:"DIR" help:"Folder of the SQLite database (default: trueup/ledger in the user's data folder; demo: trueup/demo)."`
	Store string `group:"target" env:"TRUEUP_STORE" secret:"" alternative:"data" placeholder:"URL" help:"URL of a PostgreSQL database to use instead, such as postgres://user:password@host:5432/trueup."`
}

// Validate reports conflicting flags. Kong calls it.
func (f StoreFlags) Validate() error {
	switch {
	case f.Store != "" && f.Data != "":
		return errors.New("use --data (TRUEUP_DATA) or --store (TRUEUP_STORE), not both")
	case f.Store != "" && !sqldb.IsPostgres(f.Store):
		return errors.New("--store: must be the URL of a PostgreSQL database, such as postgres://user:password@host:5432/trueup; use --data for a folder")
	}
	return nil
}

// Dir returns the folder of the SQLite database. name is the default below the user's data
// folder.
func (f StoreFlags) Dir(name string) (string, error) {
	if f.Data != "" {
		return f.Data, nil
	}
	base := os.Getenv("XDG_DATA_HOME")
	if base == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("no data folder (set one with --data): %w", err)
		}
		base = filepath.Join(home, ".local", "share")
	}
	return filepath.Join(base, "trueup", name), nil
}

// Opener opens the store. name is the default folder.
type Opener func(ctx context.Context, name string) (*sqlstore.Store, error)

// Open opens an existing store.
func (f StoreFlags) Open(ctx context.Context, name string) (*sqlstore.Store, error) {
	if err := f.checkExists(ctx, name); err != nil {
		return nil, err
	}
	return f.openOrCreate(ctx, name)
}

// Create returns an Opener that creates the store if it doesn't exist. It calls created,
// which may be nil, with the place of a new store.
func (f StoreFlags) Create(created func(place string)) Opener {
	return func(ctx context.Context, name string) (*sqlstore.Store, error) {
		place, exists, err := f.Exists(ctx, name)
		if err != nil {
			return nil, err
		}
		st, err := f.openOrCreate(ctx, name)
		if err == nil && !exists && created != nil {
			created(place)
		}
		return st, err
	}
}

func (f StoreFlags) openOrCreate(ctx context.Context, name string) (st *sqlstore.Store, err error) {
	if f.Store != "" {
		st, err = sqlstore.OpenPostgres(ctx, f.Store)
	} else {
		var dir string
		if dir, err = f.Dir(name); err == nil {
			st, err = sqlstore.OpenSQLite(ctx, dir)
		}
	}
	if err != nil {
		return nil, err
	}
	st.BatchTime = sqlstore.BatchTime
	return st, nil
}

// Exists returns the place of the store as text and reports whether the store exists.
func (f StoreFlags) Exists(ctx context.Context, name string) (place string, exists bool, err error) {
	if f.Store != "" {
		if exists, err = sqldb.PostgresExists(ctx, f.Store); err != nil {
			err = fmt.Errorf("open the store in PostgreSQL: %w", err)
		}
		return "the PostgreSQL database", exists, err
	}
	dir, err := f.Dir(name)
	if err != nil {
		return "", false, err
	}
	exists, err = sqldb.SQLiteExists(dir)
	return dir, exists, err
}

// checkExists returns an error if the store doesn't exist. A wrong --data must not create an
// empty ledger.
func (f StoreFlags) checkExists(ctx context.Context, name string) error {
	place, exists, err := f.Exists(ctx, name)
	if err != nil || exists {
		return err
	}
	flag := "--data (TRUEUP_DATA)"
	if f.Store != "" {
		flag = "--store (TRUEUP_STORE)"
	}
	return NotFound("no ledger in %s: check %s, or create one with trueup apply", place, flag)
}

// OpenReadOnly opens an existing store for reading.
func (f StoreFlags) OpenReadOnly(ctx context.Context, name string) (*sqlstore.Store, error) {
	if err := f.checkExists(ctx, name); err != nil {
		return nil, err
	}
	if f.Store != "" {
		return sqlstore.OpenPostgresReadOnly(ctx, f.Store)
	}
	dir, err := f.Dir(name)
	if err != nil {
		return nil, err
	}
	return sqlstore.OpenSQLiteReadOnly(ctx, dir)
}

// Use opens an existing store, calls do and closes the store.
func (f StoreFlags) Use(ctx context.Context, do func(*sqlstore.Store) error) error {
	return UseStore(ctx, f.Open, LedgerFolder, do)
}

// UseOrCreate is like [StoreFlags.Use], and creates the store if it doesn't exist. It calls created with
// the place of a new store.
func (f StoreFlags) UseOrCreate(ctx context.Context, name string, created func(place string), do func(*sqlstore.Store) error) error {
	return UseStore(ctx, f.Create(created), name, do)
}

// UseStore opens a store, calls do and closes the store.
func UseStore(ctx context.Context, open Opener, name string, do func(*sqlstore.Store) error) error {
	st, err := open(ctx, name)
	if err != nil {
		return err
	}
	return errors.Join(do(st), st.Close())
}

// Delayed opens the store with open and calls do, for changes of data that servers cache. It returns
// once the caches of all servers have expired.
func Delayed(ctx context.Context, open Opener, do func(*sqlstore.Store) error) error {
	return UseStore(ctx, open, LedgerFolder, func(st *sqlstore.Store) error {
		if err := do(st); err != nil {
			return err
		}
		select {
		case <-time.After(sqlstore.CacheTTL):
		case <-ctx.Done():
		}
		return nil
	})
}

// Created prints that a command created a store.
func (s Streams) Created(place string) { s.Printf("Created a ledger in %s.\n", place) }

// LogCreated logs that a server created a store. Its output is for programs.
func (s Streams) LogCreated(place string) { s.Logger().Info("created a ledger", "place", place) }

// WithLock locks the folder and calls do with it, because only one process may serve a
// folder. Any number of processes may serve a PostgreSQL database: with --store, WithLock
// calls do with "".
func (f StoreFlags) WithLock(ctx context.Context, name string, do func(dir string) error) error {
	if f.Store != "" {
		return do("")
	}
	dir, err := f.Dir(name)
	if err != nil {
		return err
	}
	lock, err := sqldb.LockFolder(ctx, dir)
	if errors.Is(err, sqldb.ErrInUse) {
		return fmt.Errorf("%w; stop it, or choose another folder with --data", err)
	}
	if err != nil {
		return err
	}
	return errors.Join(do(dir), lock.Close())
}

// CheckLog checks the log of a SQLite database.
func (f StoreFlags) CheckLog(ctx context.Context) error {
	if f.Store != "" {
		return nil
	}
	dir, err := f.Dir(LedgerFolder)
	if err != nil {
		return err
	}
	return sqlstore.CheckLog(ctx, dir)
}
