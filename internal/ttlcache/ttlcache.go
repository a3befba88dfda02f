// Package ttlcache caches the results of lookups for a short time.
package ttlcache

import (
	"sync"
	"time"
)

// TTL is how long a value is returned although another process may have changed it.
const TTL = 250 * time.Millisecond

// maxEntries bounds the size of a cache.
const maxEntries = 1024

// Cache caches values by key. Its zero value is an empty cache. Its methods are safe
// for concurrent use.
type Cache[K comparable, V any] struct {
	mu      sync.Mutex
	entries map[K]entry[V]
	// generation is incremented by Clear. A value loaded in an earlier generation is
	// not cached.
	generation int
}

type entry[V any] struct {
	value   V
	expires time.Time
}

// Get returns the value of key. If it is not cached, Get calls load and caches its
// value; an error is not cached.
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

// Clear removes all values. The caller has changed what they are loaded from.
func (c *Cache[K, V]) Clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generation++
	clear(c.entries)
}
