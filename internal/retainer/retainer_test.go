package retainer_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trueup-ledger/trueup/internal/retainer"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/archive"
	"github.com/trueup-ledger/trueup/ledger"
)

// records is a store of one account.
type records struct {
	retained store.Retained
	err      error
	calls    int
}

func (*records) Accounts(context.Context) ([]int64, error)         { return []int64{1}, nil }
func (*records) RetentionSet(context.Context, int64) (bool, error) { return true, nil }

func (r *records) Retain(context.Context, int64, time.Time, store.ArchiveFolder, store.AuditEvent) (store.Retained, error) {
	r.calls++
	return r.retained, r.err
}

func TestRecordsAreRemovedOnceADayOrAgainSoon(t *testing.T) {
	const removing, failing = "old records archived and removed", "removing old records failed"
	for name, c := range map[string]struct {
		records   records
		noArchive bool
		// calls are the numbers of calls at once, after a minute, and after a day.
		calls [3]int
		// log is the text of a log line, which is logged lines times.
		log   string
		lines int
	}{
		"nothing to remove":           {records{}, false, [3]int{1, 1, 2}, removing, 0},
		"an archive":                  {records{retained: store.Retained{Files: []string{"a"}}}, false, [3]int{1, 1, 2}, removing, 2},
		"orders of bridges":           {records{retained: store.Retained{BridgeOrders: 7}}, false, [3]int{1, 1, 2}, "orders of bridges: 7", 2},
		"submissions that are queued": {records{retained: store.Retained{Queued: true}}, false, [3]int{1, 2, 3}, removing, 0},
		"an error":                    {records{err: errors.New("disk full")}, false, [3]int{1, 2, 3}, failing, 3},
		"an account that is gone":     {records{err: ledger.ErrNotFound}, false, [3]int{1, 1, 2}, failing, 0},
		"no folder for archives":      {records{}, true, [3]int{0, 0, 0}, "set one with --archive", 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log strings.Builder
				var folder store.ArchiveFolder
				if !c.noArchive {
					folder = archive.Folder(t.TempDir())
				}
				r := retainer.New(&c.records, folder, time.Now, slog.New(slog.NewTextHandler(&log, nil)), func() bool { return true })
				defer r.Stop()
				for i, pause := range []time.Duration{0, time.Minute, 24 * time.Hour} {
					time.Sleep(pause)
					if err := r.WakeAll(t.Context()); err != nil {
						t.Fatal(err)
					}
					synctest.Wait()
					if c.records.calls != c.calls[i] {
						t.Errorf("after %v: %d calls, want %d", pause, c.records.calls, c.calls[i])
					}
				}
				if n := strings.Count(log.String(), c.log); n != c.lines {
					t.Errorf("%q was logged %d times, want %d:\n%s", c.log, n, c.lines, log.String())
				}
			})
		})
	}
}
