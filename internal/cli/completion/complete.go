// Package completion completes command lines in bash, zsh and fish: commands, flags and values from
// kong's model, and ids from the ledger or the server that the command line selects.
package completion

import (
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/trueup-ledger/trueup/internal/cli/help"
)

// candidate is a text that may complete a word, with a description.
type candidate struct{ text, description string }

// line is a command line of which the last word is incomplete.
type line struct {
	app *kong.Application
	// node is the command that the words before the last one select, with its arguments.
	node      *kong.Node
	arguments []string
	// flag is the one whose value comes next, or nil.
	flag *kong.Flag
	// onlyArguments reports whether -- was read.
	onlyArguments bool
	// target has the flags that select a ledger or a server.
	target []string
}

// targetFlags are the flags that select a ledger or a server.
var targetFlags = []string{"data", "store", "url", "profile", "account"}

// read reads the words before the last one.
func (l *line) read(words []string) {
	for _, word := range words {
		switch {
		case l.flag != nil:
			l.set(l.flag, word)
			l.flag = nil
		case l.onlyArguments || len(word) < 2 || word[0] != '-':
			l.readArgument(word)
		case word == "--":
			l.onlyArguments = true
		default:
			name, value, has := strings.Cut(word, "=")
			f := l.find(name)
			switch {
			case f == nil || f.IsBool() || f.IsCounter():
			case has:
				l.set(f, value)
			default:
				l.flag = f
			}
		}
	}
}

// readArgument reads a word that is a command or an argument.
func (l *line) readArgument(word string) {
	child := help.Child(l.node, word)
	switch {
	case child != nil && len(l.arguments) == 0:
		l.node = child
		return
	case l.node.DefaultCmd != nil:
		l.node = l.node.DefaultCmd
	}
	l.arguments = append(l.arguments, word)
}

// find returns the flag with a name such as --output or -o, or nil.
func (l *line) find(name string) *kong.Flag {
	for _, f := range l.flags() {
		if name == "--"+f.Name || f.Short != 0 && name == "-"+string(f.Short) {
			return f
		}
	}
	return nil
}

// flags returns the visible flags of the command.
func (l *line) flags() (flags []*kong.Flag) {
	n := l.node
	if n.DefaultCmd != nil {
		n = n.DefaultCmd
	}
	for _, s := range help.Flags(l.app, n) {
		flags = append(flags, s.Flags...)
	}
	return flags
}

// set sets a flag to a value.
func (l *line) set(f *kong.Flag, value string) {
	if slices.Contains(targetFlags, f.Name) {
		l.target = append(l.target, "--"+f.Name+"="+value)
	}
}

// value returns the flag or the argument whose value the last word begins, and the part of the word
// that is before the value. It returns nil for a flag, a command and a word too many.
func (l *line) value(word string) (v *kong.Value, before string) {
	if l.flag != nil {
		return l.flag.Value, ""
	}
	if strings.HasPrefix(word, "-") && !l.onlyArguments {
		if name, _, has := strings.Cut(word, "="); has {
			if f := l.find(name); f != nil {
				return f.Value, name + "="
			}
		}
		return nil, ""
	}
	n := l.node
	if n.DefaultCmd != nil {
		n = n.DefaultCmd
	}
	i, last := len(l.arguments), len(n.Positional)-1
	switch {
	case i <= last:
		return n.Positional[i], ""
	case last >= 0 && n.Positional[last].IsCumulative():
		return n.Positional[last], ""
	}
	return nil, ""
}

// words returns the commands or the flags that the last word may be.
func (l *line) words(word string) (found []candidate) {
	if strings.HasPrefix(word, "-") && !l.onlyArguments {
		for _, f := range l.flags() {
			found = append(found, candidate{"--" + f.Name, f.Help})
		}
		return found
	}
	if l.flag != nil || len(l.arguments) > 0 {
		return nil
	}
	for _, child := range l.node.Children {
		if !child.Hidden {
			found = append(found, candidate{child.Name, child.Help})
		}
	}
	return found
}

// split returns the words before the last one, and the last one. Bash passes an = between a flag and
// its value as a word of its own.
func split(words []string) (before []string, last string) {
	if len(words) == 0 {
		return nil, ""
	}
	if words[len(words)-1] == "=" {
		words = append(slices.Clone(words), "")
	}
	before, last = words[:len(words)-1], words[len(words)-1]
	for i, word := range before {
		if word == "=" && i > 0 && strings.HasPrefix(before[i-1], "--") {
			before = slices.Delete(slices.Clone(before), i, i+1)
			return split(append(before, last))
		}
	}
	return before, last
}
