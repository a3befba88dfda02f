package main

import (
	"bytes"
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
	ledgerFolder = "ledger"
	demoFolder   = "demo"
)

// storeFlags are the flags that select the store.
type storeFlags struct {
	Data  string `type:"path" env:"TRUEUP_DATA" alternative:"store" placeholder:"DIR" help:"Folder of the SQLite database (default: trueup/ledger in the user's data folder; demo: trueup/demo)."`
	Store string `env:"TRUEUP_STORE" secret:"" alternative:"data" placeholder:"URL" help:"URL of a PostgreSQL database to use instead, such as postgres://user:password@host:5432/trueup."`
}

// Validate reports conflicting flags. Kong calls it.
func (f storeFlags) Validate() error {
	switch {
	case f.Store != "" && f.Data != "":
		return errors.New("use --data (TRUEUP_DATA) or --store (TRUEUP_STORE), not both")
	case f.Store != "" && !sqldb.IsPostgres(f.Store):
		return errors.New("--store: must be the URL of a PostgreSQL database, such as postgres://user:password@host:5432/trueup; use --data for a folder")
	}
	return nil
}

// dir returns the folder of the SQLite database. name is the default below the user's data
// folder.
func (f storeFlags) dir(name string) (string, error) {
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

// opener opens the store. name is the default folder.
type opener func(ctx context.Context, name string) (*sqlstore.Store, error)

// open opens an existing store.
func (f storeFlags) open(ctx context.Context, name string) (*sqlstore.Store, error) {
	if err := f.checkExists(ctx, name); err != nil {
		return nil, err
	}
	return f.openOrCreate(ctx, name)
}

// create returns an opener that creates the store if it doesn't exist. It calls created,
// which may be nil, with the place of a new store.
func (f storeFlags) create(created func(place string)) opener {
	return func(ctx context.Context, name string) (*sqlstore.Store, error) {
		place, exists, err := f.exists(ctx, name)
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

func (f storeFlags) openOrCreate(ctx context.Context, name string) (st *sqlstore.Store, err error) {
	if f.Store != "" {
		st, err = sqlstore.OpenPostgres(ctx, f.Store)
	} else {
		var dir string
		if dir, err = f.dir(name); err == nil {
			st, err = sqlstore.OpenSQLite(ctx, dir)
		}
	}
	if err != nil {
		return nil, err
	}
	st.BatchTime = sqlstore.BatchTime
	return st, nil
}

// exists returns the place of the store as text and reports whether the store exists.
func (f storeFlags) exists(ctx context.Context, name string) (place string, exists bool, err error) {
	if f.Store != "" {
		if exists, err = sqldb.PostgresExists(ctx, f.Store); err != nil {
			err = fmt.Errorf("open the store in PostgreSQL: %w", err)
		}
		return "the PostgreSQL database", exists, err
	}
	dir, err := f.dir(name)
	if err != nil {
		return "", false, err
	}
	exists, err = sqldb.SQLiteExists(dir)
	return dir, exists, err
}

// checkExists returns an error if the store doesn't exist. A wrong --data must not create an
// empty ledger.
func (f storeFlags) checkExists(ctx context.Context, name string) error {
	place, exists, err := f.exists(ctx, name)
	if err != nil || exists {
		return err
	}
	flag := "--data (TRUEUP_DATA)"
	if f.Store != "" {
		flag = "--store (TRUEUP_STORE)"
	}
	return notFound("no ledger in %s: check %s, or create one with trueup apply", place, flag)
}

// openReadOnly opens an existing store for reading.
func (f storeFlags) openReadOnly(ctx context.Context, name string) (*sqlstore.Store, error) {
	if err := f.checkExists(ctx, name); err != nil {
		return nil, err
	}
	if f.Store != "" {
		return sqlstore.OpenPostgresReadOnly(ctx, f.Store)
	}
	dir, err := f.dir(name)
	if err != nil {
		return nil, err
	}
	return sqlstore.OpenSQLiteReadOnly(ctx, dir)
}

// use opens an existing store, calls do and closes the store.
func (f storeFlags) use(ctx context.Context, do func(*sqlstore.Store) error) error {
	return useStore(ctx, f.open, ledgerFolder, do)
}

// useOrCreate is like use, and creates the store if it doesn't exist. It calls created with
// the place of a new store.
func (f storeFlags) useOrCreate(ctx context.Context, name string, created func(place string), do func(*sqlstore.Store) error) error {
	return useStore(ctx, f.create(created), name, do)
}

func useStore(ctx context.Context, open opener, name string, do func(*sqlstore.Store) error) error {
	st, err := open(ctx, name)
	if err != nil {
		return err
	}
	return errors.Join(do(st), st.Close())
}

// useAccount is like use, and returns an error if the account doesn't exist. For account 0,
// which stands for no account, it doesn't check.
func (f storeFlags) useAccount(ctx context.Context, account int64, do func(*sqlstore.Store) error) error {
	return f.use(ctx, func(st *sqlstore.Store) error {
		if account != 0 {
			if err := checkAccount(ctx, st, account); err != nil {
				return err
			}
		}
		return do(st)
	})
}

// writeAccount is like useAccount, for commands that write. It returns an error if the clock
// is too far ahead of the store.
func (f storeFlags) writeAccount(ctx context.Context, account int64, do func(*sqlstore.Store) error) error {
	return f.useAccount(ctx, account, func(st *sqlstore.Store) error {
		if err := checkClock(ctx, st); err != nil {
			return err
		}
		return do(st)
	})
}

// change is like delayed. It returns an error if the clock is too far ahead of the store.
func change(ctx context.Context, s streams, open opener, do func(*sqlstore.Store, streams) error) error {
	return delayed(ctx, s, open, func(st *sqlstore.Store, s streams) error {
		if err := checkClock(ctx, st); err != nil {
			return err
		}
		return do(st, s)
	})
}

// delayed opens the store with open and calls do, for changes of data that servers cache. It
// delays the output of do until the caches of all servers have expired.
func delayed(ctx context.Context, s streams, open opener, do func(*sqlstore.Store, streams) error) error {
	var output bytes.Buffer
	err := useStore(ctx, open, ledgerFolder, func(st *sqlstore.Store) error {
		if err := do(st, streams{out: &output, err: s.err}); err != nil {
			return err
		}
		select {
		case <-time.After(sqlstore.CacheTTL):
		case <-ctx.Done():
		}
		return nil
	})
	_, writeErr := s.out.Write(output.Bytes())
	return errors.Join(err, writeErr)
}

// created prints that a command created a store.
func (s streams) created(place string) { s.printf("Created a ledger in %s.\n", place) }

// logCreated logs that a server created a store. Its output is for programs.
func (s streams) logCreated(place string) { s.logger().Info("created a ledger", "place", place) }

// withLock locks the folder and calls do with it, because only one process may serve a
// folder. Any number of processes may serve a PostgreSQL database: with --store, withLock
// calls do with "".
func (f storeFlags) withLock(ctx context.Context, name string, do func(dir string) error) error {
	if f.Store != "" {
		return do("")
	}
	dir, err := f.dir(name)
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
