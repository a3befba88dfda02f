// Package ttlcache caches values for a short time.
package ttlcache

import (
	"sync"
	"time"
)

// TTL is the time for which a value is cached. For that time a change by another process
// may not be seen.
const TTL = 250 * time.Millisecond

// maxEntries bounds the size of a cache. A full cache is emptied.
const maxEntries = 1024

// Cache caches values by key. Its zero value is an empty cache. Its methods are safe
// for concurrent use.
type Cache[K comparable, V any] struct {
	mu      sync.Mutex
	entries map[K]entry[V]
	// generation is incremented by Clear, so that a value that was being loaded is not
	// cached.
	generation int
}

type entry[V any] struct {
	value   V
	expires time.Time
}

// Get returns the value for key. If it is not cached, Get calls load and caches the value.
// Errors are not cached. Concurrent calls may load the same value.
func (c *Cache[K, V]) Get(key K, load func() (V, error)) (V, error) {
	c.mu.Lock()
	cached, found := c.entries[key]
	generation := c.generation
	c.mu.Unlock()
	if found && time.Now().Before(cached.expires) {
		return cached.value, nil
	}
	expires := time.Now().Add(TTL)
	value, err := load()
	if err != nil {
		return value, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if generation == c.generation {
		if c.entries == nil || len(c.entries) >= maxEntries {
			c.entries = make(map[K]entry[V])
		}
		c.entries[key] = entry[V]{value, expires}
	}
	return value, nil
}

// Clear removes all values. It is called after a change of the data from which they were
// loaded.
func (c *Cache[K, V]) Clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generation++
	clear(c.entries)
}
