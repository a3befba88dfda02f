// Package faultinject injects faults into a server, so that clients of the protocol can
// be tested without a sandbox. Rules delay requests, fail them or drop their connection,
// and complete submissions with an error code. docs/emulate.md describes the rules.
package faultinject

import (
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// Limits of rules.
const (
	// MaxRules is the maximum number of rules.
	MaxRules = 1000

	maxDelay   = 2 * time.Minute
	maxName    = 64      // characters
	maxPattern = 255     // characters
	maxMessage = 255     // characters
	maxCount   = 100_000 // bounds the memory of a rule
)

// Rule is a fault and the requests or submissions that it affects. Its JSON is an entry
// of a fault file.
type Rule struct {
	// Name appears in the response header, the error message and the log.
	Name string `json:"name"`
	// Route is a method and a path below the account, such as "PUT /Actions". Order is an
	// order id, or "" for any. In both, "*" matches any characters.
	Route string `json:"route"`
	Order string `json:"order,omitzero"`
	// The rule skips the first Skip matches. Of the others it affects the given Share, from
	// 0 to 1, and at most Count unless Count is 0.
	Skip  int     `json:"skip,omitzero"`
	Share float64 `json:"share"`
	Count int     `json:"count,omitzero"`

	// Delay is the pause before the rest of the fault: a response with Status, or a dropped
	// connection. If After is set, the request takes effect first.
	Delay  Delay `json:"delay,omitzero"`
	Status int   `json:"status,omitzero"`
	After  bool  `json:"after,omitzero"`
	Drop   When  `json:"drop,omitzero"`

	// Code is the error code with which submissions complete. Message defaults to a text
	// that names the rule.
	Code    rejection.Code `json:"code,omitzero"`
	Message string         `json:"message,omitzero"`
}

// When is the moment at which a connection is dropped: before or after the request takes
// effect.
type When string

// The moments. An empty When means that the connection is not dropped.
const (
	Before When = "before"
	After  When = "after"
)

// Delay is a duration that is marshaled as text, such as "1.5s".
type Delay time.Duration

// MarshalText implements [encoding.TextMarshaler].
func (d Delay) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// kinds maps each kind of submission to the route that matches it, regardless of how it
// was submitted.
var kinds = []struct {
	kind  ledger.Kind
	route string
}{
	{ledger.KindConversion, "POST /Conversions"},
	{ledger.KindModification, "PUT /Actions"},
	{ledger.KindReversal, "DELETE /Actions"},
	{ledger.KindUndo, "POST /APISubmissions/-/Undo"},
}

// routeOf returns the route of a kind.
func routeOf(kind ledger.Kind) string {
	for _, k := range kinds {
		if k.kind == kind {
			return k.route
		}
	}
	return ""
}

// orderOf returns the order id in a command, or "".
func orderOf(c ledger.Command) string {
	switch c := c.(type) {
	case ledger.Conversion:
		return c.Order
	case ledger.Modification:
		return c.Order
	case ledger.Reversal:
		return c.Order
	default:
		return ""
	}
}

// matches reports whether the rule matches a request with the route and order id.
func (r Rule) matches(method, path, order string) bool {
	wantMethod, wantPath, _ := strings.Cut(r.Route, " ")
	return (wantMethod == "*" || wantMethod == method) && matchGlob(wantPath, path) && (r.Order == "" || matchGlob(r.Order, order))
}

// matchGlob reports whether text matches pattern, in which "*" matches any characters.
func matchGlob(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	first, last := parts[0], parts[len(parts)-1]
	if len(parts) == 1 {
		return text == pattern
	}
	if len(text) < len(first)+len(last) || !strings.HasPrefix(text, first) || !strings.HasSuffix(text, last) {
		return false
	}
	text = text[len(first) : len(text)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		_, rest, found := strings.Cut(text, part)
		if !found {
			return false
		}
		text = rest
	}
	return true
}
