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
// a killed process is dropped by the next call; any other schema of its name is an error.
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
		if err == nil {
			err = createStaged(ctx, conn, name)
		}
		if err != nil {
			return err
		}
		schema := pgx.Identifier{name}.Sanitize()
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

// maxNameBytes is the length of names to which PostgreSQL shortens longer ones.
const maxNameBytes = 63

// stagedComment is the comment of a staged schema, by which it is known.
const stagedComment = "an incomplete copy by trueup"

// createStaged creates the schema with a name. It drops one that a killed process left.
func createStaged(ctx context.Context, conn *pgx.Conn, name string) error {
	if len(name) > maxNameBytes {
		return fmt.Errorf("the name %s has more than %d bytes: choose a shorter schema", name, maxNameBytes)
	}
	schema, exists, staged := pgx.Identifier{name}.Sanitize(), false, false
	err := conn.QueryRow(ctx, "SELECT to_regnamespace($1) IS NOT NULL, coalesce(obj_description(to_regnamespace($1), 'pg_namespace') = $2, false)",
		schema, stagedComment).Scan(&exists, &staged)
	switch {
	case err != nil:
		return err
	case exists && !staged:
		return fmt.Errorf("the schema %s exists, and is not an incomplete copy: rename it", name)
	}
	_, err = conn.Exec(ctx, fmt.Sprintf("DROP SCHEMA IF EXISTS %[1]s CASCADE; CREATE SCHEMA %[1]s; COMMENT ON SCHEMA %[1]s IS '%[2]s'", schema, stagedComment))
	return err
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
