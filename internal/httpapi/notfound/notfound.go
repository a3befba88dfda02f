// Package notfound describes requests for what doesn't exist.
package notfound

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/internal/spelling"
	"github.com/trueup-ledger/trueup/internal/wire"
)

// New returns the error with the message.
func New(message string) *wire.Error {
	return &wire.Error{Status: http.StatusNotFound, Message: message}
}

// nouns are the names of objects by their wildcards, where those differ.
var nouns = map[string]string{"sku": "item", "line": "row", "sid": "token", "id": "entry"}

// Object returns the error for the object that a path names, given the pattern of its route:
// `There is no item "WICK" of action "1000.2240.7"`. Root is the pattern of the account's root.
func Object(r *http.Request, root string) *wire.Error {
	var objects []string
	for segment := range strings.SplitSeq(r.Pattern, "/") {
		wildcard, found := strings.CutPrefix(segment, "{")
		wildcard = strings.TrimSuffix(wildcard, "}")
		if !found || wildcard == "sid" && strings.Contains(r.Pattern, root+"/") {
			continue
		}
		noun := wildcard
		if other, found := nouns[wildcard]; found {
			noun = other
		}
		objects = append(objects, fmt.Sprintf("%s %q", noun, wire.Excerpt(r.PathValue(wildcard))))
	}
	if len(objects) == 0 {
		return New("There is no such object as the request names")
	}
	slices.Reverse(objects)
	return New("There is no " + strings.Join(objects, " of "))
}

// Path returns the error for an unknown path. It suggests the nearest of the known paths, if
// there is one.
func Path(path string, known []string) *wire.Error {
	if near := spelling.NearestPath(path, known, wire.Excerpt); near != "" {
		return New("There is no such path: did you mean " + near + "?")
	}
	return New("There is no such path: the OpenAPI document lists all paths")
}
