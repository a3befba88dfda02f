package help

import (
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/trueup-ledger/trueup/internal/cli"
)

// Print prints the help of the selected command, or the overview of the program. It is a
// [kong.HelpPrinter].
func Print(_ kong.HelpOptions, ctx *kong.Context) error {
	n := ctx.Selected()
	if n == nil {
		n = ctx.Model.Node
	}
	return printNode(ctx.Stdout, ctx.Model, n)
}

// printNode prints the help of a command or of the program.
func printNode(w io.Writer, app *kong.Application, n *kong.Node) error {
	text := overview(app)
	if n.Type == kong.CommandNode {
		text = describe(app, n, width(w))
	}
	_, err := io.WriteString(w, text)
	return err
}

// overview returns the help of the program, which fits a screen of 80 columns and 24 lines.
func overview(app *kong.Application) string {
	var rows []row
	for _, g := range Groups(app) {
		names := make([]string, len(g.Commands))
		for i, n := range g.Commands {
			names[i] = n.Name
		}
		rows = append(rows, row{g.Title, strings.Join(names, ", ")})
	}
	codes := make([]string, len(cli.ExitCodes))
	for i, c := range cli.ExitCodes {
		codes[i] = fmt.Sprintf("%d\u00a0%s", c.Code, strings.ReplaceAll(c.Name, " ", "\u00a0"))
	}
	exit := columns([]row{{"Exit codes:", strings.Join(codes, ", ")}}, 0, defaultWidth)
	return fmt.Sprintf(`Usage: %[1]s <command> [flags]

%[2]s

%[3]s
Start with "%[1]s demo", and in a second terminal "%[1]s help returns".

%[4]s
%[5]s`, app.Name, app.Help, columns(rows, 2, defaultWidth), columns([]row{
		{app.Name + " help commands", "list every command with a sentence"},
		{app.Name + " help topics", "list topics, such as dates, output, targets"},
		{app.Name + " <command> --help", "show its arguments, flags and examples"},
	}, 2, defaultWidth), strings.ReplaceAll(exit, "\u00a0", " "))
}

// describe returns the help of a command.
func describe(app *kong.Application, n *kong.Node, width int) string {
	var b strings.Builder
	usage := wrap(Usage(app, n), width-len("Usage: "))
	fmt.Fprintf(&b, "Usage: %s\n\n%s\n", strings.Join(usage, "\n       "), strings.Join(wrap(n.Help, width), "\n"))
	section := func(title string, rows []row) {
		if len(rows) > 0 {
			fmt.Fprintf(&b, "\n%s:\n%s", title, columns(rows, 2, width))
		}
	}
	section("Commands", commandRows(app, n))
	var arguments []row
	for _, arg := range n.Positional {
		arguments = append(arguments, row{arg.Summary(), Description(arg)})
	}
	section("Arguments", arguments)
	for _, s := range Flags(app, n) {
		rows := make([]row, len(s.Flags))
		for i, f := range s.Flags {
			rows[i] = row{FlagName(f), Description(f.Value)}
			if f.Short == 0 {
				rows[i].name = "    " + rows[i].name
			}
		}
		section(s.Title, rows)
	}
	if examples := Examples(app, n); len(examples) > 0 {
		fmt.Fprintf(&b, "\nExamples:\n  %s\n", strings.Join(examples, "\n  "))
	}
	return b.String()
}

// commandRows returns the commands below a node with their sentences.
func commandRows(app *kong.Application, n *kong.Node) (rows []row) {
	for _, child := range n.Children {
		if !child.Hidden {
			rows = append(rows, row{Name(app, child), child.Help})
		}
	}
	return rows
}
