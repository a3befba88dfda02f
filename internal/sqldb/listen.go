package sqldb

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

// pingTimeout is the time after which an idle connection is pinged, and the time within
// which the server must reply.
const pingTimeout = 5 * time.Second

// Listen calls the handler of a channel with each id that a process sends to the channel
// with [DB.Notify], until ctx ends. An error means that the connection was lost; ids that
// are sent before the next call of Listen are not delivered. On SQLite it only waits for
// ctx.
func (db *DB) Listen(ctx context.Context, handlers map[string]func(id int64)) error {
	if db.server == nil {
		<-ctx.Done()
		return nil
	}
	return unlessDone(ctx, connect(ctx, db.server.Copy(), func(conn *pgx.Conn) error {
		return dispatch(ctx, conn, handlers)
	}))
}

// dispatch calls handlers until ctx ends or the connection is lost.
func dispatch(ctx context.Context, conn *pgx.Conn, handlers map[string]func(id int64)) error {
	schema, err := subscribe(ctx, conn, slices.Collect(maps.Keys(handlers)))
	if err != nil {
		return err
	}
	for {
		n, err := nextNotification(ctx, conn)
		if err != nil {
			return err
		}
		number, sender, _ := strings.Cut(n.Payload, " ")
		id, err := strconv.ParseInt(number, 10, 64)
		if handle := handlers[n.Channel]; handle != nil && err == nil && sender == schema {
			handle(id)
		}
	}
}

// subscribe executes LISTEN for the channels and returns the connection's schema.
func subscribe(ctx context.Context, conn *pgx.Conn, channels []string) (schema string, err error) {
	ctx, cancel := context.WithTimeout(ctx, pingTimeout)
	defer cancel()
	for _, channel := range channels {
		if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
			return "", err
		}
	}
	err = conn.QueryRow(ctx, "SELECT current_schema()").Scan(&schema)
	return schema, err
}

// nextNotification waits for a notification, and pings the server while there is none.
func nextNotification(ctx context.Context, conn *pgx.Conn) (*pgconn.Notification, error) {
	for {
		waiting, cancel := context.WithTimeout(ctx, pingTimeout)
		n, err := conn.WaitForNotification(waiting)
		timedOut := waiting.Err() != nil
		cancel()
		if err == nil || !timedOut || ctx.Err() != nil {
			return n, err
		}
		if err := ping(ctx, conn); err != nil {
			return nil, err
		}
	}
}

func ping(ctx context.Context, conn *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, pingTimeout)
	defer cancel()
	return conn.Ping(ctx)
}

// unlessDone returns nil if ctx has ended, and err otherwise.
func unlessDone(ctx context.Context, err error) error {
	select {
	case <-ctx.Done():
		return nil
	default:
		return err
	}
}
