package sqldb

import (
	"errors"
	"fmt"
	"slices"
	"testing"
)

func TestBulkStatementsWriteOneRowOrMany(t *testing.T) {
	insertTexts := BulkInsert("texts", "number", "content text").OnConflict("(account, number) DO NOTHING")
	updateTexts := BulkUpdate("texts", 1, "number", "content text")
	moveTexts := BulkUpdateWhere("texts", "UPDATE texts SET number = ?3 WHERE account = ?1 AND number = ?2",
		"number = v.after", "texts.number = v.before", "before", "after")
	onEachDatabase(t, func(t *testing.T, db *DB) {
		for step, test := range []struct {
			statement Bulk
			rows      [][]any
			want      []string
		}{
			{insertTexts, nil, nil},
			{insertTexts, [][]any{{int64(1), int64(1), "a"}}, []string{"1 1 a"}},
			{insertTexts, [][]any{{int64(1), int64(1), "x"}, {int64(1), int64(2), "b"}, {int64(1), int64(3), "c"}}, []string{"1 1 a", "1 2 b", "1 3 c"}},
			{updateTexts, [][]any{{int64(1), int64(1), "d"}, {int64(1), int64(3), "e"}}, []string{"1 1 d", "1 2 b", "1 3 e"}},
			{updateTexts, [][]any{{int64(2), int64(1), "other account"}, {int64(2), int64(2), "other account"}}, []string{"1 1 d", "1 2 b", "1 3 e"}},
			{updateTexts, [][]any{{int64(1), int64(2), "f"}}, []string{"1 1 d", "1 2 f", "1 3 e"}},
			{moveTexts, [][]any{{int64(1), int64(1), int64(4)}, {int64(1), int64(2), int64(5)}}, []string{"1 3 e", "1 4 d", "1 5 f"}},
			{moveTexts, [][]any{{int64(1), int64(3), int64(6)}}, []string{"1 4 d", "1 5 f", "1 6 e"}},
		} {
			if err := db.Write(t.Context(), func(s *Session) error { return s.WriteRows(test.statement, test.rows) }); err != nil {
				t.Fatalf("step %d: %v", step, err)
			}
			if got := texts(t, db); !slices.Equal(got, test.want) {
				t.Errorf("step %d: the rows are %q, want %q", step, got, test.want)
			}
		}
	})
}

func TestADistributedUpdateNamesTheAccount(t *testing.T) {
	update := BulkUpdate("texts", 1, "number", "content text")
	onEachDatabase(t, func(t *testing.T, db *DB) {
		db.Dialect().Distributed = true
		err := db.Write(t.Context(), func(s *Session) error {
			rows := [][]any{{int64(tenant), int64(1), "b"}, {int64(tenant), int64(2), "b"}}
			return errors.Join(insert(1)(s), insert(2)(s), s.WriteRows(update, rows))
		})
		if got, want := texts(t, db), []string{"1 1 b", "1 2 b"}; err != nil || !slices.Equal(got, want) {
			t.Errorf("the rows are %q (%v), want %q", got, err, want)
		}
	})
}

// texts returns the rows of the table.
func texts(t *testing.T, db *DB) (rows []string) {
	t.Helper()
	lookup(t, db, func(s *Session) error {
		var account, number int64
		var content string
		return s.Rows("SELECT account, number, content FROM texts ORDER BY account, number", nil, []any{&account, &number, &content}, func() error {
			rows = append(rows, fmt.Sprintf("%d %d %s", account, number, content))
			return nil
		})
	})
	return rows
}

func TestParametersAreWrittenForTheDatabase(t *testing.T) {
	for text, want := range map[string]string{
		"SELECT 1":                                "SELECT 1",
		"SELECT a FROM t WHERE b = ? AND c = ?":   "SELECT a FROM t WHERE b = $1 AND c = $2",
		"SELECT a FROM t WHERE b = ?2 AND c = ?1": "SELECT a FROM t WHERE b = $2 AND c = $1",
		"SELECT ?12::bigint[]":                    "SELECT $12::bigint[]",
	} {
		if got := postgresDialect.Text(text); got != want {
			t.Errorf("PostgreSQL: %q, want %q", got, want)
		}
		if got := sqliteDialect.Text(text); got != text {
			t.Errorf("SQLite: %q, want %q", got, text)
		}
	}
}
