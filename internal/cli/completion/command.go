package completion

import (
	"bufio"
	"context"
	"embed"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/trueup-ledger/trueup/internal/cli"
)

// scripts has a script for each shell. They run the command [Complete].
//
//go:embed trueup.bash trueup.zsh trueup.fish
var scripts embed.FS

// Command is the command completion.
type Command struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"Shell: bash, zsh or fish."`
}

// Run prints the script.
func (c Command) Run(s cli.Streams) error {
	script, err := scripts.ReadFile("trueup." + c.Shell)
	if err == nil {
		_, err = s.Out.Write(script)
	}
	return err
}

// Complete is the command that the scripts run when a word is completed.
type Complete struct {
	Words []string `arg:"" optional:"" help:"Words after the name of the program."`
}

const (
	// timeout bounds the time for which a shell waits, and maxValues the number of values.
	timeout   = time.Second
	maxValues = 1000
	// files stands for the names of files, which the shell knows itself.
	files = ":files"
)

// Run prints what completes the last word: a text in each line, and a description after a tab. It
// prints no errors, and not all values if a server is slow.
func (c Complete) Run(ctx context.Context, k *kong.Context, s cli.Streams) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	before, word := split(c.Words)
	l := &line{app: k.Model, node: k.Model.Node}
	l.read(before)
	out := bufio.NewWriter(s.Out)
	defer out.Flush() //nolint:errcheck // the shell is gone
	for _, found := range l.words(word) {
		write(out, "", word, found)
	}
	v, prefix := l.value(word)
	if v == nil {
		return nil
	}
	switch v.Tag.Type {
	case "path", "existingfile", "existingdir":
		_, _ = out.WriteString(files + "\n")
		return nil
	}
	l.each(ctx, v, func(found candidate) bool {
		return write(out, prefix, strings.TrimPrefix(word, prefix), found)
	})
	return nil
}

// each calls do with the values of a flag or an argument until ctx is done or do has returned true
// for [maxValues] of them.
func (l *line) each(ctx context.Context, v *kong.Value, do func(candidate) bool) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	values := make(chan candidate)
	go func() {
		defer close(values)
		_ = l.values(ctx, v, func(found candidate) { // an error would be in the middle of a command line
			select {
			case values <- found:
			case <-ctx.Done():
			}
		})
	}()
	for n := 0; n < maxValues; {
		select {
		case found, more := <-values:
			if !more {
				return
			}
			if do(found) {
				n++
			}
		case <-ctx.Done():
			return
		}
	}
}

// write writes a candidate if it begins with the word, and reports whether it does.
func write(out *bufio.Writer, before, word string, c candidate) bool {
	if c.text == "" || !strings.HasPrefix(c.text, word) || strings.ContainsAny(c.text, "\t\n") {
		return false
	}
	text := before + c.text
	if description := strings.Join(strings.Fields(c.description), " "); description != "" {
		text += "\t" + description
	}
	_, _ = out.WriteString(text + "\n")
	return true
}
