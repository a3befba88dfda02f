package sqlstore

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/pgtest"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/storetest"
)

func TestPostgresKeepsEveryPromiseOfAStore(t *testing.T) {
	pgtest.Server(t)
	storetest.Run(t, func(t *testing.T) storetest.Reopen {
		url := pgtest.Schema(t)
		return func() store.Store { return openPostgresAt(t, url) }
	})
}

func openPostgresAt(t testing.TB, url string) *Store {
	t.Helper()
	st, err := OpenPostgres(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	return st
}
