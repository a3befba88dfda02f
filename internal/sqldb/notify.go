package sqldb

import (
	"context"
	"strconv"
	"sync"
)

// notifier sends notifications on a connection of its own that commits asynchronously,
// since PostgreSQL serializes the commits of transactions with a NOTIFY. Ids that arrive
// during a commit are sent together in the next one. Notifications may be lost: listeners
// must poll as well.
type notifier struct {
	pool *pool

	mu      sync.Mutex
	pending map[notification]bool
	// running is the channel that run closes when it returns, or nil if run is not running.
	running chan struct{}
}

type notification struct {
	channel string
	id      int64
}

// Notify sends an id to the processes that listen on a channel with the same schema. It
// doesn't wait, and the notification may be lost. On SQLite it does nothing.
func (db *DB) Notify(channel string, id int64) {
	n := db.notifier
	if n == nil {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.pending == nil {
		n.pending = make(map[notification]bool)
	}
	n.pending[notification{channel, id}] = true
	if n.running == nil {
		n.running = make(chan struct{})
		go n.run(n.running)
	}
}

// run sends notifications until nothing is pending.
func (n *notifier) run(done chan struct{}) {
	defer close(done)
	for {
		n.mu.Lock()
		pending := n.pending
		n.pending = nil
		if len(pending) == 0 {
			n.running = nil
			n.mu.Unlock()
			return
		}
		n.mu.Unlock()
		channels, ids := make([]string, 0, len(pending)), make([]string, 0, len(pending))
		for p := range pending {
			channels, ids = append(channels, p.channel), append(ids, strconv.FormatInt(p.id, 10))
		}
		_ = n.pool.use(context.Background(), func(s *Session) error {
			// Channels are shared by all schemas of a database.
			return s.Exec(`SELECT pg_notify(v.channel, v.id || ' ' || current_schema())
				FROM unnest(?1::text[], ?2::text[]) AS v (channel, id)`, channels, ids)
		})
	}
}

// close waits until nothing is pending, and closes the connection.
func (n *notifier) close() error {
	n.mu.Lock()
	done := n.running
	n.mu.Unlock()
	if done != nil {
		<-done
	}
	return n.pool.close()
}
