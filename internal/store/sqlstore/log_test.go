package sqlstore

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// page is the size of a page of the database.
const page = 4 << 10

// TestTheLogIsCutUnderReadersThatOverlap writes until the log is cut, while there is
// always somebody who reads on over some commits, until somebody waits for it: alone, SQLite
// would keep all of it.
func TestTheLogIsCutUnderReadersThatOverlap(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	st := open(t, dir)
	_, err := st.Record(t.Context(), 1, time.Now(), byTest, func(*ledger.Reference, time.Time) (store.ReferenceChange, error) {
		return store.ReferenceChange{Reference: ledger.Reference{
			Account: ledger.Account{ID: 1, Name: "Log", Currency: "USD", Zone: "UTC", ModificationLimit: ledger.DefaultModificationLimit},
		}}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	reading, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	var reads, writes atomic.Int64
	for _, span := range []int64{5, 7, 11, 13} {
		readers.Go(func() {
			for reading.Err() == nil {
				until := writes.Load() + span
				err := st.Read(reading, 1, func(r store.Reader) error {
					for reading.Err() == nil && writes.Load() < until && len(st.readers.turns) < cap(st.readers.turns) {
						if _, _, err := r.Submissions(ledger.SubmissionFilter{}, ledger.Page{Size: 1, Number: 1}); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil && reading.Err() == nil {
					t.Error(err)
					return
				}
				reads.Add(1)
			}
		})
	}
	submission := store.Submission{
		Submission: ledger.Submission{Command: ledger.Reversal{Reason: "OTHER"}}, Payload: strings.Repeat("x", 1<<20),
	}
	longest, cut := int64(0), false
	for range 8 * trimPages >> 8 { // a try fails while a reader takes longer than it waits
		if _, err := st.Accept(t.Context(), 1, time.Now(), []store.Submission{submission}); err != nil {
			t.Fatal(err)
		}
		writes.Add(1)
		log, err := os.Stat(filepath.Join(dir, databaseFile+"-wal"))
		if err != nil {
			t.Fatal(err)
		}
		if cut = log.Size() < longest; cut {
			break
		}
		longest = log.Size()
	}
	stop()
	readers.Wait()
	if reads.Load() < 20 {
		t.Errorf("%d reads only: nobody overlapped", reads.Load())
	}
	if !cut || longest < trimPages/2*page { // SQLite itself did not keep it short
		t.Errorf("the log grew to %d MiB; cut: %t", longest>>20, cut)
	}
}
