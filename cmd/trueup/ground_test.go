package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/trueup-ledger/trueup/internal/pgtest"
)

// ground is a ledger of one account, served by one process or several.
type ground struct {
	credentials
	log *os.File
	// store are the flags that name the store.
	store []string
}

// newGround is in a folder, newPostgresGround in a database.
func newGround(t *testing.T) *ground {
	t.Helper()
	return newGroundIn(t, "--data", filepath.Join(t.TempDir(), "data"))
}

func newPostgresGround(t *testing.T) *ground {
	t.Helper()
	return newGroundIn(t, "--store", pgtest.Schema(t))
}

// onBoth runs a test on a ground of each kind, side by side.
func onBoth(t *testing.T, test func(t *testing.T, g *ground)) {
	t.Helper()
	for name, ground := range map[string]func(*testing.T) *ground{"SQLite": newGround, "PostgreSQL": newPostgresGround} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, ground(t))
		})
	}
}

func newGroundIn(t *testing.T, store ...string) *ground {
	t.Helper()
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = log.Close() })
	g := &ground{log: log, store: store}
	g.run(t, "apply", "-f", "testdata/crash.yaml")
	g.credentials = credentialsIn(t, g.run(t, "token", "create", "--account", "1"))
	return g
}

// serve starts a server and answers it with a client of it.
func (g *ground) serve(t *testing.T) (*process, *caller) {
	t.Helper()
	p, err := start(program, "", nil, g.log, "TRUEUP_URL", append([]string{"serve", "--listen", "127.0.0.1:0"}, g.store...)...)
	if err != nil {
		t.Fatal(err)
	}
	host := p.env["TRUEUP_URL"]
	return p, &caller{credentials: g.credentials, t: t, root: host + "/Advertisers/" + g.sid, host: host}
}

// stop ends a server in order, and holds what it left against the laws.
func (g *ground) stop(t *testing.T, p *process) {
	t.Helper()
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.command.Wait(); err != nil {
		t.Errorf("the server ended with %v", err)
	}
	g.verify(t)
}

func (g *ground) verify(t *testing.T) {
	t.Helper()
	g.run(t, "verify")
}

// run runs the program on the ledger.
func (g *ground) run(t *testing.T, args ...string) string {
	t.Helper()
	return run(t, append(args, g.store...)...)
}

// run runs the program to its end and answers what it printed.
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
