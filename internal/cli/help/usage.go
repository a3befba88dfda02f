package help

import (
	"errors"
	"fmt"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/trueup-ledger/trueup/internal/spelling"
)

// synonyms are verbs of other programs, with those that this program has for them.
var synonyms = map[string][]string{
	"add": {"create", "record"}, "cancel": {"reverse"}, "change": {"modify"}, "delete": {"reverse", "disable"}, "describe": {"get"},
	"edit": {"modify"}, "find": {"list"}, "history": {"updates"}, "ls": {"list"}, "new": {"create"}, "refund": {"return"},
	"remove": {"reverse", "disable"}, "revert": {"undo"}, "revoke": {"disable"}, "search": {"list"}, "show": {"get"}, "update": {"modify"},
	"view": {"get"}, "wait": {"watch"},
}

// UsageError returns the message of a wrong command line, and the command whose help has the right
// one. The message names the nearest command or flag.
func UsageError(app *kong.Application, err error) (message, command string) {
	n := app.Node
	if parse := (*kong.ParseError)(nil); errors.As(err, &parse) {
		if selected := parse.Context.Selected(); selected != nil {
			n = selected
		}
	}
	message = strings.ReplaceAll(err.Error(), `","`, `", "`)
	if !strings.Contains(message, "did you mean") {
		if near := nearest(app, n, message); near != "" {
			message += fmt.Sprintf(", did you mean %q?", near)
		}
	}
	return message, Name(app, n)
}

// nearest returns what a command line that kong refuses with a message probably means, or "".
func nearest(app *kong.Application, n *kong.Node, message string) string {
	if word, is := strings.CutPrefix(message, "unexpected argument "); is && len(n.Children) > 0 {
		if near := nearestCommand(app, strings.TrimSpace(Path(n)+" "+word)); near != "" {
			return Name(app, app.Node) + " " + near
		}
	}
	if flag, is := strings.CutPrefix(message, "unknown flag --"); is {
		var names []string
		for _, s := range Flags(app, n) {
			for _, f := range s.Flags {
				names = append(names, f.Name)
			}
		}
		if near := spelling.Nearest(flag, names); near != "" {
			return "--" + near
		}
	}
	return ""
}

// nearestCommand returns the command that words probably mean: that with the nearest spelling, with
// a verb that means the same, or the first one with the last word as its verb. Or it returns "".
func nearestCommand(app *kong.Application, words string) string {
	var paths []string
	for _, n := range Commands(app) {
		paths = append(paths, Path(n))
	}
	if near := spelling.Nearest(words, paths); near != "" {
		return near
	}
	noun, verb := "", words
	if i := strings.LastIndexByte(words, ' '); i >= 0 {
		noun, verb = words[:i+1], words[i+1:]
	}
	for _, other := range append([]string{verb, strings.TrimSuffix(verb, "s")}, synonyms[verb]...) {
		for _, path := range paths {
			if path == noun+other || noun == "" && strings.HasSuffix(path, " "+other) {
				return path
			}
		}
	}
	return ""
}
