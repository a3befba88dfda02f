package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/fair"
	"github.com/trueup-ledger/trueup/internal/sqldb/failure"
	"github.com/trueup-ledger/trueup/internal/sqldb/seal"
	"github.com/trueup-ledger/trueup/internal/sqldb/wal"
)

// pool lends sessions to callers: by use in the order of arrival, and by useFor as its
// scheduler decides.
type pool struct {
	db      *sql.DB
	dialect *Dialect
	// slots holds a value for each session in use. The runtime serves goroutines that
	// wait to send to a channel in order.
	slots  chan struct{}
	fair   fair.Scheduler
	closed chan struct{}
	// mark is the high-water mark of a SQLite database that is open for writing.
	mark *wal.Mark
	// sealed are the tables whose rows the sessions seal.
	sealed seal.Catalogue
	// before, unless it is nil, is called before a statement runs or is deferred.
	before func(text string)

	mu   sync.Mutex
	idle []*Session
}

func newPool(db *sql.DB, d *Dialect, size int) *pool {
	return &pool{db: db, dialect: d, slots: make(chan struct{}, size), fair: fair.NewPool(size), closed: make(chan struct{})}
}

// openWriters opens the pool of writers, whose tenants share the time of its sessions.
func (db *DB) openWriters(handle *sql.DB, size int) {
	db.turns = fair.NewTurns(size, time.Now)
	db.writers = newPool(handle, db.dialect, size)
	db.writers.fair = db.turns
}

// ErrClosed is returned by the methods of a closed database.
var ErrClosed = errors.New("the database is closed")

// use calls f with a session that is not used by others until f returns.
func (p *pool) use(ctx context.Context, f func(*Session) error) (err error) {
	defer func() { err = failure.Mark(err, ErrReadOnly, ErrClosed) }()
	if ctx.Err() != nil { // even if a slot is free
		return context.Cause(ctx)
	}
	select {
	case p.slots <- struct{}{}:
	case <-p.closed:
		return ErrClosed
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() { <-p.slots }()
	s, err := p.take(ctx)
	if err != nil {
		return err
	}
	defer p.put(s)
	return f(s)
}

// useFor is like [pool.use], but waits until the scheduler gives the tenant a slot.
func (p *pool) useFor(ctx context.Context, tenant int64, f func(*Session) error) (err error) {
	defer func() { err = failure.Mark(err, ErrReadOnly, ErrClosed) }()
	t := p.fair.Enqueue(tenant)
	defer p.fair.Release(t)
	select {
	case <-t.Ready():
	case <-p.closed:
		return ErrClosed
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	return p.use(ctx, f)
}

func (p *pool) take(ctx context.Context) (*Session, error) {
	select {
	case <-p.closed: // the pool may have closed just as the slot became free
		return nil, ErrClosed
	default:
	}
	p.mu.Lock()
	if last := len(p.idle) - 1; last >= 0 {
		s := p.idle[last]
		p.idle = p.idle[:last]
		p.mu.Unlock()
		return s, nil
	}
	p.mu.Unlock()
	conn, err := p.db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return &Session{conn: conn, dialect: p.dialect, mark: p.mark, seals: seal.NewWriter(p.sealed), before: p.before, statements: make(map[string]statement)}, nil
}

func (p *pool) put(s *Session) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle = append(p.idle, s)
	if !s.broken {
		return
	}
	// A broken connection usually means that the server is gone, and with it every other
	// connection. Unless all are discarded, each would give its next caller an error.
	for _, lost := range p.idle {
		lost.discard()
	}
	p.idle = nil
}

// reserve acquires every slot, so that no session is in use until release is called. It
// reports whether it succeeded before ctx ended. Release must be called in either case.
func (p *pool) reserve(ctx context.Context) (release func(), ok bool) {
	taken := 0
	release = func() {
		for range taken {
			<-p.slots
		}
	}
	for range cap(p.slots) {
		select {
		case p.slots <- struct{}{}:
			taken++
		case <-ctx.Done():
			return release, false
		}
	}
	return release, true
}

// close waits until no session is in use and closes all of them.
func (p *pool) close() error {
	close(p.closed)
	for range cap(p.slots) {
		p.slots <- struct{}{}
	}
	var errs []error
	for _, s := range p.idle {
		errs = append(errs, s.close())
	}
	return errors.Join(errs...)
}
