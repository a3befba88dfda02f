// Package emulate makes a server go wrong on demand, so that a client of the
// protocol can be tested where there is no sandbox: requests are delayed, refused
// or cut off, and submissions complete with an error, by rules. docs/emulate.md
// describes them by example.
package faultinject

import (
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
)

// Limits of rules.
const (
	// MaxRules is how many may be in force.
	MaxRules = 1000
	// MaxDelay is the longest wait.
	MaxDelay = 2 * time.Minute
	// maxName, maxPattern and maxMessage are in characters; maxCount bounds what is
	// remembered of one rule.
	maxName    = 64
	maxPattern = 255
	maxMessage = 255
	maxCount   = 100_000
)

// Rule says what goes wrong, and when. Its JSON is an entry of a file of faults.
type Rule struct {
	// Name is told with everything that the rule does.
	Name string `json:"name"`
	// Route is a method and a path below the account, as "PUT /Actions", and Order an
	// order id, "" for any; "*" stands for any characters in them.
	Route string `json:"route"`
	Order string `json:"order,omitzero"`
	// The first Skip matches are let off; of the rest the Share from 0 to 1 is struck,
	// and Count of them at most, unless that is 0.
	Skip  int     `json:"skip,omitzero"`
	Share float64 `json:"share"`
	Count int     `json:"count,omitzero"`

	// Delay is waited for; then Status is answered or the connection is dropped, if
	// either is asked for. With After all of it happens
	// when the work is done and only its answer is missing.
	Delay  Delay `json:"delay,omitzero"`
	Status int   `json:"status,omitzero"`
	After  bool  `json:"after,omitzero"`
	Drop   When  `json:"drop,omitzero"`

	// Code completes submissions, with the sentence Message or one of our own.
	Code    ledger.Code `json:"code,omitzero"`
	Message string      `json:"message,omitzero"`
}

// When says on which side of a request's work its connection is dropped.
type When string

// The sides; "" is neither.
const (
	Before When = "before"
	After  When = "after"
)

// Delay is a time whose text is as "1.5s".
type Delay time.Duration

// MarshalText answers the text.
func (d Delay) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// kinds has by which route submissions of a kind are matched, whichever way they came.
var kinds = []struct {
	kind  ledger.Kind
	route string
}{
	{ledger.KindConversion, "POST /Conversions"},
	{ledger.KindModification, "PUT /Actions"},
	{ledger.KindReversal, "DELETE /Actions"},
	{ledger.KindUndo, "POST /APISubmissions/-/Undo"},
}

// routeOf answers the route of a kind.
func routeOf(kind ledger.Kind) string {
	for _, k := range kinds {
		if k.kind == kind {
			return k.route
		}
	}
	return ""
}

// orderOf answers the order id that the submission's own request named, or "".
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

// matches reports whether the rule is about requests of the route and the order id.
func (r Rule) matches(method, path, order string) bool {
	wantMethod, wantPath, _ := strings.Cut(r.Route, " ")
	return (wantMethod == "*" || wantMethod == method) && like(wantPath, path) && (r.Order == "" || like(r.Order, order))
}

// like reports whether a text is as a pattern says, in which "*" stands for any
// characters.
func like(pattern, text string) bool {
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
