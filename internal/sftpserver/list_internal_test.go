package sftpserver

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/pkg/sftp"

	"github.com/trueup-ledger/trueup/internal/watchfolder"
)

func newFiles(t *testing.T) *files {
	t.Helper()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = root.Close() }()
	dir, err := watchfolder.OpenAccount(root, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = dir.Close() })
	return &files{account: New(Config{}).account(1), dir: dir}
}

func TestListsCountAsOpenFiles(t *testing.T) {
	t.Parallel()
	f := newFiles(t)
	var open []io.Closer
	for len(open) <= maxOpen {
		l, err := f.Filelist(&sftp.Request{Method: "List", Filepath: "/in"})
		if err != nil {
			break
		}
		c, is := l.(io.Closer)
		if !is {
			t.Fatal("a list can't be closed")
		}
		open = append(open, c)
	}
	if len(open) != maxOpen {
		t.Fatalf("%d lists are open", len(open))
	}
	if err := open[0].Close(); err != nil {
		t.Error(err)
	}
	for range maxOpen { // errors leave none open
		if _, err := f.Filelist(&sftp.Request{Method: "List", Filepath: "/missing"}); !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
	}
	if _, err := f.Filelist(&sftp.Request{Method: "List", Filepath: "/in"}); err != nil {
		t.Error("a list after one was closed:", err)
	}
}

func TestAListIsReadInPartsWhileFilesAreRemoved(t *testing.T) {
	t.Parallel()
	f := newFiles(t)
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		if err := os.WriteFile(filepath.Join(f.dir.Name(), "in", name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	l, err := f.Filelist(&sftp.Request{Method: "List", Filepath: "/in"})
	if err != nil {
		t.Fatal(err)
	}
	names, part, offset := "", make([]fs.FileInfo, 2), int64(0)
	for err == nil {
		var n int
		n, err = l.ListAt(part, offset)
		offset += int64(n)
		for _, info := range part[:n] {
			names += info.Name()
		}
		if removed := f.dir.Remove("in/d"); removed != nil && !errors.Is(removed, fs.ErrNotExist) {
			t.Error(removed)
		}
	}
	if err != io.EOF || names != "abce" {
		t.Errorf("the list is %q, %v", names, err)
	}
}
