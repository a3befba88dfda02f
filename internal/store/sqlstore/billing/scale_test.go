package billing_test

import (
	"slices"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/storetest/books"
	"github.com/trueup-ledger/trueup/internal/store/verify"
	"github.com/trueup-ledger/trueup/internal/testenv"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/money"
)

// periods is the number of months of the largest test.
const periods = 24

// keep keeps the books of an account in each of the currencies for some months, with about the
// given number of actions, and returns them.
func keep(t testing.TB, st *sqlstore.Store, months, actions int, currencies ...money.Currency) (all []*books.Books) {
	t.Helper()
	for i, currency := range currencies {
		b := &books.Books{
			Store: st.Roles(), Account: int64(i + 1), Currency: currency, Partners: min(12+actions/1000, 200), Orders: actions / months / len(currencies), Seed: 1,
		}
		keepBooks(t, b, months)
		all = append(all, b)
	}
	return all
}

// keepBooks opens the books and keeps them for some months.
func keepBooks(t testing.TB, b *books.Books, months int) {
	t.Helper()
	err := b.Open(t.Context())
	for m := range months {
		if err == nil {
			err = b.Trade(t.Context(), books.First.Add(m))
		}
		if err == nil {
			err = b.Close(t.Context(), books.First.Add(m))
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestBooksOfManyPeriodsAreVerified keeps books with all that can happen to invoices, and verifies
// them.
func TestBooksOfManyPeriodsAreVerified(t *testing.T) {
	t.Parallel()
	months, actions := testenv.Scale(6, periods), testenv.Scale(3_000, 200_000)
	use(t, t.TempDir(), func(st *sqlstore.Store) { verifyBooks(t, st, months, actions) })
}

func verifyBooks(t *testing.T, st *sqlstore.Store, months, actions int) {
	t.Helper()
	for _, b := range keep(t, st, months, actions, "USD", "EUR", "JPY") {
		c := count(t, st, b.Account)
		t.Logf("account %d in %s: %+v", b.Account, b.Currency, c)
		for _, kind := range invoice.Kinds {
			if c.entries[kind] == 0 {
				t.Errorf("account %d has no entries of the kind %s", b.Account, kind)
			}
		}
		if c.paid == 0 || c.paid == c.invoices || c.forced == 0 || c.carried == 0 {
			t.Errorf("account %d: %+v", b.Account, c)
		}
	}
	wantLaws(t, st)
}

// counts are those of the billing records of an account.
type counts struct {
	entries                         map[invoice.Kind]int
	invoices, paid, forced, carried int
}

func count(t *testing.T, st *sqlstore.Store, account int64) counts {
	t.Helper()
	c := counts{entries: make(map[invoice.Kind]int)}
	partners := make(map[int64]bool)
	err := st.Scan(t.Context(), account, func(contents store.Contents) error {
		b, err := contents.Billing()
		if err != nil {
			return err
		}
		for e, err := range b.Entries {
			if err != nil {
				return err
			}
			c.entries[e.Kind]++
			partners[e.Partner] = true
		}
		for v, err := range b.Invoices {
			if err != nil {
				return err
			}
			c.invoices++
			if v.Payment != nil {
				c.paid++
			}
			if v.Forced {
				c.forced++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = st.Read(t.Context(), account, func(snapshot store.Reader) error {
		r := snapshot.Statements()
		for partner := range partners {
			list, err := r.Balances([]int64{partner}, books.First.Add(periods).Start(time.UTC))
			if err != nil {
				return err
			}
			if list[0].Carried != 0 {
				c.carried++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// wantLaws verifies a store and compares the laws that are violated.
func wantLaws(t *testing.T, st *sqlstore.Store, want ...int) {
	t.Helper()
	violations, err := verify.Store(t.Context(), st, ledger.Decide)
	if err != nil {
		t.Fatal(err)
	}
	var found []int
	for _, v := range violations {
		if !slices.Contains(found, v.Law) {
			found = append(found, v.Law)
		}
	}
	slices.Sort(found)
	if !slices.Equal(found, want) {
		t.Errorf("the laws %v are violated, want %v: %v", found, want, violations)
	}
}
