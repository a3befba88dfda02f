package trueup_test

import (
	"bytes"
	"encoding/json"
	"errors"
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
	"internal/console/browsertest":        0,
	"internal/fair":                       0,
	"internal/forwarded":                  0,
	"internal/oracle/mutate":              0,
	"internal/signature":                  0,
	"internal/spelling":                   0,
	"internal/systemd":                    0,
	"internal/spreadsheet":                0,
	"internal/spreadsheet/dialect":        1,
	"internal/inprocess":                  0,
	"internal/paced":                      0,
	"internal/principal":                  8,
	"internal/console":                    13,
	"internal/console/actions":            12,
	"internal/console/assets":             0,
	"internal/console/invoices":           12,
	"internal/console/page":               11,
	"internal/console/submissions":        12,
	"internal/console/view":               5,
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
	"internal/bankfile":                   3,
	"ledger/item":                         3,
	"ledger":                              4,
	"internal/wire/published":             4,
	"internal/inquiry":                    5,
	"internal/people":                     5,
	"ledger/personal":                     5,
	"ledger/retention":                    5,
	"ledger/whatif":                       5,
	"internal/whatif":                     11,
	"internal/search":                     6,
	"internal/sqldb/backup":               6,
	"internal/sqldb/bulk":                 5,
	"internal/sqldb/failure":              5,
	"internal/sqldb/integrity":            8,
	"internal/sqldb/logcheck":             6,
	"internal/sqldb/permission":           6,
	"internal/sqldb/pgadmin":              8,
	"internal/sqldb/scrub":                0,
	"internal/sqldb/seal":                 6,
	"internal/sqldb/transfer":             8,
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
	"internal/batchfile/command":          19,
	"internal/accountloop":                8,
	"internal/biller":                     9,
	"internal/bridge":                     8,
	"internal/bridge/platform":            9,
	"internal/bridge/receiver":            10,
	"internal/retainer":                   9,
	"internal/export":                     9,
	"internal/httpapi/fault":              0,
	"internal/httpapi/spool":              0,
	"internal/ingest":                     8,
	"internal/openapi/check":              11,
	"internal/oracle/scenario":            8,
	"internal/store/sqlstore/column":      8,
	"internal/store/storetest":            10,
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
	"internal/refdata/plain":              0,
	"internal/refdata/ratefile":           11,
	"internal/store/sqlstore/listing":     10,
	"internal/signin":                     10,
	"internal/webhook":                    10,
	"internal/demo":                       11,
	"internal/sftpserver":                 11,
	"internal/watchfolder":                10,
	"internal/store/sqlstore/actions":     11,
	"internal/store/sqlstore/submissions": 11,
	"internal/output":                     12,
	"internal/refchange":                  11,
	"internal/httpapi":                    12,
	"internal/httpapi/notfound":           8,
	"internal/httpapi/form":               8,
	"internal/httpapi/view":               9,
	"internal/settle":                     8,
	"internal/store/archive":              8,
	"internal/store/compare":              0,
	"internal/store/verify":               9,
	"internal/store/replay":               5,
	"internal/adminapi":                   13,
	"internal/adminapi/persons":           13,
	"internal/faultinject":                13,
	"internal/metrics":                    13,
	"internal/tracing":                    13,
	"internal/server":                     14,
	"internal/server/flags":               15,
	"internal/settings":                   13,
	"internal/store/sqlstore/files":       12,
	"internal/store/sqlstore/reference":   12,
	"internal/store/sqlstore/apply":       14,
	"internal/store/sqlstore/billing":     13,
	"internal/store/sqlstore/bridges":     13,
	"internal/store/sqlstore/people":      13,
	"internal/store/sqlstore/inquiries":   13,
	"internal/store/sqlstore/erasure":     15,
	"internal/store/sqlstore/status":      12,
	"internal/store/sqlstore/retention":   14,
	"internal/store/sqlstore/webhooks":    15,
	"internal/store/sqlstore":             16,
	"internal/maintenance":                17,
	"internal/maintenance/command":        18,
	"internal/cli":                        18,
	"internal/cli/command":                19,
	"internal/cli/operate":                19,
	"internal/cli/completion":             20,
	"internal/cli/help":                   19,
	"internal/cli/manual":                 20,
	"internal/cli/profile":                13,
	"internal/cli/render":                 1,
	"internal/local":                      17,
	"internal/bench":                      17,
	"internal/bench/flags":                18,
	"internal/bench/harness":              19,
	"internal/bench/procstat":             0,
	"internal/bench/rawhttp":              0,
	"client":                              3,
	"client/admin":                        4,
	"client/internal/codec":               1,
	"client/internal/transport":           0,
	"trueuptest":                          17,
	"cmd/trueup":                          21,
}

// pure packages have no clock, disk, network or goroutines; impure lists what they don't import.
var pure = strings.Fields(`
	internal/bankfile internal/bridge internal/bridge/platform internal/cursor internal/inquiry internal/people internal/search internal/spelling
	internal/spreadsheet internal/store/replay internal/wire internal/wire/encode
	internal/wire/negotiate internal/wire/published internal/wire/query internal/wire/template
	ledger ledger/fieldgroup ledger/ids ledger/invoice ledger/item ledger/order ledger/personal
	ledger/program ledger/rejection ledger/retention ledger/whatif money
`)

var impure = []string{"context", "io", "log/slog", "net", "net/http", "os", "sync", "database/sql"}

// testOnly are packages that only tests import.
var testOnly = []string{"internal/certificate/certtest", "internal/console/browsertest", "internal/wire/wiretest", "internal/oracle", "internal/oracle/mutate", "internal/oracle/scenario", "internal/store/storetest", "internal/store/storetest/books", "internal/pgtest", "internal/openapi/check"}

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
		if got, want := p.allFiles(), []string{"doc.go", "floors_test.go", "sizes_test.go"}; !slices.Equal(got, want) {
			t.Errorf("the root holds %q, want %q", got, want)
		}
	}
}
