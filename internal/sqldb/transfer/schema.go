package transfer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"

	"github.com/jackc/pgx/v5"

	"github.com/trueup-ledger/trueup/internal/sqldb"
)

// IntoSchema calls fill with the URL of an empty schema in a PostgreSQL database, and then moves
// the tables of the schema to that of the given URL in one transaction. The tables appear there
// complete or not at all. If there is a database already, IntoSchema returns an error that wraps
// [fs.ErrExist]; while another process fills the schema, it returns [sqldb.ErrInUse]. A schema of
// a killed process is dropped by the next call.
func IntoSchema(ctx context.Context, location string, fill func(staged string) error) error {
	return sqldb.Connect(ctx, location, func(conn *pgx.Conn) error {
		target, locked, exists := "", false, false
		err := conn.QueryRow(ctx, `SELECT current_schema(), pg_try_advisory_lock(hashtext('trueup copies to ' || current_schema())),
			to_regclass('`+sqldb.MigrationsTable+`') IS NOT NULL`).Scan(&target, &locked, &exists)
		switch {
		case err != nil:
			return err
		case !locked:
			return sqldb.ErrInUse
		case exists:
			return fmt.Errorf("the database has a ledger: %w", fs.ErrExist)
		}
		name := target + "_incomplete"
		staged, err := withSchema(location, name)
		if err != nil {
			return err
		}
		schema := pgx.Identifier{name}.Sanitize()
		if _, err := conn.Exec(ctx, "DROP SCHEMA IF EXISTS "+schema+" CASCADE"); err != nil {
			return err
		}
		if _, err := conn.Exec(ctx, "CREATE SCHEMA "+schema); err != nil {
			return err
		}
		err = fill(staged)
		if err == nil {
			err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return moveTables(ctx, tx, name, target) })
		}
		if err != nil {
			_, dropped := conn.Exec(context.WithoutCancel(ctx), "DROP SCHEMA IF EXISTS "+schema+" CASCADE")
			return errors.Join(err, dropped)
		}
		return nil
	})
}

// withSchema returns the URL with another schema.
func withSchema(location, schema string) (string, error) {
	u, err := url.Parse(location)
	if err != nil {
		return "", errors.New("invalid PostgreSQL URL") // the error repeats the URL, which may have a password
	}
	query := u.Query()
	query.Set("search_path", pgx.Identifier{schema}.Sanitize())
	u.RawQuery = query.Encode()
	return u.String(), nil
}

// moveTables moves all tables of a schema, with their indexes, sequences and statistics, to another
// one and drops the schema.
func moveTables(ctx context.Context, tx pgx.Tx, from, to string) error {
	rows, err := tx.Query(ctx, "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = to_regnamespace($1)", pgx.Identifier{from}.Sanitize())
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		table := pgx.Identifier{from, name}.Sanitize()
		if _, err := tx.Exec(ctx, "ANALYZE "+table); err != nil { // or queries have bad plans at first
			return fmt.Errorf("analyze table %s: %w", name, err)
		}
		if _, err := tx.Exec(ctx, "ALTER TABLE "+table+" SET SCHEMA "+pgx.Identifier{to}.Sanitize()); err != nil {
			return fmt.Errorf("publish table %s: %w", name, err)
		}
	}
	_, err = tx.Exec(ctx, "DROP SCHEMA "+pgx.Identifier{from}.Sanitize())
	return err
}
