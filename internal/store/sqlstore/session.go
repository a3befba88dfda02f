package sqlstore

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
)

// session is one connection with the statements that were prepared on it. It
// serves one transaction at a time. Its statements run to their end: whoever
// wants to stop looks at the context in between, so that no transaction is torn
// and no statement pays for being watched.
type session struct {
	conn       *sql.Conn
	dialect    *dialect
	statements map[string]statement
	broken     bool
	// inside says that a transaction is under way, and torn is the error of a statement of
	// it. SQLite takes a transaction back by itself when the disk fails: what came after
	// would be kept alone.
	inside bool
	torn   error
	// postponed are statements of the transaction that wait to be sent with the next one:
	// nobody waits for their answers yet.
	postponed []call
}

// maxStatements bounds how many statements a session keeps prepared; filters can
// be combined in more ways.
const maxStatements = 128

func (s *session) prepared(text string) (statement, error) {
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
		return nil, s.failed(err)
	}
	s.statements[text] = prepared
	return prepared, nil
}

// failed remembers what a connection does not survive.
func (s *session) failed(err error) error {
	if err != nil {
		s.broken = s.broken || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || s.dialect.broken(err)
	}
	return err
}

// exec runs a statement without rows. In a transaction its error may be that of a later
// one, of COMMIT at last.
func (s *session) exec(text string, args ...any) error { return s.rowsLater(text, args, nil, nil) }

// rowsLater is rows for who does not need them yet: in a transaction they may be read only
// when the next [session.row] or [session.rows] is, and an error be that one's.
func (s *session) rowsLater(text string, args, dest []any, each func() error) error {
	if s.inside && s.torn == nil && text != endKept {
		if prepared, err := s.prepared(text); err != nil {
			return err
		} else if p, is := prepared.(postponer); is {
			p.postpone(args, dest, each)
			return nil
		}
	}
	return s.rows(text, args, dest, each)
}

// How a transaction ends.
const (
	endKept   = "COMMIT"
	endUndone = "ROLLBACK"
)

// row reads the one row of a query into dest; sql.ErrNoRows if there is none.
func (s *session) row(text string, args []any, dest ...any) error {
	found := false
	err := s.rows(text, args, dest, func() error {
		found = true
		return errEnough
	})
	if err == nil && !found {
		return sql.ErrNoRows
	}
	return err
}

// rows runs a query and calls each for every row, with the row already read into
// dest, until each answers an error or [errEnough]. No other statement may run meanwhile.
func (s *session) rows(text string, args []any, dest []any, each func() error) error {
	if s.torn != nil {
		return fmt.Errorf("the transaction had failed: %w", s.torn)
	}
	prepared, err := s.prepared(text)
	if err != nil {
		return err
	}
	var answered error
	err = prepared.run(args, dest, func() error {
		answered = each()
		return answered
	})
	if s.inside && (answered == nil || errors.Is(answered, errEnough)) { // else it is the caller's error
		s.torn = err
	}
	return s.failed(err)
}

// within runs f in a transaction, which is kept if f returns nil.
func (s *session) within(begin string, f func() error) (err error) {
	begun, kept := false, false
	s.inside = true
	defer func() {
		if len(s.postponed) > 0 && s.postponed[0].text == begin { // nothing was sent
			begun = false
		}
		s.inside, s.torn, s.postponed = false, nil, nil
		if begun && !kept { // f failed or panicked, or the commit failed
			s.broken = s.exec(endUndone) != nil || s.broken
		}
	}()
	if err := s.exec(begin); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	begun = true
	if err := f(); err != nil {
		return err
	}
	if err := s.exec(endKept); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	kept = true
	return nil
}

// close releases the connection. One that was lost meanwhile has nothing to release.
func (s *session) close() error {
	var errs []error
	for _, statement := range s.statements {
		errs = append(errs, s.failed(statement.Close()))
	}
	errs = append(errs, s.failed(s.conn.Close()))
	if s.broken {
		return nil
	}
	return errors.Join(errs...)
}
