// Package testenv selects the size of long tests. By default they run with a short size.
// If the environment variable TRUEUP_TEST_FULL is set, as it is in CI, they run in full. CI finds
// them with .ci/scaled, so a test function calls [Scale] itself.
package testenv

import "os"

// Scale returns full if tests run in full, and short otherwise.
func Scale[T any](short, full T) T {
	if os.Getenv("TRUEUP_TEST_FULL") != "" {
		return full
	}
	return short
}
