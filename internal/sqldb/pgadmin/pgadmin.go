// Package pgadmin creates, copies and drops databases on a PostgreSQL server.
package pgadmin

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/trueup-ledger/trueup/internal/sqldb"
)

// Create creates an empty database on a PostgreSQL server and returns its URL.
func Create(ctx context.Context, server, name string) (string, error) {
	return create(ctx, server, name, "")
}

// Copy copies the database at the URL from to a new one on the same server and
// returns the URL of the copy. No session may be connected to the original.
func Copy(ctx context.Context, server, from string) (string, error) {
	source, err := databaseName(from)
	if err != nil {
		return "", err
	}
	return create(ctx, server, source+"_copy", " TEMPLATE "+pgx.Identifier{source}.Sanitize())
}

func create(ctx context.Context, server, name, options string) (string, error) {
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

// Drop drops the database at the URL location with all its data. Server is the
// URL of another database on the same server.
func Drop(ctx context.Context, server, location string) error {
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
	return sqldb.Connect(ctx, server, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, statement)
		return err
	})
}
