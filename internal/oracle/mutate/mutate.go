// Package mutate makes mutants of Go packages: versions with one precondition less, or
// with one condition negated. A mutant that passes the tests shows a condition that no
// test depends on.
//
// All mutants are compiled at once. Each mutated condition asks at run time whether its
// mutant is the active one, so that trying a mutant doesn't need a build.
package mutate

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Variable is the environment variable with the number of the active mutant. Without it
// the packages behave like the original.
const Variable = "TRUEUP_TEST_MUTANT"

// Mutant is one change of a condition.
type Mutant struct {
	// Number identifies the mutant, from 1.
	Number int
	// File and Line are the place of the condition.
	File string
	Line int
	// Change describes the mutant, as "false instead of a < 0".
	Change string
	// Rejects reports whether the condition leads directly to a rejection.
	Rejects bool
}

// String returns the place and the change.
func (m Mutant) String() string {
	return fmt.Sprintf("%s:%d: %s", filepath.Base(m.File), m.Line, m.Change)
}

// Packages returns the mutants of the Go files in some directories, tests excluded, and
// the files' contents by their paths:
//
//   - each condition of an if statement or case clause that leads directly to a
//     rejection is replaced by false;
//   - each other condition, of an if statement, a case clause or a returned boolean
//     expression, is negated;
//   - each operand of such a condition is replaced by true in a conjunction, and by false
//     in a disjunction;
//   - each clause of a rejection without a condition, such as a default clause, is
//     emptied.
//
// Tests of errors are left alone, because a failure of a lookup is not a rule. The contents
// include a new file in each directory that declares the switch.
func Packages(dirs ...string) (mutants []Mutant, contents map[string][]byte, err error) {
	contents = make(map[string][]byte)
	for _, dir := range dirs {
		paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			return nil, nil, err
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			m := &mutator{path: path, files: token.NewFileSet(), before: len(mutants)}
			name, err := m.mutate()
			if err != nil {
				return nil, nil, err
			}
			mutants, contents[path] = append(mutants, m.mutants...), m.result()
			contents[filepath.Join(dir, "mutant_switch.go")] = fmt.Appendf(nil, activeMutant, name, Variable)
		}
	}
	return mutants, contents, nil
}

// activeMutant is the source of the switch.
const activeMutant = `package %s

import (
	"os"
	"strconv"
)

var activeMutant, _ = strconv.Atoi(os.Getenv(%q))

func mutated(number int) bool { return number == activeMutant }
`

// mutator collects the mutants of one file.
type mutator struct {
	path    string
	source  []byte
	files   *token.FileSet
	before  int // mutants of other files
	mutants []Mutant
	edits   []edit
}

// edit inserts text at an offset of the source.
type edit struct {
	offset int
	text   string
}

// mutate reads the file and returns the name of its package.
func (m *mutator) mutate() (name string, err error) {
	if m.source, err = os.ReadFile(m.path); err != nil {
		return "", err
	}
	file, err := parser.ParseFile(m.files, m.path, m.source, parser.SkipObjectResolution)
	if err != nil {
		return "", err
	}
	ast.Inspect(file, m.visit)
	return file.Name.Name, nil
}

func (m *mutator) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.IfStmt:
		m.condition(n.Cond, n.Body.List)
	case *ast.SwitchStmt:
		m.clauses(n)
	case *ast.ReturnStmt:
		for _, result := range n.Results {
			if isBoolean(result) {
				m.negate(result)
			}
		}
	}
	return true
}

func (m *mutator) clauses(s *ast.SwitchStmt) {
	for _, statement := range s.Body.List {
		clause, ok := statement.(*ast.CaseClause)
		if !ok {
			continue
		}
		if s.Tag != nil || clause.List == nil {
			m.empty(clause)
			continue
		}
		for _, expression := range clause.List {
			m.condition(expression, clause.Body)
		}
	}
}

// empty removes the body of a clause that rejects.
func (m *mutator) empty(clause *ast.CaseClause) {
	if !rejects(clause.Body) {
		return
	}
	number := m.add(clause.Pos(), "without the clause "+m.text(clause.Pos(), clause.Colon), true)
	m.wrap(clause.Body[0].Pos(), clause.Body[len(clause.Body)-1].End(), fmt.Sprintf("if !mutated(%d) {", number), "}")
}

// condition replaces the condition of a rejection by false, or negates another one.
func (m *mutator) condition(c ast.Expr, body []ast.Stmt) {
	switch {
	case isErrorTest(c):
		m.operands(c, rejects(body))
	case rejects(body):
		number := m.add(c.Pos(), "false instead of "+m.text(c.Pos(), c.End()), true)
		m.wrap(c.Pos(), c.End(), fmt.Sprintf("(!mutated(%d) && (", number), "))")
		m.operands(c, true)
	default:
		m.negate(c)
	}
}

func (m *mutator) negate(c ast.Expr) {
	number := m.add(c.Pos(), "not "+m.text(c.Pos(), c.End()), false)
	m.wrap(c.Pos(), c.End(), fmt.Sprintf("(mutated(%d) != (", number), "))")
	m.operands(c, false)
}

// operands replaces each operand by the constant that leaves the result to the others.
func (m *mutator) operands(c ast.Expr, rejecting bool) {
	binary, ok := ast.Unparen(c).(*ast.BinaryExpr)
	if !ok || binary.Op != token.LAND && binary.Op != token.LOR {
		return
	}
	for _, operand := range []ast.Expr{binary.X, binary.Y} {
		if isErrorTest(operand) {
			m.operands(operand, rejecting)
			continue
		}
		constant, replace := "false", "(!mutated(%d) && ("
		if binary.Op == token.LAND {
			constant, replace = "true", "(mutated(%d) || ("
		}
		number := m.add(operand.Pos(), constant+" instead of "+m.text(operand.Pos(), operand.End()), rejecting)
		m.wrap(operand.Pos(), operand.End(), fmt.Sprintf(replace, number), "))")
		m.operands(operand, rejecting)
	}
}

// add adds a mutant and returns its number.
func (m *mutator) add(at token.Pos, change string, rejecting bool) int {
	number := m.before + len(m.mutants) + 1
	m.mutants = append(m.mutants, Mutant{
		Number: number, File: m.path, Line: m.files.Position(at).Line, Change: strings.Join(strings.Fields(change), " "), Rejects: rejecting,
	})
	return number
}

// wrap puts text around a part of the source. A part that encloses another must be
// wrapped first.
func (m *mutator) wrap(from, to token.Pos, before, after string) {
	m.edits = append(m.edits, edit{m.offset(from), before}, edit{m.offset(to), after})
}

// result returns the source with all edits. Of edits at one offset, the texts before
// nested parts keep their order. The texts after them are all the same.
func (m *mutator) result() []byte {
	slices.SortStableFunc(m.edits, func(a, b edit) int { return a.offset - b.offset })
	var result []byte
	last := 0
	for _, e := range m.edits {
		result = append(append(result, m.source[last:e.offset]...), e.text...)
		last = e.offset
	}
	return append(result, m.source[last:]...)
}

func (m *mutator) offset(p token.Pos) int { return m.files.Position(p).Offset }

func (m *mutator) text(from, to token.Pos) string {
	return string(m.source[m.offset(from):m.offset(to)])
}
