//go:build checked

package server

import (
	"fmt"
	"net/http"
	"os"

	"github.com/trueup-ledger/trueup/internal/openapi/check"
)

// checkOpenAPI returns a handler that validates every request and response against the
// OpenAPI document. A violation is logged and ends the program, so that the test that
// runs it fails.
func checkOpenAPI(h http.Handler) http.Handler {
	checker, err := check.ForProgram()
	if err != nil {
		panic(err)
	}
	return checker.Wrap(h, func(err error) {
		fmt.Fprintln(os.Stderr, "openapi:", err)
		os.Exit(1)
	})
}
