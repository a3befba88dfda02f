package webhook_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/ledger/program"
)

// pythonOfTheGuide returns the Python function in the guide for receivers.
func pythonOfTheGuide(t *testing.T) string {
	t.Helper()
	guide, err := os.ReadFile("../../docs/webhooks.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(guide), "```python\n")
	code, _, found := strings.Cut(rest, "```")
	if !found {
		t.Fatal("the guide has no Python")
	}
	return code
}

// TestThePythonOfTheGuideVerifiesNotifications needs Python, which CI installs.
func TestThePythonOfTheGuideVerifiesNotifications(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("there is no python3")
	}
	code := pythonOfTheGuide(t) + `
import json, sys
call = json.load(sys.stdin)
verify(call["Secret"], call["Headers"], call["Content"].encode())
`
	run := func(secret string, r received, content string) error {
		headers := make(map[string]string)
		for key := range r.header {
			headers[key] = r.header.Get(key)
		}
		input, err := json.Marshal(map[string]any{"Secret": secret, "Headers": headers, "Content": content})
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), python, "-c", code)
		cmd.Stdin = bytes.NewReader(input)
		return cmd.Run()
	}
	h := newHarness(t)
	h.notify(signed["a JSON body"])
	old := h.rotate(0)
	current := h.rotate(time.Hour)
	h.apply(order("O"))
	posted := h.deliverOne()
	h.notify(program.Notification{URL: "/{ActionId}?event={Event}"})
	h.apply(order("P"))
	got := h.deliverOne()
	for name, c := range map[string]struct {
		secret   string
		received received
		content  string
		valid    bool
	}{
		"a body":             {current, posted, posted.body, true},
		"the old secret":     {old, posted, posted.body, true},
		"another body":       {current, posted, posted.body + " ", false},
		"another secret":     {"whsec_AAAA", posted, posted.body, false},
		"a target":           {current, got, got.uri, true},
		"another target":     {current, got, got.uri + "0", false},
		"an event's headers": {current, posted, got.uri, false},
	} {
		if err := run(c.secret, c.received, c.content); (err == nil) != c.valid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
