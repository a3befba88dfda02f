package trueup_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Sizes beyond which code is split.
const (
	maxPackageLines     = 2500 // without tests
	maxFileLines        = 400
	maxFunctionLines    = 70
	maxInterfaceMethods = 15 // with those of embedded interfaces
)

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
