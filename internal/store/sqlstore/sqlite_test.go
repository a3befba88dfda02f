package sqlstore

import (
	"os"
	"path/filepath"
	"strings"
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

// TestAFailedStatementEndsItsTransaction has SQLite take a transaction back by itself,
// as it does when the disk fails: nothing of it may be there, nor what came after.
func TestAFailedStatementEndsItsTransaction(t *testing.T) {
	st := open(t, t.TempDir())
	tests := map[string]struct {
		swallowed bool
	}{
		"and the error is passed on": {false},
		"and the error is swallowed": {true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			insert := func(s *session, or string, number int64) error {
				return s.exec("INSERT "+or+" INTO parking (account, number) VALUES (?, ?)", account, number)
			}
			err := st.write(t.Context(), func(s *session) error {
				if err := insert(s, "", 1); err != nil {
					t.Fatal(err)
				}
				torn := insert(s, "OR ROLLBACK", 1)
				if torn == nil {
					t.Fatal("a row is there twice")
				}
				if err := insert(s, "", 2); err == nil {
					t.Error("what came after was written")
				}
				if test.swallowed {
					return nil
				}
				return torn
			})
			if err == nil {
				t.Error("it was committed")
			}
			var kept int
			if err := st.lookup(t.Context(), func(s *session) error {
				return s.row("SELECT count(*) FROM parking", nil, &kept)
			}); err != nil || kept != 0 {
				t.Errorf("%d rows are kept, error %v", kept, err)
			}
			if err := st.write(t.Context(), func(s *session) error { return s.exec("DELETE FROM parking") }); err != nil {
				t.Errorf("the next transaction: %v", err)
			}
		})
	}
}

// TestATransactionWritesNothingBeforeItsCommit has one that is larger than the cache.
func TestATransactionWritesNothingBeforeItsCommit(t *testing.T) {
	dir := t.TempDir()
	st := open(t, dir)
	log := filepath.Join(dir, databaseFile+"-wal")
	size := func() int64 {
		file, err := os.Stat(log)
		if err != nil {
			t.Fatal(err)
		}
		return file.Size()
	}
	text := strings.Repeat("x", 1<<20)
	before := size()
	err := st.write(t.Context(), func(s *session) error {
		for n := range int64(sqliteWriter.cacheKiB>>10 + 8) {
			if err := s.exec("INSERT INTO reference (account, kind, key, recorded, document) VALUES (?, 'x', 'x', ?, ?)", account, n, text); err != nil {
				return err
			}
		}
		if after := size(); after != before {
			t.Errorf("the log has %d bytes, and had %d before", after, before)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
