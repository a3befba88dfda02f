package cli

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/cli/render"
)

// ListFlags are the flags of lists.
type ListFlags struct {
	Output  render.Format `group:"output" short:"o" enum:"table,json,jsonl,csv,yaml" default:"table" placeholder:"FORMAT" help:"Format: ${enum} (default: ${default})."`
	Columns []string      `group:"output" placeholder:"FIELD" help:"Columns of a table or of CSV, separated by commas: fields of the objects in JSON."`
	Limit   int           `group:"output" default:"100" placeholder:"N" help:"Maximum number; 0 for all (default: ${default})."`
}

// List is a list that a command prints.
type List struct {
	// Objects returns the objects. The requests for them should ask for pages of the given size.
	Objects func(pageSize int) render.Objects
	Columns []render.Column
	// Hint is added to the note that nothing matches.
	Hint string
}

// Print prints a list.
func (f ListFlags) Print(s *Session, l List) error {
	if f.Limit < 0 {
		return Usage("--limit %d: must be at least 0", f.Limit)
	}
	columns, err := chooseColumns(f.Output, f.Columns, l.Columns)
	if err != nil {
		return err
	}
	more, empty := false, true
	limited := func(yield func(json.RawMessage, error) bool) {
		n := 0
		for object, err := range l.Objects(f.pageSize()) {
			if n == 0 && err == nil {
				err = checkColumns(object, f.Columns)
			}
			if more = f.Limit > 0 && n == f.Limit && err == nil; more || !yield(object, err) {
				return
			}
			n++
			empty = false
		}
	}
	if err := render.List(s.Out, f.Output, s.Terminal, limited, columns); err != nil {
		return err
	}
	switch {
	case more:
		s.Notef("There are more: raise --limit, or use --limit 0 for all.\n")
	case empty && f.Output == render.Table:
		s.Notef("Nothing matches.%s\n", l.Hint)
	}
	return nil
}

// MaxPage is the largest page of a list. A small one is printed soon and needs little memory.
const MaxPage = 1000

// pageSize returns the size of a page that has one object more than the limit, to see whether there
// are more.
func (f ListFlags) pageSize() int {
	if f.Limit == 0 || f.Limit >= MaxPage {
		return MaxPage
	}
	return f.Limit + 1
}

// ShowFlags are the flags of commands that show an object.
type ShowFlags struct {
	Output  render.Format `group:"output" short:"o" enum:"table,json,jsonl,csv,yaml" default:"table" placeholder:"FORMAT" help:"Format: ${enum} (default: ${default})."`
	Columns []string      `group:"output" placeholder:"FIELD" help:"Rows of the table, or columns of CSV, separated by commas: fields of the object in JSON."`
}

// Print prints an object.
func (f ShowFlags) Print(s *Session, object json.RawMessage, columns []render.Column) error {
	columns, err := chooseColumns(f.Output, f.Columns, columns)
	if err != nil {
		return err
	}
	if err := checkColumns(object, f.Columns); err != nil {
		return err
	}
	return render.Object(s.Out, f.Output, s.Terminal, object, columns)
}

// chooseColumns returns the columns of a flag, or the usual ones without it.
func chooseColumns(f render.Format, names []string, usual []render.Column) ([]render.Column, error) {
	if len(names) == 0 {
		return usual, nil
	}
	if f != render.Table && f != render.CSV {
		return nil, Usage("--columns is for -o table and -o csv: %s has all fields", f)
	}
	return render.Columns(names...), nil
}

// checkColumns returns an error if a column of a flag is misspelled.
func checkColumns(object json.RawMessage, names []string) error {
	if err := render.CheckColumns(object, render.Columns(names...)); err != nil {
		return Usage("--columns: %w", err)
	}
	return nil
}

// Path joins the segments of a path and escapes them.
func Path(segments ...string) string {
	var b strings.Builder
	for _, name := range segments {
		b.WriteString("/" + url.PathEscape(name))
	}
	return b.String()
}

// Parameters are the parameters of a request.
type Parameters url.Values

// Set sets a parameter to a value, unless the value is zero.
func (p Parameters) Set(name string, value any) {
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
