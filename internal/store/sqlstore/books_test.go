package sqlstore_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/storetest"
	"github.com/trueup-ledger/trueup/internal/testenv"
)

// TestBooksOfManyScenariosAgreeWithOracle compares more scenarios than the conformance suite does.
func TestBooksOfManyScenariosAgreeWithOracle(t *testing.T) {
	scenarios := testenv.Scale(20, 200)
	for _, d := range databases {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			location := d.newLocation(t)
			storetest.CompareBooks(t, func() store.Store { // it closes the store
				st, err := d.open(t.Context(), location)
				if err != nil {
					t.Fatal(err)
				}
				return st.Roles()
			}, scenarios)
		})
	}
}
