package main

import (
	"fmt"
	"runtime"

	"github.com/trueup-ledger/trueup/internal/buildinfo"
	"github.com/trueup-ledger/trueup/internal/cli"
)

type versionCommand struct{}

// Run prints the version, the platform and the version of Go.
func (versionCommand) Run(s cli.Streams) error {
	_, err := fmt.Fprintf(s.Out, "trueup %s %s/%s %s\n", buildinfo.Version(), runtime.GOOS, runtime.GOARCH, runtime.Version())
	return err
}
