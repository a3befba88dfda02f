// Package testenv selects the size of long tests. By default tests run a short version
// of themselves. CI sets TRUEUP_TEST_FULL=1 to run them in full.
package testenv

import "os"

// Variable is the environment variable that selects full tests. Any non-empty value
// counts.
const Variable = "TRUEUP_TEST_FULL"

// Full reports whether tests run in full.
func Full() bool { return os.Getenv(Variable) != "" }

// Scale returns full if tests run in full, and short otherwise.
func Scale[T any](short, full T) T {
	if Full() {
		return full
	}
	return short
}
