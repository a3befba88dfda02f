package sqldb

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/trueup-ledger/trueup/internal/sqldb/seal"
	"github.com/trueup-ledger/trueup/internal/sqldb/wal"
)

// Session is a connection with its prepared statements. It serves one transaction at a
// time and must not be used by several goroutines at once.
//
// Statements have no context, since each would pay for a goroutine that watches it. The
// context of a transaction bounds the wait for a session, but not the transaction itself:
// a caller that reads many rows must check its context between them.
type Session struct {
	conn       *sql.Conn
	dialect    *Dialect
	statements map[string]statement
	// broken reports whether the connection must not be used again.
	broken bool
	// inTransaction reports whether a transaction is open, and failure is the error of one
	// of its statements. SQLite rolls a transaction back by itself when the disk fails:
	// later statements must not run, since they would take effect alone.
	inTransaction bool
	failure       error
	// lastFailure is the failure of the last transaction that ended.
	lastFailure error
	// mark, unless it is nil, takes the number of records that the transaction counted.
	mark    *wal.Mark
	counted int64
	// deferred holds the statements of the transaction that are sent together with the
	// next one whose result is needed.
	deferred []call
	// seals keeps the seals of rows up to date, or is nil if no table has any.
	seals *seal.Writer
	// before is that of the pool.
	before func(text string)
}

// maxStatements bounds the number of prepared statements of a session, since filters can
// be combined in more ways.
const maxStatements = 128

// Statements that end a transaction.
const (
	commit   = "COMMIT"
	rollback = "ROLLBACK"
)

// Dialect returns the dialect of the session's database.
func (s *Session) Dialect() *Dialect { return s.dialect }

// prepared returns the prepared statement for a text. It prepares it if necessary.
func (s *Session) prepared(text string) (statement, error) {
	if s.before != nil {
		s.before(text)
	}
	if known, found := s.statements[text]; found {
		return known, nil
	}
	if len(s.statements) >= maxStatements {
		for old, known := range s.statements {
			delete(s.statements, old)
			if err := known.Close(); err != nil {
				return nil, err
			}
		}
	}
	prepared, err := s.dialect.prepare(s, text)
	if err != nil {
		return nil, s.checkBroken(err)
	}
	s.statements[text] = prepared
	return prepared, nil
}

// checkBroken returns err, and marks the session as broken if its connection is lost.
func (s *Session) checkBroken(err error) error {
	if err != nil {
		s.broken = s.broken || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || s.dialect.broken(err)
	}
	return err
}

// Exec executes a statement that returns no rows. In a transaction, the statement may be
// sent together with a later one, at the latest with the COMMIT, which then returns its
// error.
func (s *Session) Exec(text string, args ...any) error {
	if s.seals == nil || !s.inTransaction {
		return s.RowsDeferred(text, args, nil, nil)
	}
	c := s.seals.Rewrite(text, args)
	return s.RowsDeferred(c.Text, c.Args, c.Dest, c.Each)
}

// RowsDeferred is like [Session.Rows], but for rows that are not needed yet. In a
// transaction, the query may be sent together with the next [Session.Row] or
// [Session.Rows], which then reads the rows of both and returns the error of either.
func (s *Session) RowsDeferred(text string, args, dest []any, each func() error) error {
	if s.inTransaction && s.failure == nil && text != commit {
		if prepared, err := s.prepared(text); err != nil {
			return err
		} else if d, ok := prepared.(deferrer); ok {
			d.deferRun(args, dest, each)
			return nil
		}
	}
	return s.Rows(text, args, dest, each)
}

// Row scans the first row of a query into dest. It returns [sql.ErrNoRows] if there is
// none.
func (s *Session) Row(text string, args []any, dest ...any) error {
	found := false
	c := seal.Call{Text: text, Args: args, Dest: dest, Each: func() error { return nil }}
	if s.seals != nil && s.inTransaction {
		c = s.seals.RewriteQuery(text, args, dest)
	}
	err := s.Rows(c.Text, c.Args, c.Dest, func() error {
		found = true
		return errors.Join(c.Each(), ErrStop)
	})
	if err == nil && !found {
		return sql.ErrNoRows
	}
	return err
}

// Rows runs a query and calls each for every row, with the row scanned into dest, until
// each returns an error or [ErrStop]. The function each must not use the session.
func (s *Session) Rows(text string, args []any, dest []any, each func() error) error {
	if s.failure != nil {
		return fmt.Errorf("the transaction has failed: %w", s.failure)
	}
	prepared, err := s.prepared(text)
	if err != nil {
		return err
	}
	var stopped error
	err = prepared.run(args, dest, func() error {
		stopped = each()
		return stopped
	})
	if s.inTransaction && (stopped == nil || errors.Is(stopped, ErrStop)) { // otherwise the error is the caller's
		s.failure = err
	}
	return s.checkBroken(err)
}

// Count adds new records to the number that [Config.CountQuery] returns once the
// transaction is committed.
func (s *Session) Count(records int) { s.counted += int64(records) }

// inTx runs f in a transaction and commits it if f returns nil.
func (s *Session) inTx(begin string, f func() error) (err error) {
	begun, committed := false, false
	if s.seals != nil {
		s.seals.Begin()
	}
	s.inTransaction, s.counted = true, 0
	defer func() {
		if len(s.deferred) > 0 && s.deferred[0].text == begin { // nothing was sent
			begun = false
		}
		s.inTransaction, s.failure, s.lastFailure, s.deferred = false, nil, s.failure, nil
		if begun && !committed { // f failed or panicked, or the commit failed
			s.broken = s.Exec(rollback) != nil || s.broken
		}
	}()
	if err := s.Exec(begin); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	begun = true
	if err := f(); err != nil {
		return err
	}
	if err := s.writeSeals(); err != nil {
		return err
	}
	if s.mark != nil {
		s.mark.Count(s.counted)
	}
	if err := s.Exec(commit); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	committed = true
	return nil
}

// close closes the statements and the connection. It returns no error if the connection
// is broken.
func (s *Session) close() error {
	var errs []error
	for _, statement := range s.statements {
		errs = append(errs, s.checkBroken(statement.Close()))
	}
	errs = append(errs, s.checkBroken(s.conn.Close()))
	if s.broken {
		return nil
	}
	return errors.Join(errs...)
}

// discard closes the connection and prevents database/sql from reusing it.
func (s *Session) discard() {
	for _, known := range s.statements { // SQLite keeps a connection open that has statements
		_ = known.Close()
	}
	_ = s.conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = s.conn.Close()
}
