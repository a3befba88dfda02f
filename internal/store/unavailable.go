package store

import "errors"

// IsUnavailable reports whether an error of a store means that the store can't be used at
// present: the same call may succeed later. Any other error is one of the program or of the
// stored data. Such an error has a method Unavailable that returns true.
func IsUnavailable(err error) bool {
	var e interface{ Unavailable() bool }
	return errors.As(err, &e) && e.Unavailable()
}
