// Package pgtest provides tests with schemas on a PostgreSQL server, and with a proxy that
// interrupts connections to it. The environment variable TRUEUP_TEST_POSTGRES, which
// .ci/postgres sets, holds the URL of the server.
package pgtest

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// variable is the environment variable that holds the server's URL.
const variable = "TRUEUP_TEST_POSTGRES"

// Server returns the server's URL. If there is none, Server skips the test, or fails it in
// CI.
func Server(t testing.TB) string {
	t.Helper()
	server := os.Getenv(variable)
	if server == "" && os.Getenv("CI") != "" {
		t.Fatalf("CI has no PostgreSQL: %s is not set", variable)
	}
	if server == "" {
		t.Skipf("run this with make test-postgres, or set %s to a server's URL", variable)
	}
	return server
}

// Schema creates an empty schema, which is dropped when the test ends, and returns a URL
// that connects to it.
func Schema(t testing.TB) string {
	t.Helper()
	server := Server(t)
	name := "test_" + strings.ToLower(rand.Text())
	Exec(t, server, "CREATE SCHEMA "+name)
	t.Cleanup(func() { Exec(t, server, "DROP SCHEMA "+name+" CASCADE") })
	schema, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	query := schema.Query()
	query.Set("search_path", name)
	schema.RawQuery = query.Encode()
	return schema.String()
}

// Database creates an empty database, which is dropped when the test ends, and returns its
// URL. A test that measures needs one of its own: the snapshots of other tests in its
// database would keep old versions of its rows.
func Database(t testing.TB) string { return createDatabase(t, "template1") }

// Copy creates a copy of the database at a URL, to which nothing may be connected. The copy is
// dropped when the test ends. Copy returns its URL.
func Copy(t testing.TB, database string) string {
	t.Helper()
	location, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	return createDatabase(t, path.Base(location.Path))
}

func createDatabase(t testing.TB, template string) string {
	t.Helper()
	server := Server(t)
	name := "test_" + strings.ToLower(rand.Text())
	Exec(t, server, "CREATE DATABASE "+name+" TEMPLATE "+template)
	t.Cleanup(func() { Exec(t, server, "DROP DATABASE "+name+" WITH (FORCE)") })
	database, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	return database.JoinPath("..", name).String()
}

// Exec executes one statement on a server.
func Exec(t testing.TB, server, statement string) {
	t.Helper()
	ctx := context.Background() // t.Context is canceled before cleanup functions run
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
