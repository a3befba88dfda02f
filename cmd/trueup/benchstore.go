package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// benchStore is where the benchmark keeps a store of its own. Nothing else of it
// knows which database that is.
type benchStore struct{ dir string }

// use opens the store, which it makes if it is not there, and closes it after f.
func (b benchStore) use(ctx context.Context, f func(*sqlstore.Store) error) error {
	return dataFlag{Data: b.dir}.use(ctx, "", f)
}

// copyTo copies the store, which nobody has open, to where none is.
func (b benchStore) copyTo(to benchStore) error { return sqlstore.CopySQLite(b.dir, to.dir) }

// serve runs this program's serve on the store and answers it once it is ready.
func (b benchStore) serve(ctx context.Context) (*exec.Cmd, string, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, "", err
	}
	server := exec.CommandContext(ctx, program, "serve", "--data", b.dir, "--listen", "127.0.0.1:0", "--admin-listen", "off")
	server.Stderr = os.Stderr
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
