package help

import (
	"embed"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/settings"
)

// topicFiles has a Markdown file for each topic, with a heading and lines that fit a terminal.
// Indented blocks are tables and commands.
//
//go:embed topics/*.md
var topicFiles embed.FS

// Topic is a text about something that concerns many commands.
type Topic struct {
	Name, Title string
	// Text has the paragraphs, in lines of at most 80 columns.
	Text string
}

// Topics returns the topics in order of their names.
func Topics(app *kong.Application) []Topic {
	files, err := topicFiles.ReadDir("topics")
	if err != nil {
		panic(err) // the files are part of the program
	}
	tables := strings.NewReplacer("    {exit-codes}\n", exitCodes(), "    {environment}\n", environment(app))
	topics := make([]Topic, len(files))
	for i, file := range files {
		content, err := topicFiles.ReadFile(path.Join("topics", file.Name()))
		if err != nil {
			panic(err)
		}
		title, text, _ := strings.Cut(string(content), "\n\n")
		topics[i] = Topic{strings.TrimSuffix(file.Name(), ".md"), strings.TrimPrefix(title, "# "), tables.Replace(text)}
	}
	return topics
}

// exitCodes returns a table of the exit codes.
func exitCodes() string {
	rows := make([]row, len(cli.ExitCodes))
	for i, c := range cli.ExitCodes {
		rows[i] = row{fmt.Sprint(c.Code), c.Name + ": " + c.Text}
	}
	return columns(rows, topicIndent, defaultWidth)
}

// topicIndent is the indent of blocks in topics.
const topicIndent = 4

// environment returns a table of the variables that flags declare.
func environment(app *kong.Application) string {
	var rows []row
	add := func(flags []*kong.Flag) {
		for _, f := range flags {
			for _, name := range f.Envs {
				if slices.ContainsFunc(rows, func(r row) bool { return r.name == name }) {
					continue
				}
				rows = append(rows, row{name, fmt.Sprintf("--%s: %s", f.Name, f.Help)})
				if settings.IsSecret(f) {
					rows = append(rows, row{name + "_FILE", "file with the value of " + name})
				}
			}
		}
	}
	add(app.Flags)
	for _, n := range app.Leaves(true) { // serve is the first one, whose descriptions count
		add(n.Flags)
	}
	slices.SortFunc(rows, func(a, b row) int { return strings.Compare(a.name, b.name) })
	return columns(rows, topicIndent, defaultWidth)
}

// printTopic prints a topic.
func printTopic(w io.Writer, t Topic) error {
	_, err := fmt.Fprintf(w, "%s\n\n%s", t.Title, t.Text)
	return err
}
