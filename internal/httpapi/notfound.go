package httpapi

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/internal/spelling"
	"github.com/trueup-ledger/trueup/internal/wire"
)

// errNoPath is the error for a path that no account has.
var errNoPath = notFound("There is no such path: paths begin with /" + brand + "/ and the AccountSID")

func notFound(message string) *wire.Error {
	return &wire.Error{Status: http.StatusNotFound, Message: message}
}

// errNotFound is the error for an object that doesn't exist. [call.handleError] reports it
// like ledger.ErrNotFound.
var errNotFound = notFound("There is no such object")

// nouns are the names of objects by their wildcards, where those differ.
var nouns = map[string]string{"sku": "item", "line": "row", "sid": "token", "id": "entry"}

// objectNotFound returns the error for the object that a path names, given the pattern of
// its route: `There is no item "WICK" of action "1000.2240.7"`.
func objectNotFound(r *http.Request) *wire.Error {
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
		return notFound("There is no such object as the request names")
	}
	slices.Reverse(objects)
	return notFound("There is no " + strings.Join(objects, " of "))
}

// pathNotFound returns the error for an unknown path. It suggests the nearest route of the
// API, if there is one.
func (a *API) pathNotFound(path string) *wire.Error {
	if near := spelling.NearestPath(path, a.paths, wire.Excerpt); near != "" {
		return notFound("There is no such path: did you mean " + near + "?")
	}
	return notFound("There is no such path: the OpenAPI document lists all paths")
}
