package cli

import "fmt"

// Exit codes besides 0, for success, and 1, for a failure.
const (
	ExitUsage        = 2 // wrong usage
	ExitRejected     = 3 // the rules rejected a change
	ExitNotFound     = 4 // a ledger, account or object doesn't exist
	ExitUnauthorized = 5 // the credentials are missing or wrong, or don't permit it
	ExitUnavailable  = 6 // the server can't be reached, or is too busy
)

// ExitCodes describes the exit codes.
var ExitCodes = []struct {
	Code       int
	Name, Text string
}{
	{0, "success", "the command did what it was asked for"},
	{1, "failed", "the command failed or was interrupted, rows failed, or verify found violations"},
	{ExitUsage, "wrong usage", "an unknown command, or a missing or invalid flag or argument"},
	{ExitRejected, "rejected", "the rules of the ledger refuse the change"},
	{ExitNotFound, "not found", "there is no such ledger, account or object"},
	{ExitUnauthorized, "not permitted", "the credentials are wrong or lack a permission"},
	{ExitUnavailable, "unavailable", "the server can't be reached or is too busy"},
}

// ExitError is an error with an exit code of its own.
type ExitError struct {
	error
	Code int
}

// ExitCode returns the exit code. Kong calls it.
func (e ExitError) ExitCode() int { return e.Code }

// Unwrap returns the error without its exit code.
func (e ExitError) Unwrap() error { return e.error }

// NotFound returns an error for a ledger, an account or an object that doesn't exist.
func NotFound(format string, args ...any) error {
	return ExitError{fmt.Errorf(format, args...), ExitNotFound}
}

// Usage returns an error for an invalid flag or argument.
func Usage(format string, args ...any) error {
	return ExitError{fmt.Errorf(format, args...), ExitUsage}
}

// NoAccount returns the error for an account that doesn't exist.
func NoAccount(account int64) error {
	return NotFound("--account %d: no such account; record it with: trueup apply -f FILE", account)
}

// Rejected returns an error for a change that the rules rejected.
func Rejected(format string, args ...any) error {
	return ExitError{fmt.Errorf(format, args...), ExitRejected}
}

// Failed returns an error that no other exit code fits, also not one of the errors that it wraps.
func Failed(format string, args ...any) error {
	return ExitError{fmt.Errorf(format, args...), 1}
}

// Unavailable returns an error for a server that can't be reached or is too busy.
func Unavailable(format string, args ...any) error {
	return ExitError{fmt.Errorf(format, args...), ExitUnavailable}
}
