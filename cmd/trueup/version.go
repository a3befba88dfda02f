package main

import (
	"fmt"
	"runtime"

	"github.com/trueup-ledger/trueup/internal/buildinfo"
)

type versionCommand struct{}

// Run prints the version, the platform and the version of Go.
func (versionCommand) Run(s streams) error {
	_, err := fmt.Fprintf(s.out, "trueup %s %s/%s %s\n", buildinfo.Version(), runtime.GOOS, runtime.GOARCH, runtime.Version())
	return err
}
