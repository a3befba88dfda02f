// Package pgtest leads tests to a real PostgreSQL server: the one whose URL is in
// TRUEUP_TEST_POSTGRES, as .ci/postgres sets it.
package pgtest

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Variable is the environment variable with the server's URL.
const Variable = "TRUEUP_TEST_POSTGRES"

// Server answers the server's URL. Without one the test is skipped, but not in CI,
// which always has one.
func Server(t testing.TB) string {
	t.Helper()
	server := os.Getenv(Variable)
	if server == "" && os.Getenv("CI") != "" {
		t.Fatalf("CI has no PostgreSQL: %s is not set", Variable)
	}
	if server == "" {
		t.Skipf("run this with make test-postgres, or set %s to a server's URL", Variable)
	}
	return server
}

// Schema makes an empty schema that lasts as long as the test, and answers the URL
// that leads there.
func Schema(t testing.TB) string {
	t.Helper()
	server := Server(t)
	name := "test_" + strings.ToLower(rand.Text())
	Exec(t, server, "CREATE SCHEMA "+name)
	t.Cleanup(func() { Exec(t, server, "DROP SCHEMA "+name+" CASCADE") })
	at, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	query := at.Query()
	query.Set("search_path", name)
	at.RawQuery = query.Encode()
	return at.String()
}

// Exec runs one statement.
func Exec(t testing.TB, server, statement string) {
	t.Helper()
	ctx := context.Background() // a test's own has ended when it cleans up
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
