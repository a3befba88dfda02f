package sqldb

import (
	"errors"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"
)

// setReadOnly makes the writer's connection refuse every write, or accept them again.
func setReadOnly(t *testing.T, db *DB, value string) {
	t.Helper()
	err := db.writers.use(t.Context(), func(s *Session) error { return s.Exec("PRAGMA query_only = " + value) })
	if err != nil {
		t.Fatal(err)
	}
}

// elapse moves the last failure and the last attempt to write into the past.
func elapse(db *DB) {
	db.health.mu.Lock()
	defer db.health.mu.Unlock()
	db.health.failed, db.health.probed = db.health.failed.Add(-time.Hour), db.health.probed.Add(-time.Hour)
}

func TestADatabaseIsNotWritableFromAFailedWriteToTheNextSuccess(t *testing.T) {
	for name, succeed := range map[string]func(db *DB) error{
		"another write":   func(db *DB) error { return db.Write(t.Context(), insert(2)) },
		"its own attempt": func(db *DB) error { elapse(db); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			db := open(t, t.TempDir())
			if err := db.CheckWritable(t.Context()); err != nil {
				t.Error(err)
			}
			setReadOnly(t, db, "ON")
			if err := db.Write(t.Context(), insert(1)); !errors.Is(err, sqlite3.READONLY) {
				t.Fatalf("error is %v, want %v", err, sqlite3.READONLY)
			}
			for range 2 {
				if err := db.CheckWritable(t.Context()); !errors.Is(err, sqlite3.READONLY) {
					t.Errorf("error is %v, want %v", err, sqlite3.READONLY)
				}
				elapse(db) // the second call tries to write
			}
			setReadOnly(t, db, "OFF")
			if err := succeed(db); err != nil {
				t.Error(err)
			}
			if err := db.CheckWritable(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestARejectedTransactionIsNoFailure(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, db *DB) {
		rejected := errors.New("rejected")
		if err := db.Write(t.Context(), func(*Session) error { return rejected }); !errors.Is(err, rejected) {
			t.Error(err)
		}
		if err := db.CheckWritable(t.Context()); err != nil {
			t.Error(err)
		}
		db.health.record(errors.New("the connection was lost"))
		if err := db.CheckWritable(t.Context()); err != nil { // it writes successfully
			t.Error(err)
		}
	})
}
