package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/trueup-ledger/trueup/internal/settings"
)

// settingsOfServe returns the settings, and the flags of serve that are none.
func settingsOfServe(t *testing.T) (list []*kong.Flag, others []string) {
	t.Helper()
	var c commands
	app := newParser(&c, settings.New(serveName)).Model
	list = settings.Flags(app, serveName)
	for _, node := range app.Children {
		if node.Name != serveName {
			continue
		}
		names := make(map[string]bool)
		for _, flag := range list {
			names[flag.Name] = true
		}
		for _, flag := range node.Flags {
			if !names[flag.Name] {
				others = append(others, flag.Name)
			}
		}
	}
	return list, others
}

func TestEveryFlagOfServeIsASetting(t *testing.T) {
	list, others := settingsOfServe(t)
	// The clock is accepted once, by someone who has looked at it.
	if got := strings.Join(others, " "); got != "accept-clock" {
		t.Errorf("these flags of serve have no environment variable: %s", got)
	}
	for _, flag := range list {
		if len(flag.Envs) != 1 {
			t.Errorf("--%s has the environment variables %q, want one", flag.Name, flag.Envs)
		}
	}
}

func TestTheDocumentationListsEverySetting(t *testing.T) {
	list, _ := settingsOfServe(t)
	var table strings.Builder
	table.WriteString("| key | environment | flag | |\n| --- | --- | --- | --- |\n")
	for _, flag := range list {
		key, variable := "`"+settings.Key(flag)+"`", "`"+flag.Envs[0]+"`"
		if settings.IsSecret(flag) {
			key += fmt.Sprintf(", `%s_file`", settings.Key(flag))
			variable += fmt.Sprintf(", `%s_FILE`", flag.Envs[0])
		}
		fmt.Fprintf(&table, "| %s | %s | `--%s` | %s |\n", key, variable, flag.Name, flag.Help)
	}
	text, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), table.String()) {
		t.Errorf("docs/configuration.md must contain\n%s", table.String())
	}
}

func TestTheExampleOfAConfigurationIsValid(t *testing.T) {
	text, err := os.ReadFile("../../deploy/trueup.yaml")
	if err != nil {
		t.Fatal(err)
	}
	list, _ := settingsOfServe(t)
	known := make(map[string]bool)
	for _, flag := range list {
		known[settings.Key(flag)] = true
		known[settings.Key(flag)+"_file"] = settings.IsSecret(flag)
	}
	found := 0
	for line := range strings.Lines(string(text)) {
		key, _, is := strings.Cut(strings.TrimPrefix(line, "# "), ": ")
		if !is || strings.Contains(key, " ") {
			continue
		}
		if found++; !known[key] {
			t.Errorf("deploy/trueup.yaml has the unknown setting %q", key)
		}
	}
	if found < 8 {
		t.Errorf("deploy/trueup.yaml has %d settings", found)
	}
}
