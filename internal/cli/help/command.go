package help

import (
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/spelling"
)

// Names of the lists that help prints besides topics.
const (
	listCommands = "commands"
	listTopics   = "topics"
)

// Command is the command help.
type Command struct {
	Words []string `arg:"" optional:"" name:"topic" help:"Topic, command, or one of the lists: commands, topics."`
}

// Run prints the help of a command, a topic or a list.
func (c Command) Run(k *kong.Context, s cli.Streams) error {
	app := k.Model
	if len(c.Words) == 1 {
		switch name := c.Words[0]; name {
		case listCommands:
			return printCommands(s.Out, app)
		case listTopics:
			return printTopics(s.Out, app)
		default:
			for _, t := range Topics(app) {
				if t.Name == name {
					return printTopic(s.Out, t)
				}
			}
		}
	}
	n, rest := Find(app, c.Words)
	if len(rest) == 0 {
		return printNode(s.Out, app, n)
	}
	message := fmt.Sprintf("no help about %q", strings.Join(c.Words, " "))
	if near := c.nearest(app); near != "" {
		message += fmt.Sprintf(", did you mean %q", near)
	}
	return cli.Usage("%s; see: %s help topics", message, app.Name)
}

// nearest returns the words with the nearest spelling, or "".
func (c Command) nearest(app *kong.Application) string {
	if len(c.Words) == 1 {
		if near := spelling.Nearest(c.Words[0], Names(app)); near != "" {
			return near
		}
	}
	return nearestCommand(app, strings.Join(c.Words, " "))
}

// Names returns the names of topics and lists.
func Names(app *kong.Application) []string {
	names := []string{listCommands, listTopics}
	for _, t := range Topics(app) {
		names = append(names, t.Name)
	}
	return names
}

// printCommands prints every command with its sentence.
func printCommands(w io.Writer, app *kong.Application) error {
	for i, g := range Groups(app) {
		var rows []row
		for _, n := range g.Commands {
			if n.Leaf() {
				rows = append(rows, row{Name(app, n), n.Help})
			}
			rows = append(rows, commandRows(app, n)...)
		}
		if i > 0 {
			fmt.Fprintln(w)
		}
		if _, err := fmt.Fprintf(w, "%s:\n%s", g.Title, columns(rows, 2, width(w))); err != nil {
			return err
		}
	}
	return nil
}

// printTopics prints the topics with their titles.
func printTopics(w io.Writer, app *kong.Application) error {
	var rows []row
	for _, t := range Topics(app) {
		rows = append(rows, row{app.Name + " help " + t.Name, t.Title})
	}
	_, err := io.WriteString(w, columns(rows, 0, width(w)))
	return err
}
