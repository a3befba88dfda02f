// Package notfound describes requests for what doesn't exist.
package notfound

import (
	"cmp"
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

// nouns are the names of objects by their wildcards, where those differ. An object with the wildcard
// id has the name of its list.
var nouns = map[string]string{"sku": "item", "line": "row", "sid": "token"}

// Object returns the error for the object that a path names, given the pattern of its route:
// `There is no item "WICK" of action "1000.2240.7"`. Root is the pattern of the account's root.
func Object(r *http.Request, root string) *wire.Error {
	var objects []string
	list := ""
	for segment := range strings.SplitSeq(r.Pattern, "/") {
		wildcard, found := strings.CutPrefix(segment, "{")
		wildcard = strings.TrimSuffix(wildcard, "}")
		if !found {
			list = segment
		}
		if !found || wildcard == "sid" && strings.Contains(r.Pattern, root+"/") {
			continue
		}
		noun := cmp.Or(nouns[wildcard], wildcard)
		if wildcard == "id" {
			noun = strings.TrimSuffix(strings.ReplaceAll(list, "_", " "), "s")
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
