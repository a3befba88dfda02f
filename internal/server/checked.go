//go:build checked

package server

import (
	"fmt"
	"net/http"
	"os"

	"github.com/trueup-ledger/trueup/internal/openapi/check"
)

// checked holds every request and answer against the OpenAPI document. What breaks
// it ends the program: the test that runs it fails, and its log says why.
func checked(h http.Handler) http.Handler {
	checker, err := check.ForProgram()
	if err != nil {
		panic(err)
	}
	return checker.Wrap(h, func(err error) {
		fmt.Fprintln(os.Stderr, "openapi:", err)
		os.Exit(1)
	})
}
