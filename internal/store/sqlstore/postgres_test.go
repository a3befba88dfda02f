package sqlstore

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/storetest"
)

func TestPostgresKeepsEveryPromiseOfAStore(t *testing.T) {
	server := postgresServer(t)
	storetest.Run(t, func(t *testing.T) storetest.Reopen {
		url := postgresSchema(t, server)
		return func() store.Store { return openPostgresAt(t, url) }
	})
}

// postgresServer answers the URL of the server for tests. CI has one, always.
func postgresServer(t testing.TB) string {
	t.Helper()
	server := os.Getenv("TRUEUP_TEST_POSTGRES")
	if server == "" && os.Getenv("CI") != "" {
		t.Fatal("CI has no PostgreSQL: TRUEUP_TEST_POSTGRES is not set")
	}
	if server == "" {
		t.Skip("run this with make test-postgres, or set TRUEUP_TEST_POSTGRES to a server's URL")
	}
	return server
}

// postgresSchema makes a schema of a test's own and answers the URL that leads there.
func postgresSchema(t testing.TB, server string) string {
	t.Helper()
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	name := "test_" + strings.ToLower(rand.Text())
	if _, err := db.ExecContext(t.Context(), "CREATE SCHEMA "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		db, err := sql.Open("pgx", server)
		if err == nil {
			_, err = db.ExecContext(context.Background(), "DROP SCHEMA "+name+" CASCADE")
			_ = db.Close()
		}
		if err != nil {
			t.Error(err)
		}
	})
	at, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	query := at.Query()
	query.Set("search_path", name)
	at.RawQuery = query.Encode()
	return at.String()
}

func openPostgresAt(t testing.TB, url string) *Store {
	t.Helper()
	st, err := OpenPostgres(t.Context(), url)
	if err != nil {
		t.Fatal(fmt.Errorf("%s: %w", url, err))
	}
	return st
}
