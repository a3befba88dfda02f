package sqldb

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/trueup-ledger/trueup/internal/pgtest"
)

const tenant = 1

// testConfig describes a database with one table.
func testConfig() Config {
	const table = "-- +goose Up\nCREATE TABLE texts (account bigint NOT NULL, number bigint NOT NULL, content text NOT NULL, PRIMARY KEY (account, number));\n"
	const index = "-- +goose Up\nCREATE INDEX texts_content ON texts (account, content);\n"
	return Config{
		Migrations: fstest.MapFS{
			"sqlite/00001_texts.sql":   {Data: []byte(table)},
			"sqlite/00002_index.sql":   {Data: []byte(index)},
			"postgres/00001_texts.sql": {Data: []byte(table)},
			"postgres/00002_index.sql": {Data: []byte(index)},
		},
		DistributedTable: "texts",
	}
}

// open opens the database in a folder and closes it when the test ends.
func open(t testing.TB, dir string) *DB {
	t.Helper()
	db, err := OpenSQLite(t.Context(), dir, testConfig())
	return closeAfterTest(t, db, err)
}

// openServer opens the PostgreSQL database at a URL and closes it when the test ends.
func openServer(t testing.TB, url string) *DB {
	t.Helper()
	db, err := OpenPostgres(t.Context(), url, testConfig())
	return closeAfterTest(t, db, err)
}

// openWithTimeouts is like openServer, but change sets the timeouts.
func openWithTimeouts(t testing.TB, url string, change func(*Timeouts)) *DB {
	t.Helper()
	c := testConfig()
	c.Timeouts = DefaultTimeouts()
	change(&c.Timeouts)
	db, err := OpenPostgres(t.Context(), url, c)
	return closeAfterTest(t, db, err)
}

func closeAfterTest(t testing.TB, db *DB, err error) *DB {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// onEachDatabase runs a test on each database.
func onEachDatabase(t *testing.T, test func(t *testing.T, db *DB)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) { test(t, open(t, t.TempDir())) })
	t.Run("PostgreSQL", func(t *testing.T) { test(t, openServer(t, pgtest.Schema(t))) })
}

// insert returns a function that inserts a row.
func insert(number int64) func(*Session) error {
	return func(s *Session) error {
		return s.Exec("INSERT INTO texts (account, number, content) VALUES (?, ?, 'a')", tenant, number)
	}
}

// count returns the number of rows.
func count(t testing.TB, db *DB) (rows int) {
	t.Helper()
	lookup(t, db, func(s *Session) error { return s.Row("SELECT count(*) FROM texts", nil, &rows) })
	return rows
}

func lookup(t testing.TB, db *DB, f func(*Session) error) {
	t.Helper()
	if err := db.Lookup(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// instant scans a column of microseconds since 1970. NULL is the zero time.
type instant time.Time

func (i *instant) Scan(from any) error {
	*i = instant{}
	if micros, ok := from.(int64); ok {
		*i = instant(time.UnixMicro(micros))
	}
	return nil
}
