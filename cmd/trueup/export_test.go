package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"github.com/alecthomas/kong"

	"github.com/trueup-ledger/trueup/internal/openapi/check"
	"github.com/trueup-ledger/trueup/internal/settings"
)

// CheckedFolder is the folder of the program that validates requests and responses.
const CheckedFolder = "checked"

// IsProgram reports whether the test binary was started as the program.
func IsProgram() bool { return filepath.Base(executable()) == "trueup" }

// Run runs the program.
func Run() {
	if filepath.Base(filepath.Dir(executable())) == CheckedFolder {
		wrapHandler = checkOpenAPI
	}
	main()
}

func executable() string {
	path, err := os.Executable()
	if err != nil {
		panic(err)
	}
	return path
}

// checkOpenAPI returns a handler that validates every request and response against the
// OpenAPI document. A violation is logged and ends the program, so that the test that runs it
// fails.
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

// Parser returns the parser of the command line.
func Parser() *kong.Kong { return newParser(&commands{}, settings.New(serveName)) }
