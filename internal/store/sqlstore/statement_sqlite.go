package sqlstore

import (
	"database/sql"
	standard "database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"
)

// prepareSQLite prepares a statement by the database's own interface: package sql
// asks for the names and types of all columns whenever a query is run, and what it
// does beside costs as much as SQLite itself. The session has the connection to
// itself, so that nobody meets its statements outside of [sql.Conn.Raw].
func prepareSQLite(of *session, text string) (prepared statement, err error) {
	err = of.conn.Raw(func(raw any) error {
		s, tail, err := raw.(driver.Conn).Raw().Prepare(text)
		if err == nil && (s == nil || tail != "") {
			err = errors.Join(fmt.Errorf("%q is not one statement", text), s.Close())
		}
		if err == nil {
			prepared = &sqliteStatement{Stmt: s, params: s.BindCount(), row: make([]any, s.ColumnCount())}
		}
		return err
	})
	return prepared, err
}

type sqliteStatement struct {
	*sqlite3.Stmt
	params int
	// row is the row under way. What texts and blobs it has are SQLite's.
	row []any
}

func (s *sqliteStatement) run(args, dest []any, each func() error) (err error) {
	defer func() {
		if cleared := s.ClearBindings(); err == nil { // a text can be large
			err = cleared
		}
	}()
	if err := s.bind(args); err != nil {
		return err
	}
	if dest == nil {
		return s.Exec()
	}
	defer func() {
		if reset := s.Reset(); err == nil { // it repeats the error of the last step
			err = reset
		}
	}()
	for s.Step() {
		if err := s.scan(dest); err != nil {
			return err
		}
		if err := each(); err != nil {
			return enough(err)
		}
	}
	return s.Err()
}

func (s *sqliteStatement) bind(args []any) (err error) {
	if len(args) != s.params {
		return fmt.Errorf("%d arguments for %d parameters", len(args), s.params)
	}
	for i, arg := range args {
		if err := s.bindOne(i+1, arg); err != nil {
			return err
		}
	}
	return nil
}

func (s *sqliteStatement) bindOne(param int, arg any) error {
	switch value := arg.(type) {
	case int64:
		return s.BindInt64(param, value)
	case string:
		return s.BindText(param, value)
	case []byte:
		return s.BindBlob(param, value)
	case bool:
		return s.BindBool(param, value)
	case nil: // it has no binding, which is NULL
		return nil
	case float64, time.Time:
		return fmt.Errorf("no column keeps a %T", arg)
	}
	value, err := standard.DefaultParameterConverter.ConvertValue(arg)
	if err != nil {
		return err
	}
	return s.bindOne(param, value)
}

// scan reads the row into dest.
func (s *sqliteStatement) scan(dest []any) error {
	if len(dest) != len(s.row) {
		return fmt.Errorf("%d places for %d columns", len(dest), len(s.row))
	}
	if err := s.ColumnsRaw(s.row...); err != nil {
		return err
	}
	for i, value := range s.row {
		if err := assign(dest[i], value); err != nil {
			return fmt.Errorf("column %s: %w", s.ColumnName(i), err)
		}
	}
	return nil
}

// assign reads a value of a column, and copies it.
func assign(dest, value any) error {
	switch to := dest.(type) {
	case sql.Scanner:
		return to.Scan(value)
	case *[]byte:
		if from, is := value.([]byte); is {
			*to = append([]byte(nil), from...)
			return nil
		}
	case *string:
		if from, is := value.([]byte); is {
			if *to != string(from) { // rows repeat what the one before had
				*to = string(from)
			}
			return nil
		}
	default:
		if assignKind(reflect.ValueOf(dest).Elem(), value) {
			return nil
		}
	}
	return fmt.Errorf("a %T is not a %T", value, dest)
}

// assignKind reads a value into whatever is of its kind.
func assignKind(to reflect.Value, value any) bool {
	switch from := value.(type) {
	case int64:
		switch {
		case to.CanInt() && !to.OverflowInt(from):
			to.SetInt(from)
			return true
		case to.CanUint() && from >= 0 && !to.OverflowUint(uint64(from)):
			to.SetUint(uint64(from))
			return true
		case to.Kind() == reflect.Bool && (from == 0 || from == 1):
			to.SetBool(from == 1)
			return true
		}
	case []byte:
		if to.Kind() == reflect.String {
			if to.String() != string(from) {
				to.SetString(string(from))
			}
			return true
		}
	}
	return false
}
