package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// Folders under the user's data folder.
const (
	ledgerFolder = "ledger"
	demoFolder   = "demo"
)

// dataFlag are the flags that every command takes: where the ledgers are.
type dataFlag struct {
	Data  string `type:"path" env:"TRUEUP_DATA" placeholder:"DIR" help:"Folder of the database (default: trueup/ledger under the user's data folder; demo: trueup/demo)."`
	Store string `env:"TRUEUP_STORE" placeholder:"URL" help:"A PostgreSQL database in place of a folder, as postgres://user:password@host:5432/trueup."`
}

// Validate refuses what names no store, or two.
func (d dataFlag) Validate() error {
	switch {
	case d.Store != "" && d.Data != "":
		return errors.New("give --data (TRUEUP_DATA) or --store (TRUEUP_STORE), not both")
	case d.Store != "" && !sqlstore.IsPostgres(d.Store):
		return errors.New("--store: give the URL of a PostgreSQL database, as postgres://user:password@host:5432/trueup; --data is for folders")
	}
	return nil
}

// dir answers the folder, by default one of the user's own.
func (d dataFlag) dir(name string) (string, error) {
	if d.Data != "" {
		return d.Data, nil
	}
	base := os.Getenv("XDG_DATA_HOME")
	if base == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("no folder for the data (give one with --data): %w", err)
		}
		base = filepath.Join(home, ".local", "share")
	}
	return filepath.Join(base, "trueup", name), nil
}

// open opens the store; what is not there is made.
func (d dataFlag) open(ctx context.Context, name string) (*sqlstore.Store, error) {
	if d.Store != "" {
		return sqlstore.OpenPostgres(ctx, d.Store)
	}
	dir, err := d.dir(name)
	if err != nil {
		return nil, err
	}
	return sqlstore.OpenSQLite(ctx, dir)
}

// openReadOnly opens a store that is there for reading alone.
func (d dataFlag) openReadOnly(ctx context.Context, name string) (*sqlstore.Store, error) {
	if d.Store != "" {
		return sqlstore.OpenPostgresReadOnly(ctx, d.Store)
	}
	dir, err := d.dir(name)
	if err != nil {
		return nil, err
	}
	return sqlstore.OpenSQLiteReadOnly(ctx, dir)
}

// use opens the store and closes it after f.
func (d dataFlag) use(ctx context.Context, name string, f func(*sqlstore.Store) error) error {
	st, err := d.open(ctx, name)
	if err != nil {
		return err
	}
	return errors.Join(f(st), st.Close())
}

// change is use for changes of what servers look up for requests: what f prints is
// printed when no server goes any more by what was before.
func (d dataFlag) change(ctx context.Context, s streams, f func(*sqlstore.Store, streams) error) error {
	var said bytes.Buffer
	err := d.use(ctx, ledgerFolder, func(st *sqlstore.Store) error {
		if err := f(st, streams{out: &said, err: s.err}); err != nil {
			return err
		}
		select {
		case <-time.After(sqlstore.FreshFor):
		case <-ctx.Done():
		}
		return nil
	})
	_, failed := s.out.Write(said.Bytes())
	return errors.Join(err, failed)
}

// hold keeps others from serving a folder while f runs. A database in PostgreSQL is
// served by as many processes as wanted: then there is no folder.
func (d dataFlag) hold(ctx context.Context, name string, f func(dir string) error) error {
	if d.Store != "" {
		return f("")
	}
	dir, err := d.dir(name)
	if err != nil {
		return err
	}
	held, err := sqlstore.Hold(ctx, dir)
	if err != nil {
		return err
	}
	return errors.Join(f(dir), held.Close())
}
