package faultinject

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// Parse parses a list of rules under the key "faults", in YAML or JSON. name is the file
// name in error messages; the error is a *refdata.FileError.
func Parse(name string, text []byte) ([]Rule, error) {
	rules := []Rule{}
	lines := make(map[string]int)
	err := refdata.ParseList(name, "faults", text, func(e refdata.Entry) {
		r := readRule(e, len(rules)+1)
		if line, twice := lines[r.Name]; twice {
			e.Errorf("name", "%s is in line %d already: names must be unique", r.Name, line)
		}
		lines[r.Name] = e.Line()
		if len(rules) == MaxRules {
			e.Errorf("name", "More than %d rules: remove some", MaxRules)
			return
		}
		rules = append(rules, r)
	})
	if err != nil {
		return nil, err
	}
	return rules, nil
}

// readRule reads the rule with the given number, which is part of its default name.
func readRule(e refdata.Entry, number int) Rule {
	r := Rule{
		Name:    refdata.Optional(e, "name", "fault-"+strconv.Itoa(number), name),
		Route:   refdata.Required(e, "route", route),
		Order:   refdata.Optional(e, "order", "", scalar.Text(maxPattern)),
		Skip:    refdata.Optional(e, "skip", 0, scalar.Number(0, maxCount)),
		Share:   refdata.Optional(e, "share", 1, share),
		Count:   refdata.Optional(e, "count", 0, scalar.Number(1, maxCount)),
		Delay:   refdata.Optional(e, "delay", 0, delay),
		Status:  refdata.Optional(e, "status", 0, status),
		After:   refdata.Optional(e, "after", false, scalar.Boolean),
		Drop:    refdata.Optional(e, "drop", "", scalar.OneOf(Before, After)),
		Code:    refdata.Optional(e, "code", "", code),
		Message: refdata.Optional(e, "message", "", scalar.Text(maxMessage)),
	}
	checkCombination(e, r)
	return r
}

// checkCombination reports keys that contradict each other.
func checkCombination(e refdata.Entry, r Rule) {
	affectsRequest := e.Has("delay") || e.Has("status") || e.Has("drop")
	switch {
	case e.Has("code") && (affectsRequest || e.Has("after")):
		e.Errorf("code", "Applies to the submission; delay, status, after and drop apply to its request: write two rules")
	case !e.Has("code") && !affectsRequest:
		e.Errorf("route", "Name the fault: delay, status, drop or code")
	case e.Has("status") && e.Has("drop"):
		e.Errorf("drop", "A dropped connection has no status: keep one of the two")
	case e.Has("after") && e.Has("drop"):
		e.Errorf("after", "Use drop: before or drop: after")
	case e.Has("message") && !e.Has("code"):
		e.Errorf("message", "Only for a rule with a code")
	default:
		checkCode(e, r)
	}
}

// checkCode reports a code with which no submission that the route matches can complete.
func checkCode(e refdata.Entry, r Rule) {
	if r.Code != "" && r.Route != "" && !r.completes() {
		e.Errorf("route", "No submission with the code %s is matched by %s: it must be POST /Conversions for a code of conversions, "+
			"else PUT /Actions, DELETE /Actions or POST /APISubmissions/*/Undo", r.Code, r.Route)
	}
}

// completes reports whether the route matches a kind of submission that can complete with
// the code.
func (r Rule) completes() bool {
	for _, k := range kinds {
		method, path, _ := strings.Cut(k.route, " ")
		if r.Code.AppliesTo(k.kind == ledger.KindConversion) && (Rule{Route: r.Route}).matches(method, path, "") {
			return true
		}
	}
	return false
}

// name parses a name that is valid in a header.
func name(s string) (string, error) {
	if s == "" || len(s) > maxName || strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz0123456789-_.") != "" {
		return "", scalar.Errorf("Must be up to 64 letters, digits and - _ .")
	}
	return s, nil
}

// route parses a method and a path. It rejects a route that matches no request, because the
// rule would never fire. Only the first segment of the path is compared.
func route(s string) (string, error) {
	method, path, _ := strings.Cut(s, " ")
	if !strings.HasPrefix(path, "/") && path != "*" || len(s) > maxPattern || strings.ContainsAny(path, " ?") {
		return "", scalar.Errorf(`Must be a method and a path below the account, such as "PUT /Actions" or "* /Actions/*"`)
	}
	for _, served := range httpapi.Routes() {
		servedMethod, servedPath, _ := strings.Cut(served, " ")
		if (method == "*" || method == servedMethod) && matchGlob(segment(path), segment(servedPath)) {
			return s, nil
		}
	}
	return "", scalar.Errorf("No such route: write the method in capitals and the path without account, suffix and query")
}

// segment returns the first segment of a path.
func segment(path string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return first
}

// share parses a number from 0 to 1, or a percentage from 0% to 100%.
func share(s string) (float64, error) {
	number, percent := strings.CutSuffix(s, "%")
	f, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if percent {
		f /= 100
	}
	if err != nil || !(f >= 0 && f <= 1) {
		return 0, scalar.Errorf("Must be from 0 to 1, or from 0%% to 100%%")
	}
	return f, nil
}

func delay(s string) (Delay, error) {
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 || d > maxDelay {
		return 0, scalar.Errorf("Must be a duration of at most 2m, such as 500ms or 30s")
	}
	return Delay(d), nil
}

func status(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || !slices.Contains([]int{http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable}, n) {
		return 0, scalar.Errorf("Must be 429, 500 or 503")
	}
	return n, nil
}

func code(s string) (rejection.Code, error) {
	if c := rejection.Code(s); c.AppliesTo(true) || c.AppliesTo(false) {
		return c, nil
	}
	return "", scalar.Errorf("No such code: docs/protocol.md, section 16, and docs/rules.md, section 8, list them")
}
