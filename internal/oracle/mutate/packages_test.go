package mutate_test

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/oracle/mutate"
)

const source = `package rules

func check(a, b int, err error) error {
	if a < 0 || b < 0 && a > 9 {
		return reject("A")
	}
	if err != nil {
		return err
	}
	if err == nil && a == 1 {
		return nil
	}
	switch {
	case a == b:
		return nil
	default:
		return reject("B")
	}
}

func equal(a, b int) bool { return !(a != b) }
`

func TestPackagesMutatesEachCondition(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "rules.go")
	if err := os.WriteFile(path, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "rules_test.go"), []byte("package rules"), 0o600); err != nil {
		t.Fatal(err)
	}
	mutants, contents, err := mutate.Packages(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i, m := range mutants {
		got = append(got, m.String())
		if m.Number != i+1 {
			t.Errorf("%s has number %d, want %d", m, m.Number, i+1)
		}
	}
	want := []string{
		"rules.go:4: false instead of a < 0 || b < 0 && a > 9",
		"rules.go:4: false instead of a < 0",
		"rules.go:4: false instead of b < 0 && a > 9",
		"rules.go:4: true instead of b < 0",
		"rules.go:4: true instead of a > 9",
		"rules.go:10: true instead of a == 1",
		"rules.go:14: not a == b",
		"rules.go:16: without the clause default",
		"rules.go:21: not !(a != b)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(contents) != 2 {
		t.Errorf("%d files, want the mutated one and the switch", len(contents))
	}
	for path, content := range contents {
		if _, err := parser.ParseFile(token.NewFileSet(), path, content, parser.SkipObjectResolution); err != nil {
			t.Errorf("%v\n%s", err, content)
		}
	}
}
