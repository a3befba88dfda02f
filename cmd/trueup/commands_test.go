package main_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/trueup-ledger/trueup/internal/pgtest"
)

// TestCommands runs the scripts of the commands that use a server or a ledger on this machine with
// both. The output is the same.
func TestCommands(t *testing.T) {
	data := func(env *testscript.Env) { env.Setenv("TRUEUP_DATA", filepath.Join(env.WorkDir, "data")) }
	t.Run("local", func(t *testing.T) { runScripts(t, "testdata/commands", false, data) })
	t.Run("remote", func(t *testing.T) {
		runScripts(t, "testdata/commands", false, func(env *testscript.Env) {
			data(env)
			env.Setenv("REMOTE", "1")
		})
	})
}

func TestCommandsOnPostgres(t *testing.T) {
	pgtest.Server(t)
	runScripts(t, "testdata/commands", true, func(env *testscript.Env) { env.Setenv("TRUEUP_STORE", pgtest.Schema(env.T().(testing.TB))) })
}

// ledgerCommand implements "ledger FILE". It applies the reference data in the file to a new ledger.
// If the script uses a server, it starts one and sets its URL and credentials.
func ledgerCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: ledger FILE")
	}
	ts.Check(ts.Exec("trueup", "apply", "-f", args[0]))
	if ts.Getenv("REMOTE") != "" {
		serveCommand(ts)
		ts.Setenv("TRUEUP_URL", ts.Getenv("SERVER"))
	}
}

// serveCommand creates a token and starts a server. Its URL is $SERVER.
func serveCommand(ts *testscript.TestScript) {
	ts.Check(ts.Exec("trueup", "token", "create", "--account", "1", "--name", "script"))
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		if name, value, found := strings.Cut(strings.TrimSpace(line), "="); found {
			ts.Setenv(name, value)
		}
	}
	startCommand(ts, false, []string{"serve", "--listen", "127.0.0.1:0"})
	ts.Setenv("SERVER", ts.Getenv("TRUEUP_URL"))
	ts.Setenv("TRUEUP_URL", "")
}

// requestID matches the id of a request in an error message.
var requestID = regexp.MustCompile(` \(request \w+\)`)

// sameCommand implements "same CODE COMMAND [ARG ...]". It runs a command that must exit with the
// code. If the script uses a server, the output must be the same without it.
func sameCommand(ts *testscript.TestScript, neg bool, args []string) {
	exitsCommand(ts, neg, args)
	if ts.Getenv("REMOTE") == "" {
		return
	}
	remote := [2]string{ts.ReadFile("stdout"), ts.ReadFile("stderr")}
	ts.Setenv("TRUEUP_URL", "")
	exitsCommand(ts, neg, args)
	ts.Setenv("TRUEUP_URL", ts.Getenv("SERVER"))
	for i, name := range []string{"stdout", "stderr"} {
		far := requestID.ReplaceAllString(strings.ReplaceAll(remote[i], ts.Getenv("TRUEUP_SID"), "local"), "")
		if near := requestID.ReplaceAllString(ts.ReadFile(name), ""); near != far {
			ts.Fatalf("%s: the %s of the server is\n%s\nthat of the ledger is\n%s", strings.Join(args, " "), name, far, near)
		}
	}
}
