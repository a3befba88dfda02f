package sqldb

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/trueup-ledger/trueup/internal/sqldb/wal"
)

// folderVariable is the environment variable with the folder that TestMain locks in the
// process that a test starts.
const folderVariable = "TRUEUP_TEST_LOCK_FOLDER"

func TestMain(m *testing.M) {
	dir, found := os.LookupEnv(folderVariable)
	if !found {
		os.Exit(m.Run())
	}
	if _, err := LockFolder(context.Background(), dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("locked")
	select {}
}

func TestAFolderIsLockedUntilItsProcessIsKilled(t *testing.T) {
	dir := t.TempDir()
	other := exec.Command(os.Args[0])
	other.Env = append(os.Environ(), folderVariable+"="+dir)
	other.Stderr = os.Stderr
	out, err := other.StdoutPipe()
	if err == nil {
		err = other.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	kill := func() {
		_ = other.Process.Kill()
		_ = other.Wait() // reports the kill
	}
	t.Cleanup(kill)
	if !bufio.NewScanner(out).Scan() {
		t.Fatal("the other process did not lock the folder")
	}
	if _, err := LockFolder(t.Context(), dir); !errors.Is(err, ErrInUse) {
		t.Errorf("error is %v, want %v", err, ErrInUse)
	}
	if err := open(t, dir).Close(); err != nil {
		t.Error(err)
	}
	kill()
	for range 2 { // an unlocked folder can be locked again, by the same process too
		locked, err := LockFolder(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := LockFolder(t.Context(), dir); !errors.Is(err, ErrInUse) {
			t.Errorf("error is %v, want %v", err, ErrInUse)
		}
		if err := locked.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestAMigrationIsCheckpointedAtOnce migrates from the version before the newest.
func TestAMigrationIsCheckpointedAtOnce(t *testing.T) {
	dir := t.TempDir()
	handle, err := openSQLite(filepath.Join(dir, databaseFile), sqliteWriter)
	if err != nil {
		t.Fatal(err)
	}
	migrator, err := newMigrator(testConfig().Migrations, &sqliteDialect, handle)
	if err == nil {
		_, err = migrator.UpTo(t.Context(), int64(len(migrator.ListSources())-1))
	}
	if err = errors.Join(err, handle.Close()); err != nil {
		t.Fatal(err)
	}
	db := open(t, dir)
	if want := (Migration{From: 1, To: 2}); db.Migration() != want {
		t.Errorf("migration %+v, want %+v", db.Migration(), want)
	}
	var busy, pages, checkpointed int
	err = db.writers.use(t.Context(), func(s *Session) error { return s.Row(wal.Measure, nil, &busy, &pages, &checkpointed) })
	if err != nil || pages == 0 || checkpointed != pages {
		t.Errorf("%d of %d pages are checkpointed, error %v", checkpointed, pages, err)
	}
}

func TestConnectionsAreDurableAndSmall(t *testing.T) {
	db := open(t, t.TempDir())
	for name, c := range map[string]struct {
		pool   *pool
		pragma string
		want   string
	}{
		"the writer uses the WAL":    {db.writers, "journal_mode", "wal"},
		"a commit is on disk":        {db.writers, "synchronous", "2"},
		"no commit checkpoints":      {db.writers, "wal_autocheckpoint", "0"},
		"the writer's cache":         {db.writers, "cache_size", "-16384"},
		"a reader's cache":           {db.readers, "cache_size", "-2048"},
		"nothing is mapped":          {db.readers, "mmap_size", "0"},
		"sorting needs no file":      {db.readers, "temp_store", "2"},
		"the writer waits for locks": {db.writers, "busy_timeout", "10000"},
		"readers wait for locks":     {db.readers, "busy_timeout", "10000"},
		"a long WAL is truncated":    {db.writers, "journal_size_limit", "268435456"},
		"a reader uses the WAL":      {db.readers, "journal_mode", "wal"},
	} {
		var got setting
		err := c.pool.use(t.Context(), func(s *Session) error { return s.Row("PRAGMA "+c.pragma, nil, &got) })
		if string(got) != c.want || err != nil {
			t.Errorf("%s: %s is %q, want %q (%v)", name, c.pragma, got, c.want, err)
		}
	}
}

// setting scans a column that is a number or a text.
type setting string

func (s *setting) Scan(from any) error {
	if text, ok := from.([]byte); ok {
		from = string(text)
	}
	*s = setting(fmt.Sprint(from))
	return nil
}
