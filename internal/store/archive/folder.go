package archive

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Folder is a [store.ArchiveFolder] in the file system.
type Folder string

func (f Folder) path(name string) string { return filepath.Join(string(f), filepath.FromSlash(name)) }

// Write implements [store.ArchiveFolder]. The file gets its name once it is complete.
func (f Folder) Write(name string, content []byte) (err error) {
	path := f.path(name)
	folder := filepath.Dir(path)
	if err := makeFolder(folder); err != nil {
		return err
	}
	file, err := os.CreateTemp(folder, ".*.partial")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(file.Name())) }()
	if _, err = file.Write(content); err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	err = os.Link(file.Name(), path) // unlike a rename, it replaces nothing
	if errors.Is(err, fs.ErrExist) {
		if present, err := os.ReadFile(path); err != nil || !bytes.Equal(present, content) {
			return errors.Join(err, fmt.Errorf("%s has another content: move it away", path))
		}
		err = nil
	}
	if err != nil {
		return err
	}
	return errors.Join(sync(folder), sync(string(f)))
}

// makeFolder creates a folder and its parents unless they exist. They survive a crash.
func makeFolder(path string) error {
	err := os.Mkdir(path, 0o700)
	if errors.Is(err, fs.ErrNotExist) {
		if err = makeFolder(filepath.Dir(path)); err == nil {
			err = os.Mkdir(path, 0o700)
		}
	}
	if errors.Is(err, fs.ErrExist) { // also if another process was faster
		return nil
	}
	if err != nil {
		return err
	}
	return sync(filepath.Dir(path))
}

// sync makes the names in a folder survive a crash.
func sync(folder string) error {
	file, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// Read implements [store.ArchiveFolder].
func (f Folder) Read(name string) ([]byte, error) { return os.ReadFile(f.path(name)) }

// List implements [store.ArchiveFolder].
func (f Folder) List(prefix string) (names []string, err error) {
	entries, err := os.ReadDir(f.path(prefix))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".jsonl.gz") {
			names = append(names, prefix+e.Name())
		}
	}
	slices.Sort(names)
	return names, err
}

// Remove implements [store.ArchiveFolder].
func (f Folder) Remove(name string) error {
	err := os.Remove(f.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return sync(filepath.Dir(f.path(name)))
}

// RemovePartial implements [store.ArchiveFolder].
func (f Folder) RemovePartial(prefix string, age time.Duration) error {
	folder := f.path(prefix)
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	removed := false
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") || !strings.HasSuffix(e.Name(), ".partial") {
			continue
		}
		info, failed := e.Info()
		if failed == nil && time.Since(info.ModTime()) > age {
			failed = os.Remove(filepath.Join(folder, e.Name()))
			removed = true
		}
		if !errors.Is(failed, fs.ErrNotExist) {
			err = errors.Join(err, failed)
		}
	}
	if removed {
		err = errors.Join(err, sync(folder))
	}
	return err
}
