package sqlstore

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// Channels on which processes tell each other of an account, where they share a
// server. What is told can be lost; whoever listens looks around from time to time.
const (
	// channelQueued is for who applies: somebody else wanted to, meanwhile.
	channelQueued = "trueup_queued"
	// channelApplied is for who waits: submissions are complete.
	channelApplied = "trueup_applied"
)

// tell tells of an account once the transaction is committed, or at once outside of
// one. Commits with something to tell wait for each other, so that none of them should
// have anything to write.
func (s *session) tell(channel string, account int64) error {
	return s.exec("SELECT pg_notify(?, ?)", channel, strconv.FormatInt(account, 10))
}

// told tells of an account if there may be others to hear it. Nothing depends on it.
func (st *Store) told(ctx context.Context, channel string, account int64) {
	if st.server != nil {
		_ = st.writers.lend(ctx, func(s *session) error { return s.tell(channel, account) })
	}
}

// stillThere is how often a process that leads asks whether it still does.
const stillThere = time.Second

// Lead implements [store.Heard]. Who serves a folder holds it, and leads alone. On a
// server a lock of its own says who leads: it ends with the connection, in whichever
// way the process does.
func (st *Store) Lead(ctx context.Context, lead func()) error {
	if st.server == nil {
		lead()
		<-ctx.Done()
		return nil
	}
	conn, err := pgx.ConnectConfig(ctx, st.server.Copy())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	_, err = conn.Exec(ctx, "SELECT pg_advisory_lock(hashtext('trueup leads ' || current_schema()))")
	if err == nil {
		lead()
	}
	for err == nil {
		select {
		case <-ctx.Done():
		case <-time.After(stillThere):
			err = conn.Ping(ctx)
		}
		if ctx.Err() != nil {
			return nil
		}
	}
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// Hear implements [store.Heard].
func (st *Store) Hear(ctx context.Context, queued, applied func(account int64)) error {
	if st.server == nil { // processes that share a folder only look around
		<-ctx.Done()
		return nil
	}
	conn, err := pgx.ConnectConfig(ctx, st.server.Copy())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	hear := map[string]func(int64){channelQueued: queued, channelApplied: applied}
	for channel := range hear {
		if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
			return err
		}
	}
	for {
		told, err := conn.WaitForNotification(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		account, err := strconv.ParseInt(told.Payload, 10, 64)
		if f := hear[told.Channel]; f != nil && err == nil {
			f(account)
		}
	}
}
