package sqldb

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgresStatement is sent in one pipeline with the deferred statements before it, so
// that a transaction makes a round trip only when it needs a result. The driver prepares
// each text once per connection.
type postgresStatement struct {
	session *Session
	text    string
}

// call is a statement to send, with its arguments and the destination of its rows.
type call struct {
	text       string
	args, dest []any
	each       func() error
}

func preparePostgres(s *Session, text string) (statement, error) {
	return postgresStatement{s, s.dialect.Text(text)}, nil
}

// deferRun implements [deferrer].
func (p postgresStatement) deferRun(args, dest []any, each func() error) {
	p.session.deferred = append(p.session.deferred, call{p.text, args, dest, each})
}

func (p postgresStatement) run(args, dest []any, each func() error) error {
	p.deferRun(args, dest, each)
	calls := p.session.deferred
	p.session.deferred = nil
	return p.session.conn.Raw(func(raw any) error {
		conn := raw.(*stdlib.Conn).Conn()
		err := send(conn, calls)
		if conn.IsClosed() {
			p.session.broken = true
		}
		return err
	})
}

// Close implements [statement]. The prepared statement belongs to the driver.
func (postgresStatement) Close() error { return nil }

// send sends calls in one pipeline and reads the rows of each. It returns the first
// error; the server skips the calls after it.
func send(conn *pgx.Conn, calls []call) (err error) {
	var batch pgx.Batch
	for _, c := range calls {
		batch.Queue(c.text, c.args...)
	}
	results := conn.SendBatch(context.Background(), &batch)
	defer func() {
		if closed := results.Close(); err == nil {
			err = closed
		}
	}()
	for _, c := range calls {
		if err := c.read(results); err != nil {
			return err
		}
	}
	return nil
}

// read reads the result of the call.
func (c call) read(results pgx.BatchResults) error {
	if c.dest == nil {
		_, err := results.Exec()
		return err
	}
	rows, err := results.Query()
	if err != nil {
		return err
	}
	defer rows.Close()
	dest := acceptNumbers(c.dest)
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		if err := c.each(); err != nil {
			return ignoreStop(err)
		}
	}
	return rows.Err()
}

// numericBool scans a bool from a column of booleans or of 0 and 1.
type numericBool bool

// Scan implements [sql.Scanner].
func (b *numericBool) Scan(value any) error {
	switch value := value.(type) {
	case bool:
		*b = numericBool(value)
	case int64:
		if value != 0 && value != 1 {
			return fmt.Errorf("%d is not a bool", value)
		}
		*b = value == 1
	default:
		return fmt.Errorf("a %T is not a bool", value)
	}
	return nil
}

// acceptNumbers returns dest with every *bool replaced by a *[numericBool].
func acceptNumbers(dest []any) []any {
	dest = slices.Clone(dest)
	for i, d := range dest {
		if b, ok := d.(*bool); ok {
			dest[i] = (*numericBool)(b)
		}
	}
	return dest
}

var _ deferrer = postgresStatement{}
