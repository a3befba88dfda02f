package main_test

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// storyCommands are what scripts can do beside running programs.
var storyCommands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"start":    startCommand,
	"env-file": envFileCommand,
	"until":    untilCommand,
	"follow":   walkCommand((*pages).follow),
	"count":    walkCommand((*pages).count),
	"days":     daysCommand,
	"value":    valueCommand,
	"receive":  receiveCommand,
}

// startCommand is "start COMMAND [ARG ...]": it runs a server until the script
// ends, takes what it printed into the environment, and at the end has it stopped
// and end well.
func startCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: start COMMAND [ARG ...]")
	}
	last := "TRUEUP_URL"
	if args[0] == "demo" {
		last = "TRUEUP_TOKEN"
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

// envFileCommand is "env-file FILE": it takes NAME=VALUE lines into the environment.
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

// untilCommand is "until TEXT COMMAND [ARG ...]": it runs the command again until
// it prints the text, for at most ten seconds; what it printed last is the output.
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
			ts.Fatalf("%q never came; the last was %v\n%s", args[0], err, out)
		}
	}
}
