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

// Validate is called by kong.
func (d storeFlags) Validate() error {
	switch {
	case d.Store != "" && d.Data != "":
		return errors.New("use --data (TRUEUP_DATA) or --store (TRUEUP_STORE), not both")
	case d.Store != "" && !sqldb.IsPostgres(d.Store):
		return errors.New("--store: must be the URL of a PostgreSQL database, such as postgres://user:password@host:5432/trueup; use --data for a folder")
	}
	return nil
}

// dir returns the folder of the SQLite database.
func (d storeFlags) dir(name string) (string, error) {
	if d.Data != "" {
		return d.Data, nil
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
func (d storeFlags) open(ctx context.Context, name string) (*sqlstore.Store, error) {
	if d.Store != "" {
		return sqlstore.OpenPostgres(ctx, d.Store)
	}
	dir, err := d.dir(name)
	if err != nil {
		return nil, err
	}
	return sqlstore.OpenSQLite(ctx, dir)
}

// openReadOnly opens an existing store for reading.
func (d storeFlags) openReadOnly(ctx context.Context, name string) (*sqlstore.Store, error) {
	if d.Store != "" {
		return sqlstore.OpenPostgresReadOnly(ctx, d.Store)
	}
	dir, err := d.dir(name)
	if err != nil {
		return nil, err
	}
	return sqlstore.OpenSQLiteReadOnly(ctx, dir)
}

// use opens the store, calls f and closes the store.
func (d storeFlags) use(ctx context.Context, name string, f func(*sqlstore.Store) error) error {
	st, err := d.open(ctx, name)
	if err != nil {
		return err
	}
	return errors.Join(f(st), st.Close())
}

// change is like use, for data that servers cache. It delays the output of f until the
// caches of all servers have expired.
func (d storeFlags) change(ctx context.Context, s streams, f func(*sqlstore.Store, streams) error) error {
	var output bytes.Buffer
	err := d.use(ctx, ledgerFolder, func(st *sqlstore.Store) error {
		if err := f(st, streams{out: &output, err: s.err}); err != nil {
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

// withLock locks the folder while f runs, since only one process may serve it. Any number of
// processes may serve a PostgreSQL database; then hold calls f with dir "".
func (d storeFlags) withLock(ctx context.Context, name string, f func(dir string) error) error {
	if d.Store != "" {
		return f("")
	}
	dir, err := d.dir(name)
	if err != nil {
		return err
	}
	lock, err := sqldb.LockFolder(ctx, dir)
	if err != nil {
		return err
	}
	return errors.Join(f(dir), lock.Close())
}
