package main_test

import (
	"errors"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// scriptCommands are the additional commands of scripts.
var scriptCommands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"start":    startCommand,
	"exits":    exitsCommand,
	"env-file": envFileCommand,
	"until":    untilCommand,
	"follow":   paginateCommand((*paginator).follow),
	"count":    paginateCommand((*paginator).count),
	"days":     daysCommand,
	"value":    valueCommand,
	"receive":  receiveCommand,
	"ledger":   ledgerCommand,
	"same":     sameCommand,
}

// startCommand implements "start COMMAND [ARG ...]". It starts a server, adds the printed
// variables to the environment, and shuts the server down at the end of the script.
func startCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: start COMMAND [ARG ...]")
	}
	last := "TRUEUP_URL"
	if args[0] == "demo" {
		last = "TRUEUP_TOKEN"
		if data := ts.Getenv("TRUEUP_DATA"); data != "" && !slices.Contains(args, "--fresh") {
			ts.Check(copyDemo(data))
		}
	}
	log, err := os.CreateTemp(ts.Getenv("WORK"), "log-")
	ts.Check(err)
	var env []string
	for _, name := range []string{"TRUEUP_DATA", "TRUEUP_STORE"} {
		if value := ts.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	p, err := start(checkedProgram, ts.Getenv("WORK"), env, log, last, args...)
	ts.Check(err)
	for name, value := range p.env {
		ts.Setenv(name, value)
	}
	ts.Defer(func() {
		stopped := p.command.Process.Signal(syscall.SIGINT)
		if err := errors.Join(stopped, p.command.Wait(), log.Close()); err != nil {
			ts.Fatalf("trueup %s: %v\n%s", strings.Join(args, " "), err, ts.ReadFile(log.Name()))
		}
	})
}

// exitsCommand implements "exits CODE COMMAND [ARG ...]". It runs a command that must exit
// with the code.
func exitsCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARG ...]")
	}
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		failed := (*exec.ExitError)(nil)
		if !errors.As(err, &failed) {
			ts.Fatalf("%v", err)
		}
		code = failed.ExitCode()
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("%s exited with %d, want %s", strings.Join(args[1:], " "), code, args[0])
	}
}

// envFileCommand implements "env-file FILE". It adds NAME=VALUE lines to the environment.
func envFileCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: env-file FILE")
	}
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		if name, value, found := strings.Cut(strings.TrimSpace(line), "="); found {
			ts.Setenv(name, value)
		}
	}
}

// untilCommand implements "until TEXT COMMAND [ARG ...]". It repeats the command until the
// output contains the text, for at most ten seconds.
func untilCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: until TEXT COMMAND [ARG ...]")
	}
	deadline := time.Now().Add(10 * time.Second)
	for {
		command := exec.Command(args[1], args[2:]...)
		command.Dir = ts.Getenv("WORK")
		out, err := command.CombinedOutput()
		if err == nil && strings.Contains(string(out), args[0]) {
			_, err := ts.Stdout().Write(out)
			ts.Check(err)
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("the output has no %q; the last is %v\n%s", args[0], err, out)
		}
	}
}
