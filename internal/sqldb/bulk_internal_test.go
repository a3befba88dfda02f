package sqldb

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/pgtest"
)

func TestBulkStatementsWriteOneRowOrMany(t *testing.T) {
	insertTexts := BulkInsert("texts", "number", "content text").OnConflict("(account, number) DO NOTHING")
	updateTexts := BulkUpdate("texts", 1, "number", "content text")
	onEachForm(t, func(t *testing.T, db *DB) {
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

func TestBulkStatementsWriteNullsAndBytes(t *testing.T) {
	insertBlobs := BulkInsert("blobs", "number", "small", "content text", "hash bytea")
	updateBlobs := BulkUpdate("blobs", 1, "number", "small", "content text", "hash bytea")
	onEachForm(t, func(t *testing.T, db *DB) {
		create := db.Write(t.Context(), func(s *Session) error {
			return s.Exec("CREATE TABLE blobs (account bigint, number bigint, small smallint, content text, hash bytea, PRIMARY KEY (account, number))")
		})
		err := db.Write(t.Context(), func(s *Session) error {
			return errors.Join(create,
				s.WriteRows(insertBlobs, [][]any{
					{int64(tenant), int64(1), nil, nil, nil},
					{int64(tenant), int64(2), int64(7), "b", []byte{0, 255}},
					{int64(tenant), int64(3), int64(8), "", []byte{}},
				}),
				s.WriteRows(updateBlobs, [][]any{
					{int64(tenant), int64(2), nil, nil, nil},
					{int64(tenant), int64(1), int64(9), "a", []byte{1}},
				}))
		})
		var got []string
		lookup(t, db, func(s *Session) error {
			var number int64
			var small, content, hash string
			return s.Rows(`SELECT number, coalesce(CAST(small AS text), 'NULL'), coalesce(content, 'NULL'), CASE WHEN hash IS NULL THEN 'NULL' ELSE CAST(length(hash) AS text) END
				FROM blobs ORDER BY number`, nil, []any{&number, &small, &content, &hash}, func() error {
				got = append(got, fmt.Sprintf("%d %s %q %s", number, small, content, hash))
				return nil
			})
		})
		if want := []string{`1 9 "a" 1`, `2 NULL "NULL" NULL`, `3 8 "" 0`}; err != nil || !slices.Equal(got, want) {
			t.Errorf("the rows are %q (%v), want %q", got, err, want)
		}
	})
}

// TestBulkStatementsWriteManyLists writes more rows than one statement takes.
func TestBulkStatementsWriteManyLists(t *testing.T) {
	insertTexts, updateTexts := BulkInsert("texts", "number", "content text"), BulkUpdate("texts", 1, "number", "content text")
	onEachForm(t, func(t *testing.T, db *DB) {
		rows := func(content string) (rows [][]any) {
			for number := range int64(300) {
				rows = append(rows, []any{int64(tenant), number, content})
			}
			return rows
		}
		err := db.Write(t.Context(), func(s *Session) error {
			return errors.Join(s.WriteRows(insertTexts, rows("a")), s.WriteRows(updateTexts, rows("b")))
		})
		got := texts(t, db)
		if err != nil || len(got) != 300 || slices.ContainsFunc(got, func(row string) bool { return !strings.HasSuffix(row, " b") }) {
			t.Errorf("%d rows (%v): %q", len(got), err, got)
		}
	})
}

// onEachForm runs a test on each database, and with the statements for a distributed one.
func onEachForm(t *testing.T, test func(t *testing.T, db *DB)) {
	t.Helper()
	onEachDatabase(t, test)
	t.Run("distributed", func(t *testing.T) {
		db := openServer(t, pgtest.Schema(t))
		db.Dialect().Distributed = true
		test(t, db)
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
