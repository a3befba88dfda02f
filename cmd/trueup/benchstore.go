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

	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// benchStore is where the benchmark keeps a store of its own: a folder, or a database
// of a PostgreSQL server. Nothing else of it knows which.
type benchStore struct {
	dataFlag
	// server is the URL by which databases are made and dropped, name that of the
	// store's own.
	server, name string
}

// newBenchStore makes an empty one, which remove removes: in a folder, if one is
// given, or in a database of its own beside the one that is given. What is there to be
// used again is the given one itself.
func newBenchStore(ctx context.Context, given dataFlag, again bool) (b benchStore, remove func() error, err error) {
	if again {
		return benchStore{dataFlag: given, server: given.Store}, func() error { return nil }, nil
	}
	if given.Store != "" {
		b = benchStore{server: given.Store, name: "trueup_bench_" + strings.ToLower(rand.Text()[:10])}
		b.Store, err = sqlstore.CreateDatabase(ctx, b.server, b.name)
		return b, func() error { return sqlstore.DropDatabase(context.WithoutCancel(ctx), b.server, b.Store) }, err
	}
	if given.Data != "" {
		return benchStore{dataFlag: given}, func() error { return nil }, nil
	}
	b.Data, err = os.MkdirTemp("", "trueup-bench-")
	return b, func() error { return os.RemoveAll(b.Data) }, err
}

// copyOf copies the store, which nobody has open, to another one.
func (b benchStore) copyOf(ctx context.Context) (c benchStore, remove func() error, err error) {
	if b.Store != "" {
		c.Store, err = sqlstore.CopyDatabase(ctx, b.server, b.Store)
		return c, func() error { return sqlstore.DropDatabase(context.WithoutCancel(ctx), b.server, c.Store) }, err
	}
	c.Data = filepath.Join(b.Data, "floor")
	return c, func() error { return os.RemoveAll(c.Data) }, sqlstore.CopySQLite(b.Data, c.Data)
}

// environment answers that of a process for the store: everybody sees arguments, and
// there may be a password in a URL.
func (b benchStore) environment() []string {
	others := slices.DeleteFunc(os.Environ(), func(v string) bool {
		return strings.HasPrefix(v, "TRUEUP_DATA=") || strings.HasPrefix(v, "TRUEUP_STORE=")
	})
	if b.Store != "" {
		return append(others, "TRUEUP_STORE="+b.Store)
	}
	return append(others, "TRUEUP_DATA="+b.Data)
}

// serve runs this program's serve on the store and answers it once it is ready.
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
