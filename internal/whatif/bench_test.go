package whatif_test

import (
	"errors"
	"flag"
	"runtime"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/trueup-ledger/trueup/internal/bench"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/whatif"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	tried "github.com/trueup-ledger/trueup/ledger/whatif"
	"github.com/trueup-ledger/trueup/money"
)

var (
	benchActions = flag.Int("whatif.actions", 10_000, "actions of the benchmark")
	benchStore   = flag.String("whatif.store", "", "URL of an empty PostgreSQL database for the benchmark; default SQLite")
)

// BenchmarkEstimate estimates the payouts of actions with three items, half of which were
// modified once.
func BenchmarkEstimate(b *testing.B) {
	st := filled(b, *benchActions)
	rate := money.Whole(5)
	of := program.TermsOf{Contract: 1, EventType: 2240}
	try := tried.Terms{of: {Level: program.LevelItem, Default: program.Payout{Rate: &rate}}}
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r, err := whatif.Estimate(b.Context(), st, 1, search.TimeRange{}, try)
		runtime.ReadMemStats(&after)
		if err != nil || len(r.Lines) != 1 || r.Total.Orders != int64(*benchActions) || r.Total.Difference <= "0.00" {
			b.Fatal(r, err)
		}
		b.ReportMetric(float64(int64(after.HeapSys)-int64(before.HeapSys))/(1<<20), "MiB-grown")
	}
	b.ReportMetric(float64(*benchActions)*float64(b.N)/b.Elapsed().Seconds(), "actions/s")
}

// filled returns a store with actions.
func filled(b *testing.B, count int) *sqlstore.Store {
	b.Helper()
	open := func() (*sqlstore.Store, error) { return sqlstore.OpenSQLite(b.Context(), b.TempDir()) }
	if *benchStore != "" {
		open = func() (*sqlstore.Store, error) { return sqlstore.OpenPostgres(b.Context(), *benchStore) }
	}
	st, err := open()
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := st.Close(); err != nil {
			b.Error(err)
		}
	})
	now := time.Now()
	targets, _, err := bench.Prepare(b.Context(), st, now, bench.Fixture{Actions: count, Accounts: 1})
	if err != nil {
		b.Fatal(err)
	}
	two := int64(2)
	var batch []store.Submission
	seen := make(map[string]bool)
	for i, target := range targets {
		if !seen[target.Action] && len(seen) < count/2 {
			seen[target.Action] = true
			id, err := ids.ParseActionID(target.Action)
			if err != nil {
				b.Fatal(err)
			}
			batch = append(batch, store.Submission{Submission: ledger.Submission{Command: ledger.Modification{
				Address: ledger.Address{Action: id}, Reason: ledger.ReasonOrderUpdate, Items: []ledger.ItemChange{{SKU: target.SKU, Quantity: &two}},
			}}})
		}
		if len(batch) == store.MaxBatch || i == len(targets)-1 && len(batch) > 0 {
			_, err := st.Accept(b.Context(), 1, now, batch)
			for n := 1; err == nil && n > 0; {
				n, err = st.Apply(b.Context(), 1, now, store.MaxBatch, ledger.Decide)
			}
			if err != nil {
				b.Fatal(err)
			}
			batch = nil
		}
	}
	if *benchStore != "" { // as autovacuum does after a while
		conn, err := pgx.Connect(b.Context(), *benchStore)
		if err == nil {
			_, err = conn.Exec(b.Context(), "ANALYZE")
			err = errors.Join(err, conn.Close(b.Context()))
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	return st
}
