package main

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

	"github.com/trueup-ledger/trueup/internal/sqldb"
)

// benchStore is the store of a benchmark: a folder, or a database on a PostgreSQL server. It
// hides the difference from the rest of the benchmark.
type benchStore struct {
	storeFlags
	// server is the URL for creating and dropping databases, and name the name of the
	// created database.
	server, name string
}

// newBenchStore returns an empty store: in a new database on the given server, in the given
// folder, or in a new temporary folder. With reuse it returns the given store itself. The
// function remove deletes a database or folder that newBenchStore created.
func newBenchStore(ctx context.Context, given storeFlags, reuse bool) (b benchStore, remove func() error, err error) {
	if reuse {
		return benchStore{storeFlags: given, server: given.Store}, func() error { return nil }, nil
	}
	if given.Store != "" {
		b = benchStore{server: given.Store, name: "trueup_bench_" + strings.ToLower(rand.Text()[:10])}
		b.Store, err = sqldb.CreateDatabase(ctx, b.server, b.name)
		return b, func() error { return sqldb.DropDatabase(context.WithoutCancel(ctx), b.server, b.Store) }, err
	}
	if given.Data != "" {
		return benchStore{storeFlags: given}, func() error { return nil }, nil
	}
	b.Data, err = os.MkdirTemp("", "trueup-bench-")
	return b, func() error { return os.RemoveAll(b.Data) }, err
}

// copyOf copies the store, which must not be open.
func (b benchStore) copyOf(ctx context.Context) (c benchStore, remove func() error, err error) {
	if b.Store != "" {
		c.Store, err = sqldb.CopyDatabase(ctx, b.server, b.Store)
		return c, func() error { return sqldb.DropDatabase(context.WithoutCancel(ctx), b.server, c.Store) }, err
	}
	c.Data = filepath.Join(b.Data, "floor")
	return c, func() error { return os.RemoveAll(c.Data) }, sqldb.CopySQLite(b.Data, c.Data)
}

// environment returns the environment of a process on the store. The store is not passed
// as an argument, because the URL may have a password and arguments are public.
func (b benchStore) environment() []string {
	env := slices.DeleteFunc(os.Environ(), func(v string) bool {
		return strings.HasPrefix(v, "TRUEUP_DATA=") || strings.HasPrefix(v, "TRUEUP_STORE=")
	})
	if b.Store != "" {
		return append(env, "TRUEUP_STORE="+b.Store)
	}
	return append(env, "TRUEUP_DATA="+b.Data)
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
