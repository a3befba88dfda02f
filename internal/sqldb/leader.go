package sqldb

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// leaderInterval is the time between two attempts to become the leader, and between two
// checks that the leader still has its connection.
const leaderInterval = time.Second

// RunAsLeader waits until this process is the leader of those that share the database,
// and calls elected. It returns nil when ctx ends, and an error when the leadership is lost.
// On SQLite the process is the leader at once, since [LockFolder] excludes others.
//
// On PostgreSQL the leader holds an advisory lock, which is released with its connection
// however the process ends. RunAsLeader polls for the lock, since a blocked lock wait
// can't detect a dead server.
func (db *DB) RunAsLeader(ctx context.Context, elected func()) error {
	if db.server == nil {
		elected()
		<-ctx.Done()
		return nil
	}
	return unlessDone(ctx, connect(ctx, db.server.Copy(), func(conn *pgx.Conn) (err error) {
		for leading := false; err == nil; {
			if leading {
				err = ping(ctx, conn)
			} else if leading, err = tryLock(ctx, conn); leading {
				elected()
			}
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(leaderInterval):
			}
		}
		return err
	}))
}

// tryLock reports whether the connection acquired the leader's lock.
func tryLock(ctx context.Context, conn *pgx.Conn) (leading bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, pingTimeout)
	defer cancel()
	err = conn.QueryRow(ctx, "SELECT pg_try_advisory_lock(hashtext('trueup leads ' || current_schema()))").Scan(&leading)
	return leading, err
}
