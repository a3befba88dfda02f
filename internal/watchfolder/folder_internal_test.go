package watchfolder

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
)

func TestUsageIgnoresFilesThatAreMoved(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.put("done/a.csv", "content")
	root, err := os.OpenRoot(f.folder)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = root.Close() }()
	if err := os.Remove(filepath.Join(f.folder, working)); err != nil {
		t.Fatal(err)
	}
	if files, size, err := Usage(root); files != 1 || size != 7 || err != nil {
		t.Errorf("usage is %d files, %d bytes, %v", files, size, err)
	}
}

func TestAnAccountCanBeOpenedTwiceAtOnce(t *testing.T) {
	t.Parallel()
	for range 50 {
		root, err := os.OpenRoot(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				dir, err := OpenAccount(root, 1)
				if err != nil {
					t.Error(err)
					return
				}
				_ = dir.Close()
			})
		}
		group.Wait()
		_ = root.Close()
	}
}
