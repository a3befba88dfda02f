package sqlstore

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Channels on which processes tell each other of an account, where they share a
// server. What is told can be lost; whoever listens looks around from time to time.
const (
	// channelQueued is for who applies: there may be more to do.
	channelQueued = "trueup_queued"
	// channelApplied is for who waits: submissions are complete.
	channelApplied = "trueup_applied"
)

// NotifyQueued implements [store.Notifier].
func (st *Store) NotifyQueued(_ context.Context, account int64) error {
	if st.writers == nil {
		return ErrReadOnly
	}
	st.tell(channelQueued, account)
	return nil
}

// stillThere is how often a process asks whether it leads, or may; and answersWithin how
// long the server has to say so, on connections that only listen too.
const (
	stillThere    = time.Second
	answersWithin = 5 * time.Second
)

// RunAsLeader implements [store.Notifier]. Who serves a folder holds it, and leads alone. On a
// server a lock of its own says who leads: it ends with the connection, in whichever
// way the process does. It is asked for again and again, as who waits for a lock hears
// nothing of a server that is gone.
func (st *Store) RunAsLeader(ctx context.Context, lead func()) error {
	if st.server == nil {
		lead()
		<-ctx.Done()
		return nil
	}
	return unlessEnded(ctx, connected(ctx, st.server.Copy(), func(conn *pgx.Conn) (err error) {
		for leads := false; err == nil; {
			if leads {
				err = ping(ctx, conn)
			} else if leads, err = seizeLead(ctx, conn); leads {
				lead()
			}
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(stillThere):
			}
		}
		return err
	}))
}

func seizeLead(ctx context.Context, conn *pgx.Conn) (leads bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, answersWithin)
	defer cancel()
	err = conn.QueryRow(ctx, "SELECT pg_try_advisory_lock(hashtext('trueup leads ' || current_schema()))").Scan(&leads)
	return leads, err
}

func ping(ctx context.Context, conn *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, answersWithin)
	defer cancel()
	return conn.Ping(ctx)
}

// unlessEnded answers the error of what was not told to end.
func unlessEnded(ctx context.Context, err error) error {
	select {
	case <-ctx.Done():
		return nil
	default:
		return err
	}
}

// Listen implements [store.Notifier].
func (st *Store) Listen(ctx context.Context, queued, applied func(account int64)) error {
	if st.server == nil { // processes that share a folder only look around
		<-ctx.Done()
		return nil
	}
	return unlessEnded(ctx, connected(ctx, st.server.Copy(), func(conn *pgx.Conn) error {
		return hear(ctx, conn, map[string]func(int64){channelQueued: queued, channelApplied: applied})
	}))
}

// hear passes on what is told on some channels until the connection ends.
func hear(ctx context.Context, conn *pgx.Conn, channels map[string]func(account int64)) error {
	schema, err := listen(ctx, conn, slices.Collect(maps.Keys(channels)))
	if err != nil {
		return err
	}
	for {
		told, err := nextTold(ctx, conn)
		if err != nil {
			return err
		}
		number, of, _ := strings.Cut(told.Payload, " ")
		account, err := strconv.ParseInt(number, 10, 64)
		if f := channels[told.Channel]; f != nil && err == nil && of == schema {
			f(account)
		}
	}
}

// listen answers the schema whose accounts are meant.
func listen(ctx context.Context, conn *pgx.Conn, channels []string) (schema string, err error) {
	ctx, cancel := context.WithTimeout(ctx, answersWithin)
	defer cancel()
	for _, channel := range channels {
		if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
			return "", err
		}
	}
	err = conn.QueryRow(ctx, "SELECT current_schema()").Scan(&schema)
	return schema, err
}

// nextTold waits for what is told next, and asks whether the server is there while
// nothing is.
func nextTold(ctx context.Context, conn *pgx.Conn) (*pgconn.Notification, error) {
	for {
		waiting, cancel := context.WithTimeout(ctx, answersWithin)
		told, err := conn.WaitForNotification(waiting)
		over := waiting.Err() != nil
		cancel()
		if err == nil || !over || ctx.Err() != nil {
			return told, err
		}
		if err := ping(ctx, conn); err != nil {
			return nil, err
		}
	}
}
