package sqldb

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"
)

// CreateDatabase creates an empty database on a PostgreSQL server and returns its URL.
func CreateDatabase(ctx context.Context, server, name string) (string, error) {
	return createDatabase(ctx, server, name, "")
}

// CopyDatabase copies the database at the URL from to a new one on the same server and
// returns the URL of the copy. No session may be connected to the original.
func CopyDatabase(ctx context.Context, server, from string) (string, error) {
	source, err := databaseName(from)
	if err != nil {
		return "", err
	}
	return createDatabase(ctx, server, source+"_copy", " TEMPLATE "+pgx.Identifier{source}.Sanitize())
}

func createDatabase(ctx context.Context, server, name, options string) (string, error) {
	location, err := url.Parse(server)
	if err != nil {
		return "", errors.New("invalid URL of a PostgreSQL server")
	}
	if err := execOn(ctx, server, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize()+options); err != nil {
		return "", fmt.Errorf("create database %s: %w", name, err)
	}
	location.Path = "/" + name
	return location.String(), nil
}

// DropDatabase drops the database at the URL location with all its data. Server is the
// URL of another database on the same server.
func DropDatabase(ctx context.Context, server, location string) error {
	name, err := databaseName(location)
	if err == nil {
		err = execOn(ctx, server, "DROP DATABASE "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)")
	}
	if err != nil {
		return fmt.Errorf("drop the database: %w", err)
	}
	return nil
}

func databaseName(location string) (string, error) {
	u, err := url.Parse(location)
	if err != nil || strings.Trim(u.Path, "/") == "" {
		return "", errors.New("the URL names no database")
	}
	return strings.Trim(u.Path, "/"), nil
}

// execOn executes one statement outside of a transaction.
func execOn(ctx context.Context, server, statement string) error {
	return Connect(ctx, server, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, statement)
		return err
	})
}

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
