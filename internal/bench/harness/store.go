package harness

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/internal/settings"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/sqldb/backup"
	"github.com/trueup-ledger/trueup/internal/sqldb/pgadmin"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// Place is where a store is: a folder, or the URL of a PostgreSQL database.
type Place struct{ Folder, Database string }

// benchStore is the store of a benchmark. It hides the kind of its place from the rest of the
// benchmark.
type benchStore struct {
	Place
	// server is the URL for creating and dropping databases, and name the name of the
	// created database.
	server, name string
}

// newStore returns an empty store: in a new database on the given server, in the given
// folder, or in a new temporary folder. With reuse it returns the given store itself. The
// function remove deletes a database or folder that newStore created.
func newStore(ctx context.Context, given Place, reuse bool) (b benchStore, remove func() error, err error) {
	if reuse {
		return benchStore{Place: given, server: given.Database}, func() error { return nil }, nil
	}
	if given.Database != "" {
		b = benchStore{server: given.Database, name: "trueup_bench_" + strings.ToLower(rand.Text()[:10])}
		b.Database, err = pgadmin.Create(ctx, b.server, b.name)
		return b, func() error { return pgadmin.Drop(context.WithoutCancel(ctx), b.server, b.Database) }, err
	}
	if given.Folder != "" {
		return benchStore{Place: given}, func() error { return nil }, nil
	}
	b.Folder, err = os.MkdirTemp("", "trueup-bench-")
	return b, func() error { return os.RemoveAll(b.Folder) }, err
}

// copyOf copies the store, which must not be open.
func (b benchStore) copyOf(ctx context.Context) (c benchStore, remove func() error, err error) {
	if b.Database != "" {
		c.Database, err = pgadmin.Copy(ctx, b.server, b.Database)
		return c, func() error { return pgadmin.Drop(context.WithoutCancel(ctx), b.server, c.Database) }, err
	}
	c.Folder = filepath.Join(b.Folder, "floor")
	return c, func() error { return os.RemoveAll(c.Folder) }, backup.CopyClosed(sqldb.SQLiteFiles()[0], b.Folder, c.Folder)
}

// use opens a store with open, calls do and closes the store.
func (b benchStore) use(ctx context.Context, open Opener, do func(*sqlstore.Store) error) error {
	st, err := open(ctx, b.Place)
	if err != nil {
		return err
	}
	return errors.Join(do(st), st.Close())
}

// environment returns the environment of a process on the store, without other settings. The store
// is not passed as an argument, because the URL may have a password and arguments are public.
func (b benchStore) environment() []string {
	env := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, settings.Prefix) })
	if b.Database != "" {
		return append(env, "TRUEUP_STORE="+b.Database)
	}
	return append(env, "TRUEUP_DATA="+b.Folder)
}

// serve starts a server on the store and returns it with its URL once it is ready.
func (b benchStore) serve(ctx context.Context) (*exec.Cmd, string, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, "", err
	}
	server := exec.CommandContext(ctx, program, "serve", "--listen", "127.0.0.1:0", "--admin-listen", "off")
	server.Env, server.Stderr = b.environment(), os.Stderr
	out, err := server.StdoutPipe()
	if err != nil {
		return nil, "", err
	}
	if err := server.Start(); err != nil {
		return nil, "", err
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if url, found := strings.CutPrefix(lines.Text(), "TRUEUP_URL="); found {
			return server, url, nil
		}
	}
	return nil, "", fmt.Errorf("the server did not start: %w", errors.Join(server.Wait(), context.Cause(ctx)))
}
