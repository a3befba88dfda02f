package storetest

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// ArchiveFolder is a [store.ArchiveFolder] in memory. Its zero value is empty.
type ArchiveFolder struct {
	mu    sync.Mutex
	files map[string][]byte
	// partialRemovals is the number of calls of RemovePartial.
	partialRemovals int
}

// Write implements [store.ArchiveFolder].
func (f *ArchiveFolder) Write(name string, content []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if present, exists := f.files[name]; exists && !bytes.Equal(present, content) {
		return fmt.Errorf("%s has another content", name)
	}
	if f.files == nil {
		f.files = make(map[string][]byte)
	}
	f.files[name] = bytes.Clone(content)
	return nil
}

// Read implements [store.ArchiveFolder].
func (f *ArchiveFolder) Read(name string) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	content, exists := f.files[name]
	if !exists {
		return nil, fmt.Errorf("%s does not exist", name)
	}
	return bytes.Clone(content), nil
}

// List implements [store.ArchiveFolder].
func (f *ArchiveFolder) List(prefix string) ([]string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	names := slices.Sorted(maps.Keys(f.files))
	return slices.DeleteFunc(names, func(name string) bool { return !strings.HasPrefix(name, prefix) }), nil
}

// Remove implements [store.ArchiveFolder].
func (f *ArchiveFolder) Remove(name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.files, name)
	return nil
}

// RemovePartial implements [store.ArchiveFolder]. Files in memory are complete. It counts the calls.
func (f *ArchiveFolder) RemovePartial(string, time.Duration) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.partialRemovals++
	return nil
}
