package mutate

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// rejects reports whether one of the statements itself rejects a submission: whether
// it calls a function that makes a rejection.
func rejects(body []ast.Stmt) (found bool) {
	for _, statement := range body {
		switch statement.(type) {
		case *ast.ReturnStmt, *ast.ExprStmt, *ast.AssignStmt:
		default:
			continue
		}
		ast.Inspect(statement, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			found = found || ok && isRejection(call)
			return !found
		})
	}
	return found
}

// isRejection reports whether the function called has a name that begins with "reject",
// or is a method named add with a text as its first argument, which adds a rejection to
// a list.
func isRejection(call *ast.CallExpr) bool {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return strings.HasPrefix(f.Name, "reject")
	case *ast.SelectorExpr:
		return strings.HasPrefix(f.Sel.Name, "reject") || f.Sel.Name == "add" && len(call.Args) > 1 && isField(call.Args[0])
	}
	return false
}

// isField reports whether the expression is the name of a parameter: a text, or a call
// that numbers one.
func isField(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return e.Kind == token.STRING
	case *ast.CallExpr:
		return len(e.Args) > 0
	case *ast.Ident:
		return e.Name == "field"
	}
	return false
}

// isErrorTest reports whether the condition depends on an error.
func isErrorTest(c ast.Expr) (found bool) {
	ast.Inspect(c, func(n ast.Node) bool {
		name, ok := n.(*ast.Ident)
		found = found || ok && (name.Name == "err" || name.Name == "errors")
		return !found
	})
	return found
}

// isBoolean reports whether the expression is a comparison, a negation or a
// combination of conditions.
func isBoolean(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		return e.Op == token.NOT
	case *ast.BinaryExpr:
		return slices.Contains([]token.Token{
			token.LAND, token.LOR, token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ,
		}, e.Op)
	}
	return false
}
