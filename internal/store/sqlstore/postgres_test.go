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
		return func() store.Store { // which the suite closes
			st, err := OpenPostgres(t.Context(), url)
			if err != nil {
				t.Fatal(err)
			}
			return st
		}
	})
}
