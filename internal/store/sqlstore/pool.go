package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"
)

// pool lends sessions, to the callers in the order in which they came.
type pool struct {
	db      *sql.DB
	dialect *dialect
	// turns has room for as many as may be lent; who waits for room is served in order.
	turns  chan struct{}
	shares *shares
	closed chan struct{}

	mu   sync.Mutex
	idle []*session
}

func newPool(db *sql.DB, d *dialect, size int) *pool {
	return &pool{db: db, dialect: d, turns: make(chan struct{}, size), shares: newShares(size), closed: make(chan struct{})}
}

// ErrClosed says that a store was used after it was closed.
var ErrClosed = errors.New("the store is closed")

// lend runs f with a session of its own.
func (p *pool) lend(ctx context.Context, f func(*session) error) error {
	if ctx.Err() != nil { // before a turn that is free
		return context.Cause(ctx)
	}
	select {
	case p.turns <- struct{}{}:
	case <-p.closed:
		return ErrClosed
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() { <-p.turns }()
	s, err := p.take(ctx)
	if err != nil {
		return err
	}
	defer p.give(s)
	return f(s)
}

func (p *pool) take(ctx context.Context) (*session, error) {
	select {
	case <-p.closed: // it may have been closed as this caller's turn came
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
	return &session{conn: conn, dialect: p.dialect, statements: make(map[string]statement)}, nil
}

func (p *pool) give(s *session) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle = append(p.idle, s)
	if !s.broken {
		return
	}
	// What one session does not survive is mostly the server, and so the end of all:
	// the next callers get new ones, instead of an error each. What these have to say
	// is said already.
	for _, lost := range p.idle {
		for _, known := range lost.statements { // SQLite keeps a connection open that has some
			_ = known.Close()
		}
		_ = lost.conn.Raw(func(any) error { return driver.ErrBadConn })
		_ = lost.conn.Close()
	}
	p.idle = nil
}

// close waits for every session lent and closes all.
func (p *pool) close() error {
	close(p.closed)
	for range cap(p.turns) {
		p.turns <- struct{}{}
	}
	var errs []error
	for _, s := range p.idle {
		errs = append(errs, s.close())
	}
	return errors.Join(errs...)
}
