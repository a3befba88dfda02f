package sqlstore

import (
	"sync"
	"time"
)

// FreshFor is how long what requests look up, tokens and reference data, counts as
// being so still although another process may have changed it. What this process
// changes is seen at once.
const FreshFor = 250 * time.Millisecond

// maxRecent bounds how many values are kept.
const maxRecent = 1024

// recent keeps what every request looks up. Its zero value is empty.
type recent[K comparable, V any] struct {
	mu   sync.Mutex
	kept map[K]dated[V]
	// changes counts what was forgotten: what was looked up before is not kept after.
	changes int
}

type dated[V any] struct {
	value V
	until time.Time
}

// get answers the value of a key, by look where it is not known. An error is not kept.
func (r *recent[K, V]) get(key K, look func() (V, error)) (V, error) {
	r.mu.Lock()
	d, found := r.kept[key]
	changes := r.changes
	r.mu.Unlock()
	if found && time.Now().Before(d.until) {
		return d.value, nil
	}
	until := time.Now().Add(FreshFor)
	value, err := look()
	if err != nil {
		return value, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if changes == r.changes {
		if r.kept == nil || len(r.kept) >= maxRecent {
			r.kept = make(map[K]dated[V])
		}
		r.kept[key] = dated[V]{value, until}
	}
	return value, nil
}

// forget forgets everything: something is about to be otherwise, or was changed.
func (r *recent[K, V]) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.changes++
	clear(r.kept)
}
