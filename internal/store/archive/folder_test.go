package archive_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/store/archive"
)

func TestRemovePartialRemovesOldIncompleteFiles(t *testing.T) {
	folder := archive.Folder(t.TempDir())
	if err := folder.RemovePartial("1-00000000/", time.Hour); err != nil {
		t.Errorf("without a folder: %v", err)
	}
	dir := filepath.Join(string(folder), "1-00000000")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, age := range map[string]time.Duration{
		".1.partial": 2 * time.Hour, ".2.partial": 0, "00000001-a.jsonl.gz": 2 * time.Hour, "note.partial": 2 * time.Hour,
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Now().Add(-age)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	if err := folder.RemovePartial("1-00000000/", time.Hour); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 3 {
		t.Fatalf("left %v, %v, want three files", entries, err)
	}
	if _, err := os.Stat(filepath.Join(dir, ".1.partial")); !os.IsNotExist(err) {
		t.Errorf("the old incomplete file is left: %v", err)
	}
}

func TestWriteCreatesTheFolderAndItsParents(t *testing.T) {
	folder := archive.Folder(filepath.Join(t.TempDir(), "a", "b"))
	for range 2 { // the second time they exist
		if err := folder.Write("1-00000000/x.jsonl.gz", []byte("content")); err != nil {
			t.Fatal(err)
		}
	}
	if content, err := folder.Read("1-00000000/x.jsonl.gz"); string(content) != "content" || err != nil {
		t.Errorf("read %q, error %v", content, err)
	}
}
