package mutate_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/trueup-ledger/trueup/internal/oracle/mutate"
)

// root is the root of the repository.
const root = "../../.."

// sampleSize is the number of mutants that a run tries without TRUEUP_TEST_MUTATE.
const sampleSize = 6

// rules are the packages that are mutated, and tests those whose tests must notice it.
var (
	rules = []string{
		"ledger", "ledger/fieldgroup", "ledger/ids", "ledger/invoice", "ledger/item", "ledger/order", "ledger/rejection", "ledger/program", "internal/inquiry",
	}
	tests = []string{"ledger", "ledger/invoice", "ledger/order", "ledger/rejection", "ledger/program", "internal/inquiry", "internal/oracle"}
)

// TestMutationsOfRulesFailATest runs the tests of the rules with mutants of the rules, and
// fails for each mutant that passes them. With TRUEUP_TEST_MUTATE=1 it tries all
// mutants, else a sample.
func TestMutationsOfRulesFailATest(t *testing.T) {
	mutants, binaries := build(t)
	if os.Getenv("TRUEUP_TEST_MUTATE") != "1" {
		mutants = sample(mutants)
	} else if got := run(t, binaries, mutate.Mutant{}); got != "" {
		t.Fatalf("the tests fail without a mutant:\n%s", got)
	}
	var survivors atomic.Int64
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, m := range mutants {
		if isEquivalent(m) {
			t.Logf("%s: is equivalent", m)
			continue
		}
		group.Go(func() error {
			if run(t, binaries, m) == "" {
				survivors.Add(1)
				t.Errorf("%s: survives: no test depends on this condition", m)
			}
			return nil
		})
	}
	_ = group.Wait() // the errors of a test are its own
	t.Logf("%d mutants, %d survive", len(mutants), survivors.Load())
}

// equivalent are mutants that behave like the original, by file and change.
var equivalent = []string{
	"reference.go: false instead of !found", // the first terms end after the zero time
}

func isEquivalent(m mutate.Mutant) bool {
	return slices.Contains(equivalent, filepath.Base(m.File)+": "+m.Change)
}

// build returns the mutants of the rules and the compiled tests with all of them.
func build(t *testing.T) (mutants []mutate.Mutant, binaries []string) {
	t.Helper()
	var dirs []string
	for _, name := range rules {
		dir, err := filepath.Abs(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		dirs = append(dirs, dir)
	}
	mutants, contents, err := mutate.Packages(dirs...)
	if err != nil {
		t.Fatal(err)
	}
	if len(mutants) < 100 {
		t.Fatalf("found only %d mutants", len(mutants))
	}
	dir := t.TempDir()
	replace := make(map[string]string)
	for path, content := range contents {
		replace[path] = filepath.Join(dir, fmt.Sprintf("%d.go", len(replace)))
		if err := os.WriteFile(replace[path], content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	overlay := filepath.Join(dir, "overlay.json")
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err := errors.Join(err, os.WriteFile(overlay, text, 0o600)); err != nil {
		t.Fatal(err)
	}
	for i, name := range tests {
		binaries = append(binaries, filepath.Join(dir, fmt.Sprintf("%d.test", i)))
		command := exec.CommandContext(t.Context(), "go", "test", "-c", "-vet=off", "-overlay="+overlay, "-o", binaries[i], "./"+name)
		command.Dir = root
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", command.Args, err, out)
		}
	}
	return mutants, binaries
}

// sample returns mutants of rejections that are spread evenly over the package.
func sample(mutants []mutate.Mutant) (some []mutate.Mutant) {
	mutants = slices.DeleteFunc(mutants, func(m mutate.Mutant) bool { return !m.Rejects })
	for i := range sampleSize {
		some = append(some, mutants[(2*i+1)*len(mutants)/(2*sampleSize)])
	}
	return some
}

// run runs the tests with the mutant and returns the output of those that fail, or "".
func run(t *testing.T, binaries []string, m mutate.Mutant) string {
	t.Helper()
	for i, name := range tests {
		args := []string{"-test.failfast", "-test.timeout=3m"}
		if name == "internal/oracle" {
			args = append(args, "-test.run=AgreesWithOracle|AgreeWithOracle", "-oracle.scenarios=150", "-oracle.seed=1")
		}
		command := exec.CommandContext(context.WithoutCancel(t.Context()), binaries[i], args...)
		command.Dir = filepath.Join(root, name)
		command.Env = append(os.Environ(), mutate.Variable+"="+strconv.Itoa(m.Number))
		out, err := command.CombinedOutput()
		if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
			return string(out)
		}
		if err != nil {
			t.Error(err)
			return err.Error()
		}
	}
	return ""
}
