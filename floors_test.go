package trueup_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/trueup-ledger/trueup"

// floors are the floors of the house (ARCHITECTURE.md): a package imports from
// lower floors only. A package that is not here has no place in it.
var floors = map[string]int{
	"money":                    0,
	"":                         0,
	"ledger":                   1,
	"internal/wire":            2,
	"internal/store":           2,
	"internal/keyqueue":        2,
	"internal/pgtest":          2,
	"internal/openapi":         2,
	"internal/openapi/check":   3,
	"internal/store/sqlstore":  3,
	"internal/store/storetest": 3,
	"internal/ingest":          3,
	"internal/applier":         3,
	"internal/waiter":          3,
	"internal/batchfile":       3,
	"internal/webhook":         3,
	"internal/httpapi":         3,
	"internal/refdata":         3,
	"internal/bench":           3,
	"internal/demo":            4,
	"internal/faultinject":     4,
	"internal/adminapi":        4,
	"internal/server":          5,
	"cmd/trueup":               6,
}

// pure are the packages without a clock, a disk, a network or threads of their own.
var pure = []string{"money", "ledger", "internal/wire"}

var impure = []string{"context", "io", "log/slog", "net", "net/http", "os", "sync", "database/sql"}

// goPackage is what `go list` tells of a package.
type goPackage struct {
	Dir, ImportPath string
	GoFiles         []string
	Imports         []string
}

func list(t *testing.T) (packages []goPackage) {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=Dir,ImportPath,GoFiles,Imports", "./...").Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		t.Fatalf("go list: %v\n%s", err, exit.Stderr)
	}
	if err != nil {
		t.Fatal(err)
	}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

// name answers a package's path within the module, and whether it is one of its.
func name(path string) (string, bool) {
	if path == module {
		return "", true
	}
	return strings.CutPrefix(path, module+"/")
}

func TestPackagesImportFromLowerFloorsOnly(t *testing.T) {
	packages := list(t)
	if len(packages) < 2 {
		t.Fatalf("go list found %d packages", len(packages))
	}
	for _, p := range packages {
		of, _ := name(p.ImportPath)
		floor, known := floors[of]
		if !known {
			t.Errorf("package %q has no floor: give it one in floors", of)
			continue
		}
		for _, path := range p.Imports {
			imported, ours := name(path)
			if below, known := floors[imported]; ours && (!known || below >= floor) {
				t.Errorf("package %q on floor %d imports %q, which is not below it", of, floor, imported)
			}
		}
	}
}

func TestPurePackagesTouchNothingOutside(t *testing.T) {
	checked := 0
	for _, p := range list(t) {
		of, _ := name(p.ImportPath)
		if !slices.Contains(pure, of) {
			continue
		}
		checked++
		for _, path := range p.Imports {
			if slices.Contains(impure, path) {
				t.Errorf("package %q imports %s", of, path)
			}
		}
		for _, file := range p.GoFiles {
			for _, call := range clockCalls(t, filepath.Join(p.Dir, file)) {
				t.Errorf("%s: the clock is read; time is an argument here", call)
			}
		}
	}
	if checked != len(pure) {
		t.Errorf("%d packages were checked, want %d", checked, len(pure))
	}
}

// clockCalls answers where a file names a function that reads the clock or waits.
func clockCalls(t *testing.T, path string) (places []token.Position) {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		selector, is := n.(*ast.SelectorExpr)
		if !is {
			return true
		}
		from, is := selector.X.(*ast.Ident)
		clock := []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}
		if is && from.Name == "time" && slices.Contains(clock, selector.Sel.Name) {
			places = append(places, files.Position(selector.Pos()))
		}
		return true
	})
	return places
}
