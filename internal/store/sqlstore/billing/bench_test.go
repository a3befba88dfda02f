package billing_test

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/bench/procstat"
	"github.com/trueup-ledger/trueup/internal/ingest"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/sqldb/backup"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/storetest/books"
	"github.com/trueup-ledger/trueup/internal/store/verify"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/money"
)

var (
	benchActions  = flag.Int("billing.actions", 20_000, "actions that clear in the period")
	benchPartners = flag.Int("billing.partners", 500, "partners")
	benchRate     = flag.Int("billing.rate", 200, "modifications per second")
	benchStore    = flag.String("billing.store", "", "folder of a store that is filled once and copied, or URL of an empty PostgreSQL database")
)

// Orders of the benchmarks. Those of the second day lock and clear in the first month; those of
// day 25 can be modified until the end of the next one.
const (
	clearedDay, pendingDay = 2, 25
	pendingActions         = 20_000
	benchCampaign          = 2000
)

// BenchmarkIssue gathers the entries of a period and issues its invoices while items of the same
// account are modified.
func BenchmarkIssue(b *testing.B) {
	location := benchLocation(b)
	if location == "" {
		return
	}
	st, err := open(b.Context(), location)
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	reference, err := st.CurrentReference(b.Context(), 1)
	if err != nil {
		b.Fatal(err)
	}
	end := books.First.End(reference.Zone())
	l := newLoad(b, st, end.Add(-time.Hour))
	for b.Loop() {
		l.run(b, "usual", func() { time.Sleep(10 * time.Second) })
		gathered := time.Now()
		l.run(b, "gathering", func() { billAll(b, st, end.Add(-time.Microsecond)) })
		b.ReportMetric(time.Since(gathered).Seconds(), "gather-s")
		l.setClock(end.Add(time.Second))
		issued := time.Now()
		invoices := 0
		l.run(b, "issuing", func() { invoices = billAll(b, st, end) })
		b.ReportMetric(time.Since(issued).Seconds(), "issue-s")
		b.ReportMetric(float64(invoices), "invoices")
		l.run(b, "usual-again", func() { time.Sleep(10 * time.Second) })
	}
	_, peak := procstat.Memory(os.Getpid())
	b.ReportMetric(float64(peak)/(1<<20), "MiB-peak")
}

// billAll bills the account until nothing more is due, and returns the number of invoices.
func billAll(b *testing.B, st *sqlstore.Store, at time.Time) (invoices int) {
	b.Helper()
	for {
		billed, err := st.Bill(b.Context(), 1, at)
		if err != nil {
			b.Fatal(err)
		}
		if invoices += len(billed.Invoices); !billed.Progress {
			return invoices
		}
	}
}

// benchLocation returns the location of a store that is filled. If the folder of the flag has
// none yet, benchLocation fills it and returns "", so that filling is not measured.
func benchLocation(b *testing.B) string {
	b.Helper()
	kept := *benchStore
	switch {
	case kept == "":
		kept = b.TempDir()
	case sqldb.IsPostgres(kept):
	default:
		if _, err := os.Stat(kept); err == nil {
			copied := filepath.Join(b.TempDir(), "copy")
			if err := backup.CopyClosed(sqldb.SQLiteFiles()[0], kept, copied); err != nil {
				b.Fatal(err)
			}
			return copied
		}
	}
	st, err := open(b.Context(), kept)
	if err != nil {
		b.Fatal(err)
	}
	fillPeriod(b, st)
	if err := st.Close(); err != nil {
		b.Fatal(err)
	}
	if kept == *benchStore && !sqldb.IsPostgres(kept) {
		b.Logf("%s is filled; run again to measure", kept)
		return ""
	}
	return kept
}

func fillPeriod(b *testing.B, st *sqlstore.Store) {
	b.Helper()
	kept := &books.Books{Store: st.Roles(), Account: 1, Currency: "USD", Partners: *benchPartners, Orders: *benchPartners, Seed: 1}
	if err := kept.Open(b.Context()); err != nil {
		b.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 1))
	at := books.First.Start(time.UTC).AddDate(0, 0, clearedDay-1).Add(12 * time.Hour)
	for n := 0; n < *benchActions+pendingActions; n += store.MaxBatch {
		batch := make([]store.Submission, 0, store.MaxBatch)
		for i := n; i < n+store.MaxBatch; i++ {
			if i == *benchActions {
				at = books.First.Start(time.UTC).AddDate(0, 0, pendingDay-1)
			}
			quantity, amount := 1+random.Int64N(4), money.Whole(10+random.Int64N(300))
			batch = append(batch, store.Submission{Payload: "OrderId=O", Submission: ledger.Submission{Command: ledger.Conversion{
				Campaign: benchCampaign, EventType: benchCampaign + 1, Order: fmt.Sprintf("O-%d", i), Partner: 501 + int64(i%*benchPartners), EventDate: at,
				Prices: ledger.Prices{Lines: []ledger.ConversionLine{{Number: 1, SKU: "A", Quantity: &quantity, Amount: &amount}}},
			}}})
		}
		if _, err := st.Accept(b.Context(), 1, at, batch); err != nil {
			b.Fatal(err)
		}
		if _, err := st.Apply(b.Context(), 1, at, store.MaxBatch, ledger.Decide); err != nil {
			b.Fatal(err)
		}
	}
}

// load modifies items of pending actions at a fixed rate.
type load struct {
	in *ingest.Ingest
	// clock is the time of the load, in microseconds, when it began.
	clock atomic.Int64
	begin time.Time
}

func newLoad(b *testing.B, st *sqlstore.Store, at time.Time) *load {
	b.Helper()
	l := &load{begin: time.Now()}
	l.setClock(at)
	st.BatchTime = sqlstore.BatchTime
	l.in = ingest.New(st, ingest.Config{
		Decide: ledger.Decide, Now: l.now, Applied: func(int64) {}, Log: slog.New(slog.DiscardHandler),
		Queued: func(account int64) {
			go func() {
				for more := 1; more > 0; {
					more, _ = st.Apply(context.WithoutCancel(b.Context()), account, l.now(), store.MaxBatch, ledger.Decide)
				}
			}()
		},
	})
	b.Cleanup(func() { l.in.Stop(context.Background()) })
	return l
}

func (l *load) setClock(at time.Time) { l.clock.Store(at.UnixMicro()) }

func (l *load) now() time.Time { return time.UnixMicro(l.clock.Load()).Add(time.Since(l.begin)) }

// run applies the load until f returns, and reports the percentiles of the time from when a
// modification was due until it was accepted, which usually applies it.
func (l *load) run(b *testing.B, name string, f func()) {
	b.Helper()
	var mu sync.Mutex
	var times []time.Duration
	var group sync.WaitGroup
	done := make(chan struct{})
	begin := time.Now()
	group.Go(func() {
		random := rand.New(rand.NewPCG(2, 2))
		for n := 0; ; n++ {
			due := begin.Add(time.Duration(n) * time.Second / time.Duration(*benchRate))
			select {
			case <-done:
				return
			case <-time.After(time.Until(due)):
			}
			change := modification(int64(*benchActions+1+random.IntN(pendingActions)), 1+random.Int64N(5))
			group.Go(func() {
				_, err := l.in.Accept(context.Background(), 1, change)
				took := time.Since(due)
				mu.Lock()
				defer mu.Unlock()
				times = append(times, took)
				if err != nil {
					b.Error(err)
				}
			})
		}
	})
	f()
	close(done)
	group.Wait()
	slices.SortFunc(times, cmp.Compare[time.Duration])
	for _, p := range []int{50, 99} {
		if len(times) > 0 {
			b.ReportMetric(float64(times[len(times)*p/100].Microseconds())/1000, fmt.Sprintf("%s-p%d-ms", name, p))
		}
	}
}

func modification(action, quantity int64) store.Submission {
	address := ledger.Address{Action: ids.ActionID{Campaign: benchCampaign, EventType: benchCampaign + 1, Number: action}}
	return store.Submission{Payload: "ActionId=" + address.Action.String(), Submission: ledger.Submission{Command: ledger.Modification{
		Address: address, Reason: ledger.ReasonOrderUpdate, Items: []ledger.ItemChange{{SKU: "A", Quantity: &quantity}},
	}}}
}

// BenchmarkVerify verifies the books of three accounts over 24 periods.
func BenchmarkVerify(b *testing.B) {
	dir := b.TempDir()
	st, err := open(b.Context(), dir)
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	keep(b, st, periods, *benchActions, "USD", "EUR", "JPY")
	for b.Loop() {
		if violations, err := verify.Store(b.Context(), st, ledger.Decide); err != nil || len(violations) > 0 {
			b.Fatal(violations, err)
		}
	}
	_, peak := procstat.Memory(os.Getpid())
	b.ReportMetric(float64(peak)/(1<<20), "MiB-peak")
}
