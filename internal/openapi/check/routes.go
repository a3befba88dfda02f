package check

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/internal/openapi"
)

var anyWildcard = regexp.MustCompile(`\{[^}]*\}`)

// Routes answers where the routes below a root, as "GET /Actions/{action}", and what
// the document describes there differ, whatever the wildcards are called.
func Routes(root string, routes []string) (differences []string, err error) {
	text, err := openapi.JSON()
	if err != nil {
		return nil, err
	}
	var document struct {
		Paths map[string]map[string]any
	}
	if err := json.Unmarshal(text, &document); err != nil {
		return nil, err
	}
	var described, served []string
	for path, operations := range document.Paths {
		below, found := strings.CutPrefix(path, root)
		for method := range operations {
			if found && method != "parameters" {
				described = append(described, strings.ToUpper(method)+" "+anyWildcard.ReplaceAllString(below, "{}"))
			}
		}
	}
	for _, route := range routes {
		served = append(served, anyWildcard.ReplaceAllString(route, "{}"))
	}
	differences = append(missing(served, described, "is served and not described"), missing(described, served, "is described and not served")...)
	if len(described) == 0 {
		differences = append(differences, "nothing is described below "+root)
	}
	return differences, nil
}

// missing says of each route of one list that is not in the other what that means.
func missing(of, in []string, what string) (differences []string) {
	for _, route := range of {
		if !slices.Contains(in, route) {
			differences = append(differences, fmt.Sprintf("%s %s", route, what))
		}
	}
	return differences
}
