// Package command has the commands that use the protocol: of a server, or of a ledger on this
// machine. Each is a struct with the flags of the command and a method Do.
package command

import (
	"context"
	"encoding/json"
	"iter"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/cli/render"
)

// listing are the flags of lists.
type listing struct {
	Output  render.Format `group:"output" short:"o" enum:"table,json,jsonl,csv,yaml" default:"table" placeholder:"FORMAT" help:"Format: ${enum} (default: ${default})."`
	Columns []string      `group:"output" placeholder:"FIELD" help:"Columns of a table or of CSV, separated by commas: fields of the objects in JSON."`
	Limit   int           `group:"output" default:"100" placeholder:"N" help:"Maximum number; 0 for all (default: ${default})."`
}

// showing are the flags of commands that show an object.
type showing struct {
	Output  render.Format `group:"output" short:"o" enum:"table,json,jsonl,csv,yaml" default:"table" placeholder:"FORMAT" help:"Format: ${enum} (default: ${default})."`
	Columns []string      `group:"output" placeholder:"FIELD" help:"Rows of the table, or columns of CSV, separated by commas: fields of the object in JSON."`
}

// collection is a list of the protocol.
type collection struct {
	// path is below the account, and key is the name of the array in the response.
	path, key string
	columns   []render.Column
	// hint is added to the note that nothing matches.
	hint string
	// prepare changes an object before it is printed, unless it is nil.
	prepare func(json.RawMessage) (json.RawMessage, error)
}

// list prints the objects of a collection that match.
func (l listing) list(ctx context.Context, s *cli.Session, c collection, filter url.Values) error {
	if l.Limit < 0 {
		return cli.Usage("--limit %d: must be at least 0", l.Limit)
	}
	columns, err := choose(l.Output, l.Columns, c.columns)
	if err != nil {
		return err
	}
	if filter == nil {
		filter = url.Values{}
	}
	filter.Set("PageSize", strconv.Itoa(l.pageSize()))
	objects := c.prepared(s.Client.Collection(ctx, c.path, c.key, filter))
	more, empty := false, true
	limited := func(yield func(json.RawMessage, error) bool) {
		n := 0
		for object, err := range objects {
			if n == 0 && err == nil {
				err = checkColumns(object, l.Columns)
			}
			if more = l.Limit > 0 && n == l.Limit && err == nil; more || !yield(object, err) {
				return
			}
			n++
			empty = false
		}
	}
	if err := render.List(s.Out, l.Output, s.Terminal, limited, columns); err != nil {
		return err
	}
	switch {
	case more:
		s.Notef("There are more: raise --limit, or use --limit 0 for all.\n")
	case empty && l.Output == render.Table:
		s.Notef("Nothing matches.%s\n", c.hint)
	}
	return nil
}

// prepared returns the objects as they are printed.
func (c collection) prepared(objects iter.Seq2[json.RawMessage, error]) iter.Seq2[json.RawMessage, error] {
	if c.prepare == nil {
		return objects
	}
	return func(yield func(json.RawMessage, error) bool) {
		for object, err := range objects {
			if err == nil {
				object, err = c.prepare(object)
			}
			if !yield(object, err) {
				return
			}
		}
	}
}

// maxPage is the largest page of a list. A small one is printed soon and needs little memory.
const maxPage = 1000

// pageSize returns the size of a page that has one object more than the limit, to see whether there
// are more.
func (l listing) pageSize() int {
	if l.Limit == 0 || l.Limit >= maxPage {
		return maxPage
	}
	return l.Limit + 1
}

// choose returns the columns of a flag, or the usual ones without it.
func choose(f render.Format, names []string, usual []render.Column) ([]render.Column, error) {
	if len(names) == 0 {
		return usual, nil
	}
	if f != render.Table && f != render.CSV {
		return nil, cli.Usage("--columns is for -o table and -o csv: %s has all fields", f)
	}
	return render.Columns(names...), nil
}

// checkColumns returns an error if a column of a flag is misspelled.
func checkColumns(object json.RawMessage, names []string) error {
	if err := render.CheckColumns(object, render.Columns(names...)); err != nil {
		return cli.Usage("--columns: %w", err)
	}
	return nil
}

// show prints the object at a path below the account.
func (f showing) show(ctx context.Context, s *cli.Session, path string, columns []render.Column) error {
	object, err := s.Client.Object(ctx, path, nil)
	if err != nil {
		return err
	}
	return f.print(s, object, columns)
}

// print prints an object.
func (f showing) print(s *cli.Session, object json.RawMessage, columns []render.Column) error {
	columns, err := choose(f.Output, f.Columns, columns)
	if err != nil {
		return err
	}
	if err := checkColumns(object, f.Columns); err != nil {
		return err
	}
	return render.Object(s.Out, f.Output, s.Terminal, object, columns)
}

// segments joins the segments of a path and escapes them.
func segments(names ...string) string {
	var b strings.Builder
	for _, name := range names {
		b.WriteString("/" + url.PathEscape(name))
	}
	return b.String()
}

// parameters are the parameters of a request. Set leaves out what is zero.
type parameters url.Values

// set sets a parameter to a value, unless the value is zero.
func (p parameters) set(name string, value any) {
	switch v := value.(type) {
	case string:
		if v != "" {
			p[name] = []string{v}
		}
	case int64:
		if v != 0 {
			p[name] = []string{strconv.FormatInt(v, 10)}
		}
	case time.Time:
		if !v.IsZero() {
			p[name] = []string{v.Format(time.RFC3339)}
		}
	}
}
