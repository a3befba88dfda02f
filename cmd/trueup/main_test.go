package main_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	main "github.com/trueup-ledger/trueup/cmd/trueup"
	"github.com/trueup-ledger/trueup/internal/pgtest"
)

// program and checkedProgram are paths of the program. Both are the test binary, which runs
// the program under these paths: so nothing is compiled while the timeout of the tests runs.
// checkedProgram validates every request and response against the OpenAPI document as well.
// Tests use it unless they apply a load, which the validation would slow down.
var program, checkedProgram string

func TestMain(m *testing.M) {
	if main.IsProgram() {
		main.Run()
		return
	}
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
		program, checkedProgram = filepath.Join(dir, "plain", "trueup"), filepath.Join(dir, main.CheckedFolder, "trueup")
		demoTemplate = filepath.Join(dir, "demo")
		if err := errors.Join(install(program), install(checkedProgram)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return m.Run()
	}())
}

// install makes the test binary available under the path of the program.
func install(path string) error {
	binary, err := os.Executable()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if os.Link(binary, path) == nil {
		return nil
	}
	content, err := os.ReadFile(binary) // on another file system
	if err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o700)
}

func TestScripts(t *testing.T) {
	runScripts(t, "testdata/scripts", false, func(env *testscript.Env) { env.Setenv("TRUEUP_DATA", filepath.Join(env.WorkDir, "data")) })
}

func TestScriptsOnPostgres(t *testing.T) {
	pgtest.Server(t)
	runScripts(t, "testdata/scripts", true, func(env *testscript.Env) { env.Setenv("TRUEUP_STORE", pgtest.Schema(env.T().(testing.TB))) })
}

// runScripts runs the scripts in a folder. The function store sets the store of a script.
func runScripts(t *testing.T, dir string, postgres bool, store func(env *testscript.Env)) {
	t.Helper()
	testscript.Run(t, testscript.Params{
		Dir: dir,
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", filepath.Dir(checkedProgram)+string(os.PathListSeparator)+env.Getenv("PATH"))
			env.Setenv("XDG_DATA_HOME", filepath.Join(env.WorkDir, "home"))
			env.Setenv("TRUEUP_ADMIN_LISTEN", os.Getenv("TRUEUP_ADMIN_LISTEN"))
			store(env)
			return nil
		},
		Condition: func(name string) (bool, error) {
			if name != "postgres" {
				return false, fmt.Errorf("unknown condition %q", name)
			}
			return postgres, nil
		},
		Cmds: scriptCommands,
	})
}

// process is a running server.
type process struct {
	command *exec.Cmd
	// env holds the variables that it printed when it was ready, such as TRUEUP_URL.
	env map[string]string
}

// start starts a program with additional environment variables and waits until it prints
// the variable last.
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
