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

// floors gives each package its floor (ARCHITECTURE.md). A package imports only packages
// on lower floors.
var floors = map[string]int{
	"":                                    0,
	"internal/buildinfo":                  0,
	"internal/accesslog":                  0,
	"internal/certificate":                0,
	"internal/certificate/certtest":       0,
	"internal/clockguard":                 0,
	"internal/fair":                       0,
	"internal/forwarded":                  0,
	"internal/oracle/mutate":              0,
	"internal/spelling":                   0,
	"internal/systemd":                    0,
	"internal/spreadsheet":                0,
	"internal/paced":                      0,
	"internal/cursor":                     0,
	"internal/testenv":                    0,
	"internal/ttlcache":                   0,
	"money":                               0,
	"ledger/fieldgroup":                   0,
	"ledger/ids":                          0,
	"ledger/rejection":                    1,
	"ledger/program":                      1,
	"ledger/order":                        2,
	"ledger/invoice":                      2,
	"internal/invoicefile":                4,
	"internal/accounting":                 10,
	"internal/accounting/command":         13,
	"internal/bankfile":                   3,
	"ledger/item":                         3,
	"ledger":                              4,
	"internal/wire/published":             4,
	"internal/inquiry":                    5,
	"ledger/personal":                     5,
	"ledger/whatif":                       5,
	"internal/whatif":                     11,
	"internal/search":                     6,
	"internal/sqldb/backup":               6,
	"internal/sqldb/bulk":                 5,
	"internal/sqldb/failure":              5,
	"internal/sqldb/logcheck":             6,
	"internal/sqldb/permission":           6,
	"internal/sqldb/pgadmin":              8,
	"internal/sqldb/scrub":                0,
	"internal/sqldb/seal":                 6,
	"internal/sqldb/wal":                  5,
	"internal/testclock":                  1,
	"internal/keyqueue":                   7,
	"internal/openapi":                    10,
	"internal/oracle":                     7,
	"internal/pgtest":                     7,
	"internal/sqldb":                      7,
	"internal/store":                      7,
	"internal/wire":                       7,
	"internal/ratelimit":                  8,
	"internal/applier":                    8,
	"internal/batchfile":                  9,
	"internal/biller":                     8,
	"internal/export":                     9,
	"internal/httpapi/fault":              0,
	"internal/httpapi/spool":              0,
	"internal/ingest":                     8,
	"internal/openapi/check":              11,
	"internal/oracle/scenario":            8,
	"internal/store/sqlstore/column":      8,
	"internal/store/storetest":            9,
	"internal/store/storetest/books":      8,
	"internal/waiter":                     8,
	"internal/wire/encode":                8,
	"internal/wire/negotiate":             8,
	"internal/wire/query":                 8,
	"internal/wire/wiretest":              8,
	"internal/store/sqlstore/account":     9,
	"internal/wire/template":              9,
	"internal/refdata/scalar":             6,
	"internal/refdata":                    10,
	"internal/refdata/fieldchange":        0,
	"internal/refdata/ratefile":           11,
	"internal/store/sqlstore/listing":     10,
	"internal/webhook":                    10,
	"internal/demo":                       11,
	"internal/store/sqlstore/actions":     11,
	"internal/store/sqlstore/submissions": 11,
	"internal/output":                     12,
	"internal/refchange":                  11,
	"internal/httpapi":                    12,
	"internal/httpapi/notfound":           8,
	"internal/httpapi/form":               8,
	"internal/httpapi/view":               9,
	"internal/settle":                     8,
	"internal/store/compare":              0,
	"internal/store/verify":               8,
	"internal/store/replay":               5,
	"internal/adminapi":                   13,
	"internal/faultinject":                13,
	"internal/server":                     14,
	"internal/store/sqlstore/files":       12,
	"internal/store/sqlstore/reference":   12,
	"internal/store/sqlstore/apply":       14,
	"internal/store/sqlstore/billing":     13,
	"internal/store/sqlstore/inquiries":   13,
	"internal/store/sqlstore/erasure":     15,
	"internal/store/sqlstore/webhooks":    15,
	"internal/store/sqlstore":             16,
	"internal/bench":                      17,
	"internal/bench/flags":                18,
	"internal/bench/harness":              19,
	"internal/bench/procstat":             0,
	"internal/bench/rawhttp":              0,
	"cmd/trueup":                          20,
}

// pure packages have no clock, disk, network or goroutines; impure lists what they don't import.
var pure = []string{
	"internal/bankfile", "internal/cursor", "internal/inquiry", "internal/search", "internal/spelling", "internal/spreadsheet", "internal/store/replay",
	"internal/wire", "internal/wire/encode", "internal/wire/negotiate", "internal/wire/published",
	"internal/wire/query", "internal/wire/template", "ledger", "ledger/fieldgroup", "ledger/ids",
	"ledger/invoice", "ledger/item", "ledger/order", "ledger/personal", "ledger/program", "ledger/rejection", "ledger/whatif", "money",
}

var impure = []string{"context", "io", "log/slog", "net", "net/http", "os", "sync", "database/sql"}

// testOnly are packages that only tests import.
var testOnly = []string{"internal/certificate/certtest", "internal/wire/wiretest", "internal/oracle", "internal/oracle/mutate", "internal/oracle/scenario", "internal/store/storetest", "internal/store/storetest/books", "internal/pgtest", "internal/openapi/check"}

// Sizes beyond which code is split.
const (
	maxPackageLines     = 2500 // without tests
	maxFileLines        = 400
	maxFunctionLines    = 70
	maxInterfaceMethods = 15 // with those of embedded interfaces
)

// goPackage holds the fields of a package that go list prints.
type goPackage struct {
	Dir, ImportPath                    string
	GoFiles, TestGoFiles, XTestGoFiles []string
	Imports, TestImports, XTestImports []string
}

// name returns the package's path within the module, "" for its root.
func (p goPackage) name() string {
	return strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
}

func (p goPackage) allFiles() []string {
	return slices.Concat(p.GoFiles, p.TestGoFiles, p.XTestGoFiles)
}

// listPackages returns the module's packages.
func listPackages(t *testing.T) (packages []goPackage) {
	t.Helper()
	out, err := exec.Command("go", "list", "-json", "./...").Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		t.Fatalf("go list: %v\n%s", err, exit.Stderr)
	}
	if err != nil {
		t.Fatal(err)
	}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
	if len(packages) < len(floors) {
		t.Fatalf("go list found %d packages; floors has %d", len(packages), len(floors))
	}
	return packages
}

// inModule returns an import's path within the module and whether it is one of the module's.
func inModule(path string) (string, bool) {
	if path == module {
		return "", true
	}
	return strings.CutPrefix(path, module+"/")
}

func TestPackagesImportOnlyLowerFloors(t *testing.T) {
	for _, p := range listPackages(t) {
		floor, known := floors[p.name()]
		if !known {
			t.Errorf("package %q has no floor: add it to floors", p.name())
			continue
		}
		for _, path := range p.Imports {
			imported, ours := inModule(path)
			if below, known := floors[imported]; ours && (!known || below >= floor) {
				t.Errorf("package %q on floor %d imports %q, which is not below it", p.name(), floor, imported)
			}
		}
	}
}

func TestOnlyTestsImportTestPackages(t *testing.T) {
	for _, p := range listPackages(t) {
		if slices.Contains(testOnly, p.name()) {
			continue
		}
		for _, path := range p.Imports {
			if imported, _ := inModule(path); slices.Contains(testOnly, imported) {
				t.Errorf("package %q imports %q outside its tests", p.name(), imported)
			}
		}
	}
}

func TestPurePackagesHaveNoSideEffects(t *testing.T) {
	checked := 0
	for _, p := range listPackages(t) {
		if !slices.Contains(pure, p.name()) {
			continue
		}
		checked++
		for _, path := range p.Imports {
			if slices.Contains(impure, path) {
				t.Errorf("package %q imports %s", p.name(), path)
			}
		}
		for _, file := range p.GoFiles {
			for _, call := range clockCalls(parse(t, filepath.Join(p.Dir, file))) {
				t.Errorf("%s reads the clock; time is an argument here", call)
			}
		}
	}
	if checked != len(pure) {
		t.Errorf("checked %d packages, want %d", checked, len(pure))
	}
}

func TestRootHoldsNoCode(t *testing.T) {
	for _, p := range listPackages(t) {
		if p.name() != "" {
			continue
		}
		if got, want := p.allFiles(), []string{"doc.go", "floors_test.go"}; !slices.Equal(got, want) {
			t.Errorf("the root holds %q, want %q", got, want)
		}
	}
}

func TestNothingGrowsTooLarge(t *testing.T) {
	for _, p := range listPackages(t) {
		total := 0
		for _, file := range p.allFiles() {
			source := parse(t, filepath.Join(p.Dir, file))
			lines := source.lines()
			if lines > maxFileLines {
				t.Errorf("%s has %d lines, at most %d", source.path, lines, maxFileLines)
			}
			if !strings.HasSuffix(file, "_test.go") {
				total += lines
			}
			for _, d := range source.file.Decls {
				f, is := d.(*ast.FuncDecl)
				if !is || strings.HasSuffix(file, "_test.go") { // a table of cases may be long
					continue
				}
				if n := source.line(f.End()) - source.line(f.Pos()) + 1; n > maxFunctionLines {
					t.Errorf("%s: %s has %d lines, at most %d", source.set.Position(f.Pos()), f.Name.Name, n, maxFunctionLines)
				}
			}
		}
		if total > maxPackageLines && !slices.Contains(testOnly, p.name()) { // code that only tests import is test code
			t.Errorf("package %q has %d lines without tests, at most %d", p.name(), total, maxPackageLines)
		}
	}
}

func TestInterfacesAreSmall(t *testing.T) {
	interfaces := make(map[string]embedder)
	for _, p := range listPackages(t) {
		for _, file := range p.GoFiles {
			source := parse(t, filepath.Join(p.Dir, file))
			for name, i := range source.interfaces() {
				interfaces[p.ImportPath+"."+name] = embedder{i, p.ImportPath, source.imports()}
			}
		}
	}
	if len(interfaces) < 10 {
		t.Fatalf("found %d interfaces", len(interfaces))
	}
	for name, i := range interfaces {
		if n := i.methods(interfaces); n > maxInterfaceMethods {
			t.Errorf("interface %s has %d methods, at most %d", name, n, maxInterfaceMethods)
		}
	}
}

// embedder is an interface with what is needed to find those it embeds.
type embedder struct {
	declared *ast.InterfaceType
	pkg      string
	imports  map[string]string
}

// methods counts the interface's methods. An embedded interface of another module counts as one.
func (e embedder) methods(interfaces map[string]embedder) (n int) {
	for _, field := range e.declared.Methods.List {
		name := ""
		switch embedded := field.Type.(type) {
		case *ast.Ident:
			name = e.pkg + "." + embedded.Name
		case *ast.SelectorExpr:
			if pkg, is := embedded.X.(*ast.Ident); is {
				name = e.imports[pkg.Name] + "." + embedded.Sel.Name
			}
		}
		if inner, found := interfaces[name]; found && len(field.Names) == 0 {
			n += inner.methods(interfaces)
		} else {
			n += max(len(field.Names), 1)
		}
	}
	return n
}

// source is a parsed file.
type source struct {
	path string
	set  *token.FileSet
	file *ast.File
}

func parse(t *testing.T, path string) source {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return source{path, set, file}
}

func (s source) line(p token.Pos) int { return s.set.Position(p).Line }

func (s source) lines() int { return s.set.File(s.file.FileStart).LineCount() - 1 }

// imports returns the import paths by the names they have in the file.
func (s source) imports() map[string]string {
	paths := make(map[string]string)
	for _, i := range s.file.Imports {
		path := strings.Trim(i.Path.Value, `"`)
		name := path[strings.LastIndexByte(path, '/')+1:]
		if i.Name != nil {
			name = i.Name.Name
		}
		paths[name] = path
	}
	return paths
}

// interfaces returns the interface types that the file declares.
func (s source) interfaces() map[string]*ast.InterfaceType {
	found := make(map[string]*ast.InterfaceType)
	ast.Inspect(s.file, func(n ast.Node) bool {
		if spec, is := n.(*ast.TypeSpec); is {
			if i, is := spec.Type.(*ast.InterfaceType); is {
				found[spec.Name.Name] = i
			}
		}
		return true
	})
	return found
}

// clockCalls returns where a file names a function that reads the clock or waits.
func clockCalls(s source) (places []token.Position) {
	clock := []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}
	ast.Inspect(s.file, func(n ast.Node) bool {
		selector, is := n.(*ast.SelectorExpr)
		if !is {
			return true
		}
		from, is := selector.X.(*ast.Ident)
		if is && from.Name == "time" && slices.Contains(clock, selector.Sel.Name) {
			places = append(places, s.set.Position(selector.Pos()))
		}
		return true
	})
	return places
}
