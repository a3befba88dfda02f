package sqldb

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAWriteIsCommittedUnlessItFails(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, db *DB) {
		if err := db.Write(t.Context(), insert(1)); err != nil {
			t.Fatal(err)
		}
		failure := errors.New("changed my mind")
		err := db.Write(t.Context(), func(s *Session) error { return errors.Join(insert(2)(s), failure) })
		if !errors.Is(err, failure) {
			t.Errorf("error is %v, want %v", err, failure)
		}
		if rows := count(t, db); rows != 1 {
			t.Errorf("%d rows, want 1", rows)
		}
	})
}

// TestAFailedStatementRollsBack makes SQLite roll a transaction back by itself, as it does
// when the disk fails. Neither earlier nor later statements may take effect.
func TestAFailedStatementRollsBack(t *testing.T) {
	db := open(t, t.TempDir())
	tests := map[string]struct {
		swallowed bool
	}{
		"and the error is returned":  {false},
		"and the error is swallowed": {true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			insert := func(s *Session, or string, number int64) error {
				return s.Exec("INSERT "+or+" INTO texts (account, number, content) VALUES (?, ?, '')", tenant, number)
			}
			err := db.Write(t.Context(), func(s *Session) error {
				if err := insert(s, "", 1); err != nil {
					t.Fatal(err)
				}
				failed := insert(s, "OR ROLLBACK", 1)
				if failed == nil {
					t.Fatal("a row was inserted twice")
				}
				if err := insert(s, "", 2); err == nil {
					t.Error("a later statement took effect")
				}
				if test.swallowed {
					return nil
				}
				return failed
			})
			if err == nil {
				t.Error("the transaction was committed")
			}
			if rows := count(t, db); rows != 0 {
				t.Errorf("%d rows, want none", rows)
			}
			if err := db.Write(t.Context(), func(s *Session) error { return s.Exec("DELETE FROM texts") }); err != nil {
				t.Errorf("the next transaction: %v", err)
			}
		})
	}
}

// TestATransactionWritesOnlyAtItsCommit runs a transaction that is larger than the page
// cache.
func TestATransactionWritesOnlyAtItsCommit(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir)
	size := func() int64 {
		file, err := os.Stat(filepath.Join(dir, databaseFile+"-wal"))
		if err != nil {
			t.Fatal(err)
		}
		return file.Size()
	}
	text := strings.Repeat("x", 1<<20)
	before := size()
	err := db.Write(t.Context(), func(s *Session) error {
		for n := range int64(sqliteWriter.cacheKiB>>10 + 8) {
			if err := s.Exec("INSERT INTO texts (account, number, content) VALUES (?, ?, ?)", tenant, n, text); err != nil {
				return err
			}
		}
		if after := size(); after != before {
			t.Errorf("the WAL has %d bytes, and had %d before", after, before)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
