package sqlstore_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/storetest"
)

func TestSQLiteConforms(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Reopen {
		dir := emptySQLite(t)
		return func() store.Store { // the suite closes it
			st, err := sqlstore.OpenSQLite(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			return st.Roles()
		}
	})
}
