package main_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/trueup-ledger/trueup/internal/pgtest"
)

// program is the real binary, and checkedProgram the same with every request and
// answer held against the OpenAPI document: for all tests but those under load, which
// that would slow down. Both are built once.
var program, checkedProgram string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "trueup-test-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		if err := os.Setenv("TRUEUP_ADMIN_LISTEN", "127.0.0.1:0"); err != nil { // no fixed port for any server
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		program, checkedProgram = filepath.Join(dir, "plain", "trueup"), filepath.Join(dir, "checked", "trueup")
		for _, args := range [][]string{{"-o", program}, {"-tags", "checked", "-o", checkedProgram}} {
			build := exec.Command("go", append(append([]string{"build"}, args...), ".")...)
			build.Stdout, build.Stderr = os.Stderr, os.Stderr
			if err := build.Run(); err != nil {
				fmt.Fprintln(os.Stderr, err)
				return 1
			}
		}
		return m.Run()
	}())
}

func TestStories(t *testing.T) {
	tell(t, false, func(env *testscript.Env) { env.Setenv("TRUEUP_DATA", filepath.Join(env.WorkDir, "data")) })
}

func TestStoriesOnPostgres(t *testing.T) {
	pgtest.Server(t)
	tell(t, true, func(env *testscript.Env) { env.Setenv("TRUEUP_STORE", pgtest.Schema(env.T().(testing.TB))) })
}

// tell runs the stories; store says where each has its ledgers.
func tell(t *testing.T, postgres bool, store func(env *testscript.Env)) {
	t.Helper()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/stories",
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", filepath.Dir(checkedProgram)+string(os.PathListSeparator)+env.Getenv("PATH"))
			env.Setenv("XDG_DATA_HOME", filepath.Join(env.WorkDir, "home"))
			env.Setenv("TRUEUP_ADMIN_LISTEN", os.Getenv("TRUEUP_ADMIN_LISTEN"))
			store(env)
			return nil
		},
		Condition: func(name string) (bool, error) {
			if name != "postgres" {
				return false, fmt.Errorf("%q is no condition", name)
			}
			return postgres, nil
		},
		Cmds: storyCommands,
	})
}

// process is a running server.
type process struct {
	command *exec.Cmd
	// env has what it printed when it was ready: TRUEUP_URL and so on.
	env map[string]string
}

// start runs a program, with more in its environment, until it says the last of the
// names.
func start(program, dir string, env []string, stderr *os.File, last string, args ...string) (*process, error) {
	p := &process{command: exec.Command(program, args...), env: make(map[string]string)}
	p.command.Dir, p.command.Env, p.command.Stderr = dir, append(os.Environ(), env...), stderr
	out, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if name, value, found := strings.Cut(lines.Text(), "="); found {
			p.env[name] = value
			if name == last {
				return p, nil
			}
		}
	}
	return nil, fmt.Errorf("trueup %s ended before it was ready: %w", strings.Join(args, " "), p.command.Wait())
}
