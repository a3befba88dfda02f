package check

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/internal/openapi"
)

var anyWildcard = regexp.MustCompile(`\{[^}]*\}`)

// Routes returns the differences between the operations in the document below root and the
// given routes, such as "GET /Actions/{action}". It ignores the names of wildcards.
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
		below, ok := strings.CutPrefix(path, root)
		for method := range operations {
			if ok && method != "parameters" {
				described = append(described, strings.ToUpper(method)+" "+anyWildcard.ReplaceAllString(below, "{}"))
			}
		}
	}
	for _, route := range routes {
		served = append(served, anyWildcard.ReplaceAllString(route, "{}"))
	}
	differences = append(missing(served, described, "is served but not described"), missing(described, served, "is described but not served")...)
	if len(described) == 0 {
		differences = append(differences, "nothing is described below "+root)
	}
	return differences, nil
}

// missing returns a line with message for each route in a that is not in b.
func missing(a, b []string, message string) (differences []string) {
	for _, route := range a {
		if !slices.Contains(b, route) {
			differences = append(differences, route+" "+message)
		}
	}
	return differences
}
