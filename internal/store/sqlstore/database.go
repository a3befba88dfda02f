package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"
)

// CreateDatabase makes an empty database on the server of a URL and answers the URL
// that leads there.
func CreateDatabase(ctx context.Context, server, name string) (string, error) {
	return createDatabase(ctx, server, name, "")
}

// CopyDatabase copies a database, which nobody has open, to one with a name of its
// own on the same server and answers the URL that leads there.
func CopyDatabase(ctx context.Context, server, from string) (string, error) {
	source, err := databaseName(from)
	if err != nil {
		return "", err
	}
	return createDatabase(ctx, server, source+"_copy", " TEMPLATE "+pgx.Identifier{source}.Sanitize())
}

func createDatabase(ctx context.Context, server, name, as string) (string, error) {
	at, err := url.Parse(server)
	if err != nil {
		return "", errors.New("this is no URL of a PostgreSQL server")
	}
	if err := onServer(ctx, server, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize()+as); err != nil {
		return "", fmt.Errorf("create database %s: %w", name, err)
	}
	at.Path = "/" + name
	return at.String(), nil
}

// DropDatabase removes the database to which a URL leads, with all that is in it, by
// another one of the server.
func DropDatabase(ctx context.Context, server, where string) error {
	name, err := databaseName(where)
	if err == nil {
		err = onServer(ctx, server, "DROP DATABASE "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)")
	}
	if err != nil {
		return fmt.Errorf("drop a database: %w", err)
	}
	return nil
}

func databaseName(where string) (string, error) {
	at, err := url.Parse(where)
	if err != nil || strings.Trim(at.Path, "/") == "" {
		return "", errors.New("the URL names no database")
	}
	return strings.Trim(at.Path, "/"), nil
}

// onServer runs one statement outside of a transaction.
func onServer(ctx context.Context, server, statement string) error {
	config, err := postgresConfig(server)
	if err != nil {
		return err
	}
	return connected(ctx, config, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, statement)
		return err
	})
}

// connected runs f with a connection of its own.
func connected(ctx context.Context, to *pgx.ConnConfig, f func(*pgx.Conn) error) (err error) {
	conn, err := pgx.ConnectConfig(ctx, to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	return f(conn)
}

// databaseSize answers how many bytes the database takes on the disk, once all that
// is in memory is written.
func (st *Store) databaseSize(ctx context.Context) (bytes int64, err error) {
	// The store's own connections have no patience for a long checkpoint.
	err = connected(ctx, st.server, func(conn *pgx.Conn) error {
		if _, err := conn.Exec(ctx, "CHECKPOINT"); err != nil {
			return err
		}
		return conn.QueryRow(ctx, "SELECT pg_database_size(current_database())").Scan(&bytes)
	})
	if err != nil {
		return 0, fmt.Errorf("measure the store: %w", err)
	}
	return bytes, nil
}
