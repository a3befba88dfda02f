package help

import (
	_ "embed"
	"strings"

	"github.com/alecthomas/kong"
)

// examples has a line for each example of a command.
//
//go:embed examples.txt
var examples string

// Examples returns the examples of a command.
func Examples(app *kong.Application, n *kong.Node) (lines []string) {
	for line := range strings.Lines(examples) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if found, _ := Find(app, words[1:]); found == n {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}
