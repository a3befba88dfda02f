// Package manual writes the manual pages of the program from kong's model, the examples and the
// topics of its help.
package manual

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/cli/help"
	"github.com/trueup-ledger/trueup/internal/output"
)

// Command is the command man.
type Command struct {
	Folder string `arg:"" type:"path" help:"Folder for the pages; it is created."`
}

// Run writes a page for the program and one for each command.
func (c Command) Run(k *kong.Context, s cli.Streams) error {
	if err := os.MkdirAll(c.Folder, 0o755); err != nil { //nolint:gosec // everybody may read the manual
		return err
	}
	pages := append([]*kong.Node{k.Model.Node}, help.Commands(k.Model)...)
	for _, n := range pages {
		name := filepath.Join(c.Folder, pageName(k.Model, n)+".1")
		err := output.File(name, func(w io.Writer) error {
			_, err := io.WriteString(w, page(k.Model, n))
			return err
		})
		if err == nil {
			err = os.Chmod(name, 0o644) //nolint:gosec // everybody may read the manual
		}
		if err != nil {
			return err
		}
	}
	s.Printf("Wrote %d pages to %s.\n", len(pages), c.Folder)
	return nil
}

// pageName returns the name of the page of a command, such as trueup-action-list.
func pageName(app *kong.Application, n *kong.Node) string {
	return strings.ReplaceAll(help.Name(app, n), " ", "-")
}

// page returns the page of a command, or that of the program.
func page(app *kong.Application, n *kong.Node) string {
	p := &roff{}
	name := pageName(app, n)
	p.printf(".TH %s 1 \"\" trueup Trueup\n.nh\n", quote(strings.ToUpper(name))) // without a date: pages are reproducible
	p.section("NAME")
	p.printf("%s \\- %s\n", escape(name), escape(strings.TrimSuffix(n.Help, ".")))
	p.section("SYNOPSIS")
	p.printf(".B %s\n", quote(help.Usage(app, n)))
	if n.Type != kong.CommandNode {
		program(p, app)
		return p.String()
	}
	p.section("DESCRIPTION")
	p.text(n.Help)
	if len(n.Positional) > 0 {
		p.section("ARGUMENTS")
	}
	for _, arg := range n.Positional {
		p.tagged(arg.Summary(), help.Description(arg))
	}
	for _, s := range help.Flags(app, n) {
		p.section(strings.ToUpper(s.Title))
		for _, f := range s.Flags {
			p.tagged(help.FlagName(f), help.Description(f.Value))
		}
	}
	if examples := help.Examples(app, n); len(examples) > 0 {
		p.section("EXAMPLES")
		p.block(strings.Join(examples, "\n"))
	}
	p.section("EXIT STATUS")
	for _, c := range cli.ExitCodes {
		p.tagged(fmt.Sprint(c.Code), c.Name+": "+c.Text)
	}
	p.section("SEE ALSO")
	p.printf(".BR %s (1)\n", quote(app.Name))
	return p.String()
}

// program writes the commands and the topics.
func program(p *roff, app *kong.Application) {
	p.section("DESCRIPTION")
	p.text(app.Help)
	p.section("COMMANDS")
	for _, n := range help.Commands(app) {
		p.printf(".TP\n.BR %s (1)\n", quote(pageName(app, n)))
		p.text(n.Help)
	}
	for _, t := range help.Topics(app) {
		p.section(strings.ToUpper(t.Title))
		for paragraph := range strings.SplitSeq(strings.TrimSpace(t.Text), "\n\n") {
			if block, is := strings.CutPrefix("\n"+paragraph, "\n    "); is {
				p.block(strings.ReplaceAll(block, "\n    ", "\n"))
				continue
			}
			p.printf(".PP\n")
			p.text(paragraph)
		}
	}
}
