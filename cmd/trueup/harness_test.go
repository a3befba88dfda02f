package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/trueup-ledger/trueup/internal/pgtest"
)

// harness is a ledger with one account, served by one or more processes.
type harness struct {
	credentials
	log *os.File
	// store holds the flags that select the store.
	store []string
}

func newSQLiteHarness(t *testing.T) *harness {
	t.Helper()
	return newHarness(t, "--data", filepath.Join(t.TempDir(), "data"))
}

func newPostgresHarness(t *testing.T) *harness {
	t.Helper()
	return newHarness(t, "--store", pgtest.Schema(t))
}

// onBothDatabases runs a test on both databases in parallel.
func onBothDatabases(t *testing.T, test func(t *testing.T, h *harness)) {
	t.Helper()
	for name, newHarness := range map[string]func(*testing.T) *harness{"SQLite": newSQLiteHarness, "PostgreSQL": newPostgresHarness} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newHarness(t))
		})
	}
}

func newHarness(t *testing.T, store ...string) *harness {
	t.Helper()
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = log.Close() })
	h := &harness{log: log, store: store}
	h.run(t, "apply", "-f", "testdata/crash.yaml")
	h.credentials = credentialsIn(t, h.run(t, "token", "create", "--account", "1"))
	return h
}

// serve starts a server with additional flags and returns it with a client.
func (h *harness) serve(t *testing.T, flags ...string) (*process, *caller) {
	t.Helper()
	p, err := start(program, "", nil, h.log, "TRUEUP_URL", slices.Concat([]string{"serve", "--listen", "127.0.0.1:0", "--webhook-allow", "127.0.0.1"}, flags, h.store)...)
	if err != nil {
		t.Fatal(err)
	}
	host := p.env["TRUEUP_URL"]
	return p, &caller{credentials: h.credentials, t: t, root: host + "/Advertisers/" + h.sid, host: host}
}

// stop shuts a server down gracefully and verifies the store.
func (h *harness) stop(t *testing.T, p *process) {
	t.Helper()
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.command.Wait(); err != nil {
		t.Errorf("the server failed: %v", err)
	}
	h.verify(t)
}

func (h *harness) verify(t *testing.T) {
	t.Helper()
	h.run(t, "verify")
}

// run runs the program on the harness's store.
func (h *harness) run(t *testing.T, args ...string) string {
	t.Helper()
	return run(t, append(args, h.store...)...)
}

// run runs the program and returns its output.
func run(t *testing.T, args ...string) string {
	t.Helper()
	var errors strings.Builder
	command := exec.Command(program, args...)
	command.Stderr = &errors
	out, err := command.Output()
	if err != nil {
		t.Fatalf("trueup %s: %v\n%s%s", strings.Join(args, " "), err, out, errors.String())
	}
	return string(out)
}
