package sqlstore

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgresStatement is sent together with what was postponed before it, so that a
// transaction takes as many journeys to the server as there are answers to wait for.
// The driver prepares each text once for a connection.
type postgresStatement struct {
	session *session
	text    string
}

// call is a statement to be sent, and where its rows are read to, if it has some.
type call struct {
	text       string
	args, dest []any
	each       func() error
}

func preparePostgres(s *session, text string) (statement, error) {
	return postgresStatement{s, s.dialect.text(text)}, nil
}

// postpone implements [postponer].
func (p postgresStatement) postpone(args, dest []any, each func() error) {
	p.session.postponed = append(p.session.postponed, call{p.text, args, dest, each})
}

func (p postgresStatement) run(args, dest []any, each func() error) error {
	p.postpone(args, dest, each)
	calls := p.session.postponed
	p.session.postponed = nil
	return p.session.conn.Raw(func(raw any) error {
		conn := raw.(*stdlib.Conn).Conn()
		err := send(conn, calls)
		if conn.IsClosed() {
			p.session.broken = true
		}
		return err
	})
}

// Close implements [statement]: what is prepared belongs to the driver.
func (postgresStatement) Close() error { return nil }

// send sends calls together, and reads the rows of each. The first error is that of all,
// as the server leaves out what follows.
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

// read reads what the server answered to a call.
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
	dest := truths(c.dest)
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		if err := c.each(); err != nil {
			return enough(err)
		}
	}
	return rows.Err()
}

// truth reads a bool from a number too, as the tables have them.
type truth bool

// Scan implements [sql.Scanner].
func (t *truth) Scan(value any) error {
	switch value := value.(type) {
	case bool:
		*t = truth(value)
	case int64:
		*t = value != 0
	default:
		return fmt.Errorf("%T is neither true nor false", value)
	}
	return nil
}

// truths has the bools of a row read as truths.
func truths(dest []any) []any {
	dest = slices.Clone(dest)
	for i, d := range dest {
		if b, is := d.(*bool); is {
			dest[i] = (*truth)(b)
		}
	}
	return dest
}

var _ postponer = postgresStatement{}
