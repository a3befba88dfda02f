package column_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
)

type item struct {
	number  int64
	name    string
	created time.Time
	removed time.Time
	shown   bool
	order   string
}

var (
	name  = column.String("name", func(i *item) *string { return &i.name })
	shown = column.Bool("shown", func(i *item) *bool { return &i.shown })
	table = column.Table[item]{
		Name: "items", Outer: []string{"parent"},
		Key: []column.Column[item]{column.Int("number", func(i *item) *int64 { return &i.number })},
		Columns: []column.Column[item]{
			name, shown,
			column.Time("created", func(i *item) *time.Time { return &i.created }),
			column.NullTime("removed", func(i *item) *time.Time { return &i.removed }),
		},
		Joined: []column.Column[item]{column.String("o.id", func(i *item) *string { return &i.order })},
	}
)

func TestStatementsDeriveFromTheColumns(t *testing.T) {
	insert, update := table.Insert(), table.Update(shown)
	i := item{number: 7, name: "a", created: time.UnixMicro(5), shown: true}
	for what, diff := range map[string]string{
		"select list":             cmp.Diff("i.number, i.name, i.shown, i.created, i.removed, o.id", table.List("i")),
		"list of an outer join":   cmp.Diff("coalesce(i.number, 0), coalesce(i.name, ''), coalesce(i.shown, 0), i.created, i.removed, o.id", table.OuterList("i")),
		"arguments of an insert":  cmp.Diff([]any{int64(1), int64(2), int64(7), "a", int64(1), int64(5), nil}, insert.Row(&i, int64(1), int64(2))),
		"arguments of an update":  cmp.Diff([]any{int64(1), int64(2), int64(7), int64(1)}, update.Row(&i, int64(1), int64(2))),
		"number of scan targets":  cmp.Diff(6, len(table.Dest(&i))),
		"scan target of a column": cmp.Diff(any(&i.name), table.Dest(&i)[1]),
	} {
		if diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
}
