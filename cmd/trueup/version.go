package main

import (
	"runtime"

	"github.com/trueup-ledger/trueup/internal/buildinfo"
)

type versionCommand struct{}

// Run prints the version, the platform and the version of Go.
func (versionCommand) Run(s streams) error {
	s.printf("trueup %s %s/%s %s\n", buildinfo.Version(), runtime.GOOS, runtime.GOARCH, runtime.Version())
	return nil
}
