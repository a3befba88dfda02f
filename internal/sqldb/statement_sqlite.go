package sqldb

import (
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"
)

// prepareSQLite prepares a statement with SQLite's own interface. Package database/sql
// asks for the names and types of all columns in each query, and its other overhead
// costs as much as SQLite itself. The statement can be used outside of [sql.Conn.Raw]
// since the session owns the connection.
func prepareSQLite(session *Session, text string) (prepared statement, err error) {
	err = session.conn.Raw(func(raw any) error {
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
	// row holds the columns of the current row. Its texts and blobs refer to SQLite's
	// memory and are valid until the next row.
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
		if reset := s.Reset(); err == nil { // Reset repeats the error of the last step
			err = reset
		}
	}()
	for s.Step() {
		if err := s.scan(dest); err != nil {
			return err
		}
		if err := each(); err != nil {
			return ignoreStop(err)
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
	case nil: // an unbound parameter is NULL
		return nil
	case float64, time.Time:
		return fmt.Errorf("no column holds a %T", arg)
	}
	value, err := sqldriver.DefaultParameterConverter.ConvertValue(arg)
	if err != nil {
		return err
	}
	return s.bindOne(param, value)
}

// scan scans the row into dest.
func (s *sqliteStatement) scan(dest []any) error {
	if len(dest) != len(s.row) {
		return fmt.Errorf("%d destinations for %d columns", len(dest), len(s.row))
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

// assign copies the value of a column to dest.
func assign(dest, value any) error {
	switch to := dest.(type) {
	case sql.Scanner:
		return to.Scan(value)
	case *[]byte:
		if from, ok := value.([]byte); ok {
			*to = append([]byte(nil), from...)
			return nil
		}
	case *string:
		if from, ok := value.([]byte); ok {
			if *to != string(from) { // rows often repeat the text of the row before
				*to = string(from)
			}
			return nil
		}
	default:
		if assignKind(reflect.ValueOf(dest).Elem(), value) {
			return nil
		}
	}
	return fmt.Errorf("cannot store a %T in a %T", value, dest)
}

// assignKind copies value to a destination of its kind and reports whether it did.
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
