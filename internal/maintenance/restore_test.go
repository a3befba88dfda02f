package maintenance_test

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/maintenance"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/sqldb/backup"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

func TestABackupIsVerifiedAndRestored(t *testing.T) {
	t.Parallel()
	file := backUp(t, fill(t, 1))
	before := contents(t, filepath.Dir(file))
	c, err := maintenance.Check(t.Context(), file, verify)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "restored")
	restored, err := maintenance.Restore{File: file, Folder: dir, Event: restoring, Verify: verify}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if c.Submissions < 90 || restored.Contents != c || restored.Made.IsZero() {
		t.Errorf("restored %+v, want %+v", restored, c)
	}
	if !maps.Equal(contents(t, filepath.Dir(file)), before) {
		t.Error("the backup or its folder was changed")
	}
	use(t, dir, func(st *sqlstore.Store) {
		events, err := st.AuditEvents(t.Context(), store.Operator, 0, 1)
		if err != nil || len(events) != 1 || events[0].Operation != store.OperationRestore || events[0].Detail != "from backup.db, "+c.String() {
			t.Errorf("the last event is %+v (%v)", events, err)
		}
		if err := verify(t.Context(), st); err != nil {
			t.Error(err)
		}
	})
	if s, err := backup.ReadStamp(filepath.Join(dir, sqldb.SQLiteFiles()[0])); err != nil || !s.Made.IsZero() {
		t.Errorf("the restored ledger has the stamp %+v (%v) of a backup", s, err)
	}
}

func TestARestoreThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	file, failure := backUp(t, fill(t, 1)), errors.New("invalid")
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	other := func(name string, content []byte) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	late := restoring
	late.At = now.Add(2 * clockguard.MaxGap)
	invalid := func(context.Context, *sqlstore.Store) error { return failure }
	for _, tt := range []struct {
		name    string
		restore maintenance.Restore
		want    error
	}{
		{"not verified", maintenance.Restore{File: file, Event: restoring, Verify: invalid}, failure},
		{"missing", maintenance.Restore{File: file + "x", Event: restoring}, fs.ErrNotExist},
		{"not a database", maintenance.Restore{File: other("text", []byte("text")), Event: restoring}, backup.ErrNoBackup},
		{"truncated", maintenance.Restore{File: other("half", content[:len(content)/2]), Event: restoring}, nil},
		{"a clock far ahead", maintenance.Restore{File: file, Event: late}, nil},
	} {
		tt.restore.Folder = filepath.Join(t.TempDir(), "restored")
		if _, err := tt.restore.Run(t.Context()); err == nil || tt.want != nil && !errors.Is(err, tt.want) {
			t.Errorf("%s: error is %v, want %v", tt.name, err, tt.want)
		}
		wantAbsent(t, tt.restore.Folder)
	}
	dir := filepath.Join(t.TempDir(), "restored")
	if _, err := (maintenance.Restore{File: file, Folder: dir, Event: late, AcceptClock: true}).Run(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestARestoreReplacesNothing restores to folders that have a ledger, or a part of one.
func TestARestoreReplacesNothing(t *testing.T) {
	t.Parallel()
	file := backUp(t, fill(t, 1))
	for _, name := range sqldb.SQLiteFiles() {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), []byte("the only ledger"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := (maintenance.Restore{File: file, Folder: dir, Event: restoring}).Run(t.Context()); !errors.Is(err, fs.ErrExist) {
			t.Errorf("%s: error is %v, want %v", name, err, fs.ErrExist)
		}
		if content, err := os.ReadFile(filepath.Join(dir, name)); string(content) != "the only ledger" || err != nil {
			t.Errorf("%s is %q (%v)", name, content, err)
		}
	}
}

func TestTheFileOfALedgerWithALogIsNoBackup(t *testing.T) {
	t.Parallel()
	file := backUp(t, fill(t, 1))
	if err := os.WriteFile(file+"-wal", []byte("frames"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := maintenance.Check(t.Context(), file, verify); err == nil {
		t.Error("the file is verified without its log")
	}
}

func TestListShowsBackupsOnlyNewestFirst(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ledger := fill(t, 1)
	for _, name := range []string{"a.db", "b.db.partial", "c.db"} {
		if _, err := sqlstore.Backup(t.Context(), ledger, filepath.Join(dir, name), sqlstore.BackupOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "notes"), []byte("of the operator"), 0o600); err != nil {
		t.Fatal(err)
	}
	found, err := maintenance.List(dir)
	if err != nil || len(found) != 2 {
		t.Fatalf("found %+v (%v)", found, err)
	}
	if found[0].Made.Before(found[1].Made) || time.Since(found[0].Made) > time.Hour || found[0].Size == 0 {
		t.Errorf("found %+v", found)
	}
}
