// Package command has the commands that use the protocol: of a server, or of a ledger on this
// machine. Each is a struct with the flags of the command and a method Do.
package command

import (
	"context"
	"encoding/json"
	"iter"
	"net/url"
	"strconv"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/cli/render"
)

// listing are the flags of lists.
type listing struct{ cli.ListFlags }

// showing are the flags of commands that show an object.
type showing struct{ cli.ShowFlags }

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
	if filter == nil {
		filter = url.Values{}
	}
	return l.Print(s, cli.List{Columns: c.columns, Hint: c.hint, Objects: func(pageSize int) render.Objects {
		filter.Set("PageSize", strconv.Itoa(pageSize))
		return c.prepared(s.Client.Collection(ctx, c.path, c.key, filter))
	}})
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

// show prints the object at a path below the account.
func (f showing) show(ctx context.Context, s *cli.Session, path string, columns []render.Column) error {
	object, err := s.Client.Object(ctx, path, nil)
	if err != nil {
		return err
	}
	return f.Print(s, object, columns)
}
