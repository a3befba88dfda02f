package sqldb

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

// Connect opens a connection to a PostgreSQL database, without timeouts, calls f with it
// and closes it.
func Connect(ctx context.Context, url string, f func(*pgx.Conn) error) error {
	config, err := parseURL(url)
	if err != nil {
		return err
	}
	return connect(ctx, config, f)
}

func connect(ctx context.Context, config *pgx.ConnConfig, f func(*pgx.Conn) error) (err error) {
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	return f(conn)
}
