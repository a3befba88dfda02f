package bulk

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// rowsOf returns count rows of an account, each with as many values as the other columns.
func rowsOf(account int64, count, columns int) (rows [][]any) {
	for i := range count {
		row := []any{account}
		for range columns {
			row = append(row, int64(i))
		}
		rows = append(rows, row)
	}
	return rows
}

func TestADistributedDatabaseTakesListsOfValues(t *testing.T) {
	insert := Insert("t", "a", "b text").OnConflict("DO NOTHING")
	update := Update("t", 1, "a", "b text")
	for name, test := range map[string]struct {
		statement Statement
		rows      [][]any
		want      []string
	}{
		"one row is inserted by the statement for one": {
			insert,
			[][]any{{int64(1), int64(2), "x"}},
			[]string{"INSERT INTO t (account, a, b) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING [1 2 x]"},
		},
		"several rows share the account": {
			insert,
			[][]any{{int64(1), int64(2), "x"}, {int64(1), int64(3), nil}},
			[]string{"INSERT INTO t (account, a, b) VALUES (?1, ?2, ?3), (?1, ?4, ?5) ON CONFLICT DO NOTHING [1 2 x 3 <nil>]"},
		},
		"rows of two accounts are in two lists": {
			insert,
			[][]any{{int64(1), int64(2), "x"}, {int64(1), int64(3), "y"}, {int64(4), int64(5), "z"}},
			[]string{
				"INSERT INTO t (account, a, b) VALUES (?1, ?2, ?3), (?1, ?4, ?5) ON CONFLICT DO NOTHING [1 2 x 3 y]",
				"INSERT INTO t (account, a, b) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING [4 5 z]",
			},
		},
		"an update names the account and types": {
			update,
			[][]any{{int64(1), int64(2), "x"}, {int64(1), int64(3), "y"}},
			[]string{"UPDATE t SET b = v.b FROM (VALUES (?2::bigint, ?3::text), (?4, ?5)) AS v (a, b) WHERE t.account = ?1 AND t.a = v.a [1 2 x 3 y]"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for text, args := range test.statement.Calls(Form{Arrays: true, Distributed: true}, test.rows) {
				got = append(got, fmt.Sprint(text, " ", args))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

// TestListsOfValuesHaveFewLengths checks the lengths of the lists, and that a statement
// for the most columns that PostgreSQL allows keeps its limit on parameters.
func TestListsOfValuesHaveFewLengths(t *testing.T) {
	wide := make([]string, 1599)
	for i := range wide {
		wide[i] = fmt.Sprintf("c%d", i)
	}
	for name, test := range map[string]struct {
		columns []string
		rows    int
		want    []int
	}{
		"no rows":           {[]string{"a"}, 0, nil},
		"one row":           {[]string{"a"}, 1, []int{1}},
		"a full list":       {[]string{"a"}, 64, []int{64}},
		"powers of two":     {[]string{"a"}, 1000, append(slices.Repeat([]int{64}, 15), 32, 8)},
		"the rest is small": {[]string{"a"}, 67, []int{64, 2, 1}},
		"many columns":      {wide, 64, []int{32, 32}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []int
			for text, args := range Insert("t", test.columns...).Calls(Form{Arrays: true, Distributed: true}, rowsOf(1, test.rows, len(test.columns))) {
				got = append(got, strings.Count(text, "(?1"))
				if len(args) > maxParameters {
					t.Errorf("%d parameters", len(args))
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("lists of %v rows, want %v", got, test.want)
			}
		})
	}
}
