package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/client/internal/transport"
)

// ErrNotFound is the error of a call for an object that does not exist. It matches an [*Error]
// with status 404.
var ErrNotFound = errors.New("client: not found")

// Error is an error response of the server.
type Error struct {
	// Status is the HTTP status.
	Status  int
	Message string
	// Fields are the parameters that are missing or invalid.
	Fields []FieldError
	// RequestID identifies the request in the log of the server.
	RequestID string
	// RetryAfter is the pause that the server asks for, or 0.
	RetryAfter time.Duration
	// Location is the path of an earlier file with the same bytes, or empty.
	Location string
	// Method and Path are those of the request, without its query.
	Method, Path string
}

// FieldError describes an invalid parameter.
type FieldError struct{ Field, Message string }

// Error returns a description of the response.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: %d", e.Method, e.Path, e.Status)
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	for i, f := range e.Fields {
		b.WriteString(map[bool]string{true: ": ", false: "; "}[i == 0] + f.Field + ": " + f.Message)
	}
	if e.RequestID != "" {
		b.WriteString(" (request " + e.RequestID + ")")
	}
	return b.String()
}

// Is reports whether target is [ErrNotFound] and the status is 404.
func (e *Error) Is(target error) bool {
	return target == ErrNotFound && e.Status == http.StatusNotFound
}

// describe returns the error of a request for the caller: an [*Error] for an error response. It
// ignores a body that is not of the protocol, such as that of a proxy.
func describe(r transport.Request, err error) error {
	if err == nil {
		return nil
	}
	path, _, _ := strings.Cut(r.Path, "?")
	var status *transport.StatusError
	if !errors.As(err, &status) {
		return fmt.Errorf("client: %s %s: %w", r.Method, path, err)
	}
	e := &Error{
		Status: status.Status, RequestID: status.Header.Get("X-Request-Id"), RetryAfter: status.RetryAfter,
		Location: status.Header.Get("Location"), Method: r.Method, Path: path,
	}
	var envelope struct {
		Message string
		Errors  []FieldError
	}
	if json.Unmarshal(status.Body, &envelope) == nil {
		e.Message, e.Fields = envelope.Message, envelope.Errors
	}
	if e.Message == "" {
		e.Message = http.StatusText(e.Status)
	}
	return e
}

// Rejection is the error of a write that the server stored, and that the rules then rejected.
type Rejection struct {
	// Type is "Validation" or "Contract Error".
	Type string
	// Code is the first of Codes, such as "ACTION_LOCKED".
	Code  string
	Codes []string
	// Field is the parameter that the rejection concerns. Only dry runs have it.
	Field string
	// Message is a sentence that names the remedy.
	Message string
	// SubmissionID is the id of the submission. A dry run has none.
	SubmissionID string
}

// Error returns the code and the message.
func (r *Rejection) Error() string {
	text := "rejected: " + strings.Join(r.Codes, " ")
	if r.Message != "" {
		text += ": " + r.Message
	}
	if r.SubmissionID != "" {
		text += " (submission " + r.SubmissionID + ")"
	}
	return text
}
