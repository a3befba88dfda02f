package sqlstore

import (
	"context"
	"strconv"
	"sync"
)

// teller tells other processes of accounts, with a connection of its own that does not
// wait for the disk: a transaction that tells something commits like any other, while
// others with something to tell wait for it. What comes meanwhile is told together.
// Nothing depends on it: whoever listens looks around as well.
type teller struct {
	pool *pool

	mu      sync.Mutex
	pending map[notice]bool
	// telling is done when nothing is pending any more; it is nil when nobody tells.
	telling chan struct{}
}

// notice is what is told: something of an account.
type notice struct {
	channel string
	account int64
}

// tell tells of an account if there may be others to hear it.
func (st *Store) tell(channel string, account int64) {
	t := st.teller
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.pending == nil {
		t.pending = make(map[notice]bool)
	}
	t.pending[notice{channel, account}] = true
	if t.telling == nil {
		t.telling = make(chan struct{})
		go t.run(t.telling)
	}
}

// run tells until nothing is pending.
func (t *teller) run(done chan struct{}) {
	defer close(done)
	for {
		t.mu.Lock()
		all := t.pending
		t.pending = nil
		if len(all) == 0 {
			t.telling = nil
			t.mu.Unlock()
			return
		}
		t.mu.Unlock()
		channels, accounts := make([]string, 0, len(all)), make([]string, 0, len(all))
		for n := range all {
			channels, accounts = append(channels, n.channel), append(accounts, strconv.FormatInt(n.account, 10))
		}
		_ = t.pool.lend(context.Background(), func(s *session) error {
			// The schema says of which ledger the account is.
			return s.exec(`SELECT pg_notify(v.channel, v.account || ' ' || current_schema())
				FROM unnest(?1::text[], ?2::text[]) AS v (channel, account)`, channels, accounts)
		})
	}
}

// close waits until all is told.
func (t *teller) close() {
	t.mu.Lock()
	done := t.telling
	t.mu.Unlock()
	if done != nil {
		<-done
	}
}
