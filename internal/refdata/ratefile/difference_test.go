package ratefile_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/refdata/ratefile"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// recorded is a store of one table, which keeps nothing that is recorded.
type recorded struct{ rates rates }

func (recorded) CurrentReference(context.Context, int64) (*program.Reference, error) {
	r := program.NewReference()
	r.Account.Currency = "USD"
	return r, nil
}

func (recorded) Record(context.Context, int64, time.Time, store.AuditEvent, store.AmendReference) (int, error) {
	return 1, nil
}

func (r recorded) RateTables(context.Context, int64, program.Date, program.Date, int) ([]program.RateTable, error) {
	return []program.RateTable{{Date: "2026-11-02", Base: "EUR", Rates: r.rates}}, nil
}

func TestAnImportShowsTheFirstFewChangedRates(t *testing.T) {
	st := recorded{rates{"CHF": "0.9", "JPY": "169.5", "USD": "1.1", "GBP": "0.8", "SEK": "11", "NOK": "12", "DKK": "7.5", "PLN": "4.3"}}
	content := "Date,CHF,JPY,USD,GBP,SEK,NOK,DKK,PLN,CZK\n2026-11-02,0.91,170,1.1,0.81,11.1,12.1,7.6,4.4,24\n2026-11-03,0.92,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A\n"
	imported, err := ratefile.Import(t.Context(), st, 1, "r.csv", []byte(content), ratefile.Options{}, store.AuditEvent{}, false)
	if err != nil {
		t.Fatal(err)
	}
	want := ratefile.Difference{Added: 2, Changed: 7, Examples: []string{
		"2026-11-02: 1 EUR was 0.9 CHF, is 0.91 CHF",
		"2026-11-02: 1 EUR was 7.5 DKK, is 7.6 DKK",
		"2026-11-02: 1 EUR was 0.8 GBP, is 0.81 GBP",
		"2026-11-02: 1 EUR was 169.5 JPY, is 170 JPY",
		"2026-11-02: 1 EUR was 12 NOK, is 12.1 NOK",
	}}
	if diff := cmp.Diff(want, imported.Difference); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
