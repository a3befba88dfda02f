package sqlstore_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// BenchmarkModify accepts and applies modifications of one item each in batches of 64,
// alone and beside two readers that read single actions and pages without a pause. It reports
// the bytes that each modification adds on disk.
func BenchmarkModify(b *testing.B) {
	for _, readers := range []int{0, 2} {
		for _, d := range databases {
			b.Run(fmt.Sprintf("%s/readers=%d", d.name, readers), func(b *testing.B) { modify(b, d.openNew(b), readers) })
		}
	}
}

func modify(b *testing.B, st *sqlstore.Store, readers int) {
	const batch, actions = 64, 10_000
	fill(b, st, actions)
	before := size(b, st)
	ctx, stop := context.WithCancel(b.Context())
	var wg sync.WaitGroup
	for reader := range readers {
		wg.Go(func() { read(ctx, b, st, reader, actions) })
	}
	b.ResetTimer()
	for i := 0; i < b.N; i += batch {
		commands := make([]store.Submission, batch)
		for j := range commands {
			commands[j] = modification(int64(1+(i+j)*7919%actions), int64(1+(i+j)/actions%5))
		}
		submit(b, st, commands)
	}
	b.StopTimer()
	stop()
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "modifications/s")
	b.ReportMetric(float64(size(b, st)-before)/float64(b.N), "bytes/modification")
}

func size(b *testing.B, st *sqlstore.Store) int64 {
	b.Helper()
	bytes, err := st.Size(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	return bytes
}

// BenchmarkActions reads a page of 20,000 of the 30,000 actions of a time range, as
// GET /Actions does. It reports the time to the first action.
func BenchmarkActions(b *testing.B) {
	st := openSQLite(b, b.TempDir())
	fill(b, st, 30_000)
	filter := search.ActionFilter{
		Campaign: 1000, State: ledger.Pending, Now: now,
		Updated: search.TimeRange{Start: now.AddDate(0, 0, -7), End: now.AddDate(0, 0, 1)},
	}
	var first time.Duration
	for b.Loop() {
		begin := time.Now()
		err := st.Read(b.Context(), account, func(r store.Reader) error {
			_, page, err := r.Actions(filter, search.Page{Size: 20_000, Number: 1, MaxTotal: 200_000})
			count := 0
			for _, failure := range page {
				if count++; count == 1 {
					first += time.Since(begin)
				}
				err = errors.Join(err, failure)
			}
			if count != 20_000 {
				b.Errorf("read %d actions", count)
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(first.Milliseconds())/float64(b.N), "ms/first")
}

// read reads until ctx ends.
func read(ctx context.Context, b *testing.B, st *sqlstore.Store, seed, actions int) {
	for i := seed; ctx.Err() == nil; i += 7 {
		err := st.Read(ctx, account, func(r store.Reader) error {
			if i%100 != 0 {
				_, err := r.Action(ids.ActionID{Campaign: 1000, EventType: 2240, Number: int64(1 + i%actions)})
				return err
			}
			_, page, err := r.Actions(search.ActionFilter{}, search.Page{Size: 100, Number: 1})
			for _, failure := range page {
				err = errors.Join(err, failure)
			}
			return err
		})
		if err != nil && ctx.Err() == nil {
			b.Error(err)
			return
		}
	}
}

// BenchmarkVerify verifies a store of 20,000 actions with two items and one modification
// each. It reports how many rows it verifies in a second.
func BenchmarkVerify(b *testing.B) {
	const actions, rows = 20_000, 20_000 * (7 + 3)
	st := openSQLite(b, b.TempDir())
	fill(b, st, actions)
	for i := range actions / store.MaxBatch {
		batch := make([]store.Submission, store.MaxBatch)
		for j := range batch {
			batch[j] = modification(int64(1+i*store.MaxBatch+j), 1)
		}
		submit(b, st, batch)
	}
	for b.Loop() {
		wantSound(b, st)
	}
	b.ReportMetric(float64(b.N)*rows/b.Elapsed().Seconds(), "rows/s")
}
