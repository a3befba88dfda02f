package operate

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/cli/render"
)

// listing are the flags of lists.
type listing struct{ cli.ListFlags }

// collection is a list of the admin API.
type collection struct {
	// path is that of the list, and key the name of the array in the response.
	path, key string
	columns   []render.Column
	// whole reports whether the list has a single page, and exact whether its pages have as many
	// objects as the limit says.
	whole, exact bool
}

// list prints the objects of a collection that match a query.
func (l listing) list(ctx context.Context, s *cli.Session, c collection, query cli.Parameters) error {
	return l.Print(s, cli.List{Columns: c.columns, Objects: func(pageSize int) render.Objects {
		switch {
		case c.exact:
			query.Set("limit", int64(l.Limit))
		case !c.whole:
			query.Set("limit", int64(pageSize))
		}
		return s.Admin.Collection(ctx, c.path, c.key, url.Values(query))
	}})
}

// path returns the path of an object of the account.
func path(s *cli.Session, segments ...string) string {
	return cli.Path(append([]string{"accounts", strconv.Itoa(s.Account)}, segments...)...)
}

// formatted returns columns of which those with the given fields have a format.
func formatted(format func(string) string, columns []render.Column, fields ...string) []render.Column {
	for i, c := range columns {
		for _, field := range fields {
			if c.Field == field {
				columns[i].Format = format
			}
		}
	}
	return columns
}

// dash returns a dash for an empty cell.
func dash(value string) string { return cmp.Or(value, "-") }

// yes returns the cell of a truth value.
func yes(value string) string {
	if value == "true" {
		return "yes"
	}
	return "-"
}

// joined returns the texts of an array with commas between them.
func joined(value string) string {
	var texts []string
	if json.Unmarshal([]byte(value), &texts) != nil {
		return value
	}
	return strings.Join(texts, ",")
}
