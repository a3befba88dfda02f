package faultinject

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/ledger"
)

// fault is a message about a value.
type fault string

func (f fault) Error() string { return string(f) }

// Parse reads rules from YAML or JSON: a list under the key "faults". name stands in
// what is wrong with it; the error is a *refdata.Faults.
func Parse(name string, text []byte) ([]Rule, error) {
	rules := []Rule{}
	lines := make(map[string]int)
	err := refdata.ParseList(name, "faults", text, func(e refdata.Entry) {
		r := readRule(e, len(rules)+1)
		if line, twice := lines[r.Name]; twice {
			e.Fault("name", "%s is in line %d already: names tell rules apart", r.Name, line)
		}
		lines[r.Name] = e.Line()
		if len(rules) == MaxRules {
			e.Fault("name", "More than %d rules: leave some out", MaxRules)
			return
		}
		rules = append(rules, r)
	})
	if err != nil {
		return nil, err
	}
	return rules, nil
}

func readRule(e refdata.Entry, place int) Rule {
	r := Rule{
		Name:    refdata.May(e, "name", "fault-"+strconv.Itoa(place), name),
		Route:   refdata.Need(e, "route", route),
		Order:   refdata.May(e, "order", "", refdata.Text(maxPattern)),
		Skip:    refdata.May(e, "skip", 0, refdata.Number(0, maxCount)),
		Share:   refdata.May(e, "share", 1, share),
		Count:   refdata.May(e, "count", 0, refdata.Number(1, maxCount)),
		Delay:   refdata.May(e, "delay", 0, delay),
		Status:  refdata.May(e, "status", 0, status),
		After:   refdata.May(e, "after", false, boolean),
		Drop:    refdata.May(e, "drop", "", refdata.OneOf(Before, After)),
		Code:    refdata.May(e, "code", "", code),
		Message: refdata.May(e, "message", "", refdata.Text(maxMessage)),
	}
	agree(e, r)
	return r
}

// agree notes keys that do not go together.
func agree(e refdata.Entry, r Rule) {
	ofRequest := e.Has("delay") || e.Has("status") || e.Has("drop")
	switch {
	case e.Has("code") && (ofRequest || e.Has("after")):
		e.Fault("code", "Is about the submission, and delay, status, after and drop are about its request: write two rules")
	case !e.Has("code") && !ofRequest:
		e.Fault("route", "Say what goes wrong there: delay, status, drop or code")
	case e.Has("status") && e.Has("drop"):
		e.Fault("drop", "Leaves no answer that could have a status: keep one of the two")
	case e.Has("after") && e.Has("drop"):
		e.Fault("after", "Say it by drop: before or after")
	case e.Has("message") && !e.Has("code"):
		e.Fault("message", "Only for a rule with a code")
	case r.Code != "" && r.Route != "" && !r.completes():
		e.Fault("route", "No submission with the code %s is matched by %s: it must be POST /Conversions for a code of conversions, "+
			"else PUT /Actions, DELETE /Actions or POST /APISubmissions/*/Undo", r.Code, r.Route)
	}
}

// completes reports whether a submission is matched by the route that can end with
// the code.
func (r Rule) completes() bool {
	for _, k := range kinds {
		method, path, _ := strings.Cut(k.route, " ")
		if r.Code.Of(k.kind) && (Rule{Route: r.Route}).matches(method, path, "") {
			return true
		}
	}
	return false
}

// name reads what can stand in a header.
func name(s string) (string, error) {
	if s == "" || len(s) > maxName || strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz0123456789-_.") != "" {
		return "", fault("Up to 64 letters, digits and - _ .")
	}
	return s, nil
}

// route reads a method and a path. One that nothing is served by is a slip that
// would never be noticed.
func route(s string) (string, error) {
	method, path, _ := strings.Cut(s, " ")
	if !strings.HasPrefix(path, "/") && path != "*" || len(s) > maxPattern || strings.ContainsAny(path, " ?") {
		return "", fault(`A method and a path below the account, as "PUT /Actions" or "* /Actions/*"`)
	}
	for _, served := range httpapi.Routes() {
		servedMethod, servedPath, _ := strings.Cut(served, " ")
		if (method == "*" || method == servedMethod) && like(segment(path), segment(servedPath)) {
			return s, nil
		}
	}
	return "", fault("Nothing is served there: write the method in capitals and the path without account, suffix and query")
}

// segment answers the first segment of a path, and of one that begins with "*" as
// much as is known of it.
func segment(path string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return first
}

// share reads a number from 0 to 1, or from 0 % to 100 %.
func share(s string) (float64, error) {
	number, percent := strings.CutSuffix(s, "%")
	f, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if percent {
		f /= 100
	}
	if err != nil || !(f >= 0 && f <= 1) {
		return 0, fault("Must be from 0 to 1, or from 0% to 100%")
	}
	return f, nil
}

func delay(s string) (Delay, error) {
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 || d > MaxDelay {
		return 0, fault("Must be a time of at most 2m, as 500ms or 30s")
	}
	return Delay(d), nil
}

func status(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || !slices.Contains([]int{http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable}, n) {
		return 0, fault("Must be 429, 500 or 503")
	}
	return n, nil
}

func boolean(s string) (bool, error) {
	if s != "true" && s != "false" {
		return false, fault("Must be true or false")
	}
	return s == "true", nil
}

func code(s string) (ledger.Code, error) {
	if c := ledger.Code(s); c.Of(ledger.KindConversion) || c.Of(ledger.KindModification) {
		return c, nil
	}
	return "", fault("No such code: docs/protocol.md, section 16, and docs/rules.md, section 8, list them")
}
