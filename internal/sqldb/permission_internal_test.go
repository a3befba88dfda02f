//go:build unix

package sqldb

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestOnlyTheOwnerCanReadTheFiles opens databases with the umask that hides nothing. The
// umask and the logger belong to the process, so the test is not parallel.
func TestOnlyTheOwnerCanReadTheFiles(t *testing.T) {
	umask := syscall.Umask(0)
	defer syscall.Umask(umask)
	check := func(dir string, want int) {
		t.Helper()
		entries, err := os.ReadDir(dir)
		if err != nil || len(entries) < want {
			t.Errorf("the folder has %v (%v), want %d files", entries, err, want)
		}
		for _, entry := range entries {
			if info, err := entry.Info(); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%s has mode %v (%v)", entry.Name(), info.Mode(), err)
			}
		}
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("the folder has mode %v (%v)", info.Mode(), err)
		}
	}
	t.Run("new", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "data")
		locked, err := LockFolder(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		defer locked.Close()
		db := open(t, dir)
		db.checkpointer.Checkpoint()
		check(dir, 5)
	})
	t.Run("read by others before", func(t *testing.T) {
		dir := t.TempDir()
		if err := open(t, dir).Close(); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{dir, filepath.Join(dir, databaseFile)} {
			if err := os.Chmod(path, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		var log bytes.Buffer
		before := slog.Default()
		slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
		defer slog.SetDefault(before)
		open(t, dir)
		check(dir, 4)
		if lines := strings.Count(log.String(), "permissions changed"); lines != 2 {
			t.Errorf("the log is %q, want a line for the folder and the file", log.String())
		}
	})
}

func TestAFolderForEverybodyIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o777|os.ModeSticky); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenSQLite(t.Context(), dir, testConfig()); err == nil || !strings.Contains(err.Error(), "shared by all users") {
		t.Errorf("error is %v", err)
	}
}
