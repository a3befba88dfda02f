package sqldb

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

const pageSize = 4 << 10

// TestTheWALIsTruncatedUnderOverlappingReaders writes until the WAL is truncated, while
// at any time a reader holds a snapshot. Each reader holds its snapshot for a few commits,
// or until all slots are taken because the WAL is to be truncated. SQLite itself would
// never reuse the WAL.
func TestTheWALIsTruncatedUnderOverlappingReaders(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := open(t, dir)
	reading, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	var reads, writes atomic.Int64
	for _, commits := range []int64{5, 7, 11, 13} {
		readers.Go(func() {
			for reading.Err() == nil {
				until := writes.Load() + commits
				err := db.Read(reading, tenant, func(s *Session) error {
					for reading.Err() == nil && writes.Load() < until && len(db.readers.slots) < cap(db.readers.slots) {
						number := 0
						if err := s.Row("SELECT count(*) FROM (SELECT 1 FROM texts LIMIT 1)", nil, &number); err != nil {
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
	text := strings.Repeat("x", 1<<20)
	longest, truncated := int64(0), false
	for number := range int64(8 * truncatePages >> 8) { // an attempt to truncate fails if a reader takes too long
		if err := db.Write(t.Context(), func(s *Session) error {
			return s.Exec("INSERT INTO texts (account, number, content) VALUES (?, ?, ?)", tenant, number, text)
		}); err != nil {
			t.Fatal(err)
		}
		writes.Add(1)
		info, err := os.Stat(filepath.Join(dir, databaseFile+"-wal"))
		if err != nil {
			t.Fatal(err)
		}
		if truncated = info.Size() < longest; truncated {
			break
		}
		longest = info.Size()
	}
	stop()
	readers.Wait()
	if reads.Load() < 20 {
		t.Errorf("only %d reads: they did not overlap", reads.Load())
	}
	if !truncated || longest < truncatePages/2*pageSize { // it must not be SQLite that reused it
		t.Errorf("the WAL grew to %d MiB; truncated: %t", longest>>20, truncated)
	}
}

// TestNobodyWaitsForALongReadWhenTheWALIsLong writes until the WAL would be truncated, while a
// long read holds a snapshot. A truncation would wait for the read, and so would the writer.
func TestNobodyWaitsForALongReadWhenTheWALIsLong(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	write := func(number int64) {
		if err := db.Write(t.Context(), func(s *Session) error {
			return s.Exec("INSERT INTO texts (account, number, content) VALUES (?, ?, ?)", tenant, number, strings.Repeat("x", 1<<20))
		}); err != nil {
			t.Fatal(err)
		}
	}
	number := int64(0)
	err := db.ReadLong(t.Context(), tenant, func(s *Session) error {
		var count int64
		if err := s.Row("SELECT count(*) FROM texts", nil, &count); err != nil {
			return err
		}
		for ; number < truncatePages>>8+8; number++ {
			write(number)
		}
		return nil
	})
	if err != nil || !db.truncated.IsZero() {
		t.Errorf("the WAL was to be truncated at %v (%v)", db.truncated, err)
	}
	if write(number); db.truncated.IsZero() {
		t.Error("the WAL was not truncated after the read")
	}
}
