package sqlstore

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/storetest"
)

func TestSQLiteKeepsEveryPromiseOfAStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Reopen {
		dir := t.TempDir()
		return func() store.Store { // which the suite closes
			st, err := OpenSQLite(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			return st
		}
	})
}
