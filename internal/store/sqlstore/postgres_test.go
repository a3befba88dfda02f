package sqlstore_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/pgtest"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/storetest"
)

func TestPostgresConforms(t *testing.T) {
	pgtest.Server(t)
	storetest.Run(t, func(t *testing.T) storetest.Reopen {
		url := pgtest.Schema(t)
		return func() store.Store { // the suite closes it
			st, err := sqlstore.OpenPostgres(t.Context(), url)
			if err != nil {
				t.Fatal(err)
			}
			return st.Roles()
		}
	})
}
