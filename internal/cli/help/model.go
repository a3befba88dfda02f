// Package help describes the commands of the program: by --help, and by trueup help with topics that
// concern many commands. All of it derives from kong's model of the command line, a table of
// examples and the texts of the topics.
package help

import (
	"cmp"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// Path returns the words of a command, such as "action list". It is empty for the program.
func Path(n *kong.Node) string {
	var names []string
	for ; n != nil && n.Type == kong.CommandNode; n = n.Parent {
		names = append(names, n.Name)
	}
	slices.Reverse(names)
	return strings.Join(names, " ")
}

// Name returns the words of a command with the name of the program before them.
func Name(app *kong.Application, n *kong.Node) string {
	return strings.TrimSpace(app.Name + " " + Path(n))
}

// Commands returns the commands that can be run, in order of their names.
func Commands(app *kong.Application) []*kong.Node {
	commands := app.Leaves(true)
	slices.SortFunc(commands, func(a, b *kong.Node) int { return cmp.Compare(Path(a), Path(b)) })
	return commands
}

// Child returns the command with a name or an alias below a node, or nil.
func Child(n *kong.Node, name string) *kong.Node {
	for _, child := range n.Children {
		if child.Name == name || slices.Contains(child.Aliases, name) {
			return child
		}
	}
	return nil
}

// Find returns the command that the words name, and the words that name none.
func Find(app *kong.Application, words []string) (*kong.Node, []string) {
	n := app.Node
	for len(words) > 0 {
		child := Child(n, words[0])
		if child == nil {
			break
		}
		n, words = child, words[1:]
	}
	return n, words
}

// Usage returns a command with the arguments and the flags that it needs.
func Usage(app *kong.Application, n *kong.Node) string {
	words := []string{Name(app, n)}
	if required := n.FlagSummary(true); required != "" {
		words = append(words, required)
	}
	if len(n.Children) > 0 {
		words = append(words, "<command>")
	}
	for _, arg := range n.Positional {
		words = append(words, arg.Summary())
	}
	return strings.Join(append(words, "[flags]"), " ")
}

// CommandGroup is a group of the program's commands.
type CommandGroup struct {
	Title    string
	Commands []*kong.Node
}

// Groups returns the visible commands of the program by the group that the tag group names, in the
// order of the model.
func Groups(app *kong.Application) []CommandGroup {
	var groups []CommandGroup
	for _, n := range app.Children {
		if n.Hidden {
			continue
		}
		title := ""
		if n.Group != nil {
			title = n.Group.Key
		}
		i := slices.IndexFunc(groups, func(g CommandGroup) bool { return g.Title == title })
		if i < 0 {
			i, groups = len(groups), append(groups, CommandGroup{Title: title})
		}
		groups[i].Commands = append(groups[i].Commands, n)
	}
	return groups
}

// FlagSection is a part of the flags of a command.
type FlagSection struct {
	Title string
	Flags []*kong.Flag
}

// Titles of the flags that select a ledger or a server, and of those that all commands have.
const (
	TargetFlags  = "Target flags"
	GeneralFlags = "General flags"
)

// sections are the titles of the flags by the group that the tag group names, in their order.
var sections = []struct{ group, title string }{
	{"", "Flags"}, {"output", "Output flags"}, {"target", TargetFlags},
}

// Flags returns the visible flags of a command: its own before those that say how it prints and
// which ledger or server it uses, and those of the program last.
func Flags(app *kong.Application, n *kong.Node) []FlagSection {
	var own []*kong.Flag
	for ; n != nil && n.Type == kong.CommandNode; n = n.Parent {
		own = append(own, n.Flags...)
	}
	var found []FlagSection
	add := func(title string, flags []*kong.Flag, in func(*kong.Flag) bool) {
		s := FlagSection{Title: title}
		for _, f := range flags {
			if !f.Hidden && in(f) {
				s.Flags = append(s.Flags, f)
			}
		}
		if len(s.Flags) > 0 {
			found = append(found, s)
		}
	}
	for _, s := range sections {
		add(s.title, own, func(f *kong.Flag) bool {
			return s.group == "" && f.Group == nil || f.Group != nil && f.Group.Key == s.group
		})
	}
	add(GeneralFlags, app.Flags, func(*kong.Flag) bool { return true })
	return found
}

// FlagName returns a flag with its short form and its value, such as "-o, --output=FORMAT".
func FlagName(f *kong.Flag) string {
	name := f.Summary()
	if f.IsCounter() {
		name = "--" + f.Name
	}
	if f.Short != 0 {
		name = "-" + string(f.Short) + ", " + name
	}
	return name
}

// Description returns the sentence of a flag or an argument, with its environment variable.
func Description(v *kong.Value) string { return kong.DefaultHelpValueFormatter(v) }
