package logcheck

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/sqldb/wal"
)

const query = "SELECT count(*), 0 FROM texts"

// openWriter opens a database with a table for writing.
func openWriter(t *testing.T) (path string, db *sql.DB) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "test.db")
	db, err := wal.OpenFile(wal.VFS, path, "rwc", nil, "journal_mode(WAL)", "wal_autocheckpoint(0)", "synchronous(FULL)", "cache_spill(0)")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := db.ExecContext(t.Context(), "CREATE TABLE texts (content TEXT)"); err != nil {
		t.Fatal(err)
	}
	if err := InitMark(t.Context(), db, path, query); err != nil {
		t.Fatal(err)
	}
	return path, db
}

// TestARunningWriterIsNoDamage checks a database while another connection writes and its
// WAL is reused.
func TestARunningWriterIsNoDamage(t *testing.T) {
	path, db := openWriter(t)
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan error, 1)
	go func() {
		for n := 0; ; n++ {
			if ctx.Err() != nil {
				stopped <- nil
				return
			}
			wal.MarkOf(path).Count(1)
			_, err := db.ExecContext(t.Context(), "INSERT INTO texts VALUES (?)", strings.Repeat("x", n%7*3000))
			if err == nil && n%100 == 0 {
				_, err = db.ExecContext(t.Context(), "PRAGMA wal_checkpoint")
			}
			if err != nil {
				stopped <- err
				return
			}
		}
	}()
	for range 200 {
		if err := Check(t.Context(), path, query); err != nil {
			t.Errorf("a database that is written has %v", err)
		}
	}
	cancel()
	if err := <-stopped; err != nil {
		t.Fatal(err)
	}
	if err := Check(t.Context(), path, query); err != nil {
		t.Error(err)
	}
	if err := wal.MarkOf(path).Set(1 << 40); err != nil {
		t.Fatal(err)
	}
	if err := Check(t.Context(), path, query); !errors.Is(err, ErrDamaged) {
		t.Errorf("error is %v, want %v", err, ErrDamaged)
	}
}

func TestTheVerdictOnAWAL(t *testing.T) {
	salt, other := wal.Salt{1}, wal.Salt{2}
	mark := func(salt wal.Salt, frames int64) wal.Position { return wal.Position{Salt: salt, Frames: frames} }
	for name, tt := range map[string]struct {
		contents wal.Contents
		mark     wal.Position
		unmarked bool
		damaged  bool
	}{
		"complete": {wal.Contents{Salt: salt, Frames: 9}, mark(salt, 9), false, false},
		"the mark is older after a power failure":         {wal.Contents{Salt: salt, Frames: 9}, mark(salt, 5), false, false},
		"the mark is of an earlier generation":            {wal.Contents{Salt: salt, Frames: 9}, mark(other, 50), false, false},
		"the mark is behind the end":                      {wal.Contents{Salt: salt, Frames: 9}, mark(salt, 10), false, true},
		"commits behind the mark, left by failed commits": {wal.Contents{Salt: salt, Frames: 9, IntactBehind: 2}, mark(salt, 9), false, false},
		"one commit behind an older mark":                 {wal.Contents{Salt: salt, Frames: 9, IntactBehind: 1}, mark(salt, 5), false, false},
		"two commits behind an older mark":                {wal.Contents{Salt: salt, Frames: 9, IntactBehind: 2}, mark(salt, 5), false, true},
		"one commit without a mark":                       {wal.Contents{Salt: salt, Frames: 9, DamagedBehind: 1}, mark(salt, 9), true, true},
		"no commit without a mark":                        {wal.Contents{Salt: salt, Frames: 9}, wal.Position{}, true, false},
		"a damaged header":                                {wal.Contents{HeaderDamaged: true}, mark(salt, 9), false, true},
	} {
		if problem := judge(tt.contents, tt.mark, !tt.unmarked); (problem != "") != tt.damaged {
			t.Errorf("%s: the problem is %q, damaged should be %t", name, problem, tt.damaged)
		}
	}
}
