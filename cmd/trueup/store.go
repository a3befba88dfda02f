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
	Data  string `type:"path" env:"TRUEUP_DATA" placeholder:"DIR" help:"Folder of the SQLite database (default: trueup/ledger in the user's data folder; demo: trueup/demo)."`
	Store string `env:"TRUEUP_STORE" placeholder:"URL" help:"URL of a PostgreSQL database to use instead, such as postgres://user:password@host:5432/trueup."`
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

// open opens the store and creates it if it doesn't exist.
func (f storeFlags) open(ctx context.Context, name string) (*sqlstore.Store, error) {
	if f.Store != "" {
		return sqlstore.OpenPostgres(ctx, f.Store)
	}
	dir, err := f.dir(name)
	if err != nil {
		return nil, err
	}
	return sqlstore.OpenSQLite(ctx, dir)
}

// openReadOnly opens an existing store for reading.
func (f storeFlags) openReadOnly(ctx context.Context, name string) (*sqlstore.Store, error) {
	if f.Store != "" {
		return sqlstore.OpenPostgresReadOnly(ctx, f.Store)
	}
	dir, err := f.dir(name)
	if err != nil {
		return nil, err
	}
	return sqlstore.OpenSQLiteReadOnly(ctx, dir)
}

// use opens the store, calls do and closes the store.
func (f storeFlags) use(ctx context.Context, name string, do func(*sqlstore.Store) error) error {
	st, err := f.open(ctx, name)
	if err != nil {
		return err
	}
	return errors.Join(do(st), st.Close())
}

// change is like use, for changes of data that servers cache. It delays the output of do
// until the caches of all servers have expired.
func (f storeFlags) change(ctx context.Context, s streams, do func(*sqlstore.Store, streams) error) error {
	var output bytes.Buffer
	err := f.use(ctx, ledgerFolder, func(st *sqlstore.Store) error {
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
	if err != nil {
		return err
	}
	return errors.Join(do(dir), lock.Close())
}
