package main_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	main "github.com/trueup-ledger/trueup/cmd/trueup"
	"github.com/trueup-ledger/trueup/internal/cli/help"
)

const (
	referenceFile = "../../docs/cli.md"
	// writeVariable makes the test write the file.
	writeVariable = "TRUEUP_TEST_WRITE"
)

func TestTheReferenceOfCommandsIsCurrent(t *testing.T) {
	want := reference(main.Parser().Model)
	if os.Getenv(writeVariable) != "" {
		if err := os.WriteFile(referenceFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(referenceFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("docs/cli.md is stale: run %s=1 go test ./cmd/trueup -run %s", writeVariable, t.Name())
	}
}

// reference returns the text of docs/cli.md.
func reference(app *kong.Application) string {
	var b strings.Builder
	b.WriteString(`# Command line

<!-- Written by a test (cmd/trueup/reference_test.go) from the declarations of the commands. -->

Commands are a noun and a verb: ` + "`trueup action list`" + `. ` + "`trueup --help`" + ` lists them on one screen, and
` + "`trueup help TOPIC`" + ` prints the topics of this page. Each command has the same flags for the same things.

Shells complete commands, flags and ids after one of these lines, which may also be in the shell's
startup file. ` + "`trueup man DIR`" + ` writes manual pages.

    source <(trueup completion bash)
    source <(trueup completion zsh)
    trueup completion fish | source
`)
	for _, topic := range help.Topics(app) {
		fmt.Fprintf(&b, "\n## %s\n\n%s", topic.Title, topic.Text)
	}
	for _, g := range help.Groups(app) {
		fmt.Fprintf(&b, "\n## Commands: %s\n", g.Title)
		for _, n := range g.Commands {
			for _, command := range append([]*kong.Node{n}, n.Children...) {
				if command.Leaf() && !command.Hidden {
					describe(&b, app, command)
				}
			}
		}
	}
	return b.String()
}

// describe writes a command. Flags that select the ledger or server are named only: a topic
// describes them.
func describe(b *strings.Builder, app *kong.Application, n *kong.Node) {
	fmt.Fprintf(b, "\n### %s\n\n%s\n\n    %s\n", help.Name(app, n), n.Help, help.Usage(app, n))
	var rows, targets []string
	row := func(name string, v *kong.Value) {
		rows = append(rows, fmt.Sprintf("| `%s` | %s |", escapeCell(name), escapeCell(help.Description(v))))
	}
	for _, arg := range n.Positional {
		row(arg.Summary(), arg)
	}
	for _, s := range help.Flags(app, n) {
		for _, f := range s.Flags {
			switch s.Title {
			case help.TargetFlags:
				targets = append(targets, "`--"+f.Name+"`")
			case help.GeneralFlags:
			default:
				row(help.FlagName(f), f.Value)
			}
		}
	}
	if len(rows) > 0 {
		fmt.Fprintf(b, "\n| | |\n| --- | --- |\n%s\n", strings.Join(rows, "\n"))
	}
	if len(targets) > 0 {
		fmt.Fprintf(b, "\nTarget: %s.\n", strings.Join(targets, ", "))
	}
	if examples := help.Examples(app, n); len(examples) > 0 {
		fmt.Fprintf(b, "\nExamples:\n\n    %s\n", strings.Join(examples, "\n    "))
	}
}

// escapeCell returns a text for a cell of a table.
func escapeCell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
