package faultinject_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/faultinject"
)

func TestParseErrorsHavePositions(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"no list":                      {"rules: []", "f.yaml:1:1: faults: Required: a list of faults\nf.yaml:1:1: rules: Unknown key: the keys are faults"},
		"empty":                        {"", "f.yaml:1:1: faults: Required: a list of faults"},
		"no route":                     {"faults:\n  - delay: 1s", "f.yaml:2:5: route: Required"},
		"an unknown key":               {"faults:\n  - route: PUT /Actions\n    delays: 1s\n    delay: 1s", "f.yaml:3:5: delays: Unknown key"},
		"no fault":                     {"faults:\n  - route: PUT /Actions", "f.yaml:2:12: route: Name the fault"},
		"a route without a method":     {"faults:\n  - {route: /Actions, delay: 1s}", "f.yaml:2:13: route: Must be a method and a path"},
		"an unknown route":             {"faults:\n  - {route: PUT /Action, delay: 1s}", "f.yaml:2:13: route: No such route"},
		"a lower-case method":          {"faults:\n  - {route: put /Actions, delay: 1s}", "f.yaml:2:13: route: No such route"},
		"a share over 1":               {"faults:\n  - {route: PUT /Actions, delay: 1s, share: 1.5}", "share: Must be from 0 to 1"},
		"a share that is not a number": {"faults:\n  - {route: PUT /Actions, delay: 1s, share: NaN}", "share: Must be from 0 to 1"},
		"a count of 0":                 {"faults:\n  - {route: PUT /Actions, delay: 1s, count: 0}", "count: Must be a whole number from 1 to 100000"},
		"a delay over the maximum":     {"faults:\n  - {route: PUT /Actions, delay: 3m}", "delay: Must be a duration of at most 2m"},
		"an unsupported status":        {"faults:\n  - {route: PUT /Actions, status: 404}", "status: Must be 429, 500 or 503"},
		"an unknown value of drop":     {"faults:\n  - {route: PUT /Actions, drop: yes}", "drop: Must be one of before, after"},
		"a status and a drop":          {"faults:\n  - {route: PUT /Actions, status: 503, drop: after}", "drop: A dropped connection has no status"},
		"after and a drop":             {"faults:\n  - {route: PUT /Actions, after: true, drop: after}", "after: Use drop"},
		"an unknown code":              {"faults:\n  - {route: PUT /Actions, code: LOCKED}", "code: No such code"},
		"a code with a status":         {"faults:\n  - {route: PUT /Actions, code: ACTION_LOCKED, status: 500}", "code: Applies to the submission"},
		"a code of another kind":       {"faults:\n  - {route: PUT /Actions, code: CONV_DUPLICATE}", "route: No submission with the code CONV_DUPLICATE"},
		"a code for a read request":    {"faults:\n  - {route: GET /Actions, code: ACTION_LOCKED}", "route: No submission with the code ACTION_LOCKED"},
		"a message with a status":      {"faults:\n  - {route: PUT /Actions, status: 500, message: x}", "message: Only for a rule with a code"},
		"an invalid name":              {"faults:\n  - {name: 'a b', route: PUT /Actions, delay: 1s}", "name: Must be up to 64 letters"},
		"a duplicate name": {
			"faults:\n  - {name: a, route: PUT /Actions, delay: 1s}\n  - {name: a, route: PUT /Actions, delay: 1s}",
			"f.yaml:3:12: name: a is in line 2 already",
		},
		"too many rules": {
			"faults:\n" + strings.Repeat("  - {route: PUT /Actions, delay: 1s}\n", faultinject.MaxRules+1),
			"f.yaml:1002:5: name: More than 1000 rules",
		},
	} {
		t.Run(name, func(t *testing.T) {
			rules, err := faultinject.Parse("f.yaml", []byte(c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%+v, %v; want %s", rules, err, c.want)
			}
		})
	}
}

func TestRulesRoundTripAsJSON(t *testing.T) {
	rules, err := faultinject.Parse("f.yaml", []byte(`
faults:
  - {name: slow, route: GET /Actions*, delay: 1500ms, after: true, share: 12.5%, skip: 2, count: 3}
  - {route: "* *", order: "A-*", status: 429}
  - {route: POST /Conversions, drop: before}
  - {route: POST /Conversions, code: BLOCKED_BY_PROMOCODE, message: Not today}
`))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(map[string]any{"faults": rules})
	if err != nil {
		t.Fatal(err)
	}
	again, err := faultinject.Parse("f.json", text)
	if diff := cmp.Diff(rules, again); err != nil || diff != "" {
		t.Errorf("%v\n%s\n%s", err, diff, text)
	}
	if none, err := faultinject.Parse("f.json", []byte(`{"faults": []}`)); err != nil || len(none) != 0 {
		t.Errorf("an empty list: %+v, %v", none, err)
	}
}

func TestDocumentedRulesParse(t *testing.T) {
	document, err := os.ReadFile("../../docs/emulate.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(document), "```yaml\n")
	rules, _, _ := strings.Cut(rest, "```")
	if found, err := faultinject.Parse("emulate.md", []byte(rules)); err != nil || len(found) < 8 {
		t.Errorf("%d rules, %v", len(found), err)
	}
}
