// Package buildinfo describes how the program was built.
package buildinfo

import (
	"runtime/debug"
	"strings"
)

// Version returns the version of the program as the go command recorded it: the tag or the
// pseudo-version of its commit, or "devel" if it was built without one.
func Version() string {
	build, ok := debug.ReadBuildInfo()
	if !ok || build.Main.Version == "" {
		return "devel"
	}
	return strings.Trim(build.Main.Version, "()")
}
