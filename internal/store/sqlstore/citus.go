package sqlstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/trueup-ledger/trueup/internal/sqldb"
)

// ErrNoCitus is returned by [Distribute] for a database without Citus.
var ErrNoCitus = errors.New("the database has no Citus; run CREATE EXTENSION citus in it first")

// Distribute distributes the tables of a store in PostgreSQL over the nodes of Citus, so
// that all rows of an account are on one node. It skips tables that are distributed
// already, and returns the number of the others.
func Distribute(ctx context.Context, url string) (tables int, err error) {
	err = sqldb.Connect(ctx, url, func(conn *pgx.Conn) error {
		var installed bool
		err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus')").Scan(&installed)
		if err == nil && !installed {
			err = ErrNoCitus
		}
		if err != nil {
			return err
		}
		names, err := tablesByAccount(ctx, conn)
		if err != nil {
			return err
		}
		for _, name := range names {
			// A distributed table has a row in pg_dist_partition.
			tag, err := conn.Exec(ctx, `SELECT `+distribution(name)+` FROM pg_class c WHERE c.oid = '`+name+`'::regclass
				AND NOT EXISTS (SELECT 1 FROM pg_dist_partition p WHERE p.logicalrelid = c.oid)`)
			if err != nil {
				return fmt.Errorf("table %s: %w", name, err)
			}
			tables += int(tag.RowsAffected())
		}
		return nil
	})
	if err != nil {
		return tables, fmt.Errorf("distribute the store: %w", err)
	}
	return tables, nil
}

// leadingTable is the table with which the others are colocated.
const leadingTable = "accounts"

// tablesByAccount returns the tables of the store, the leading one first. They are the
// tables whose first column is the account.
func tablesByAccount(ctx context.Context, conn *pgx.Conn) ([]string, error) {
	rows, err := conn.Query(ctx, `SELECT c.relname::text FROM pg_class c
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = 1 AND a.attname = 'account'
		WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
		ORDER BY c.relname <> $1, c.relname`, leadingTable)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// distribution returns the SQL call that distributes a table. Tokens and people are looked
// up before the account is known, so that every node has a copy of them.
func distribution(table string) string {
	switch table {
	case leadingTable:
		return "create_distributed_table('" + table + "', 'account')"
	case "tokens", "people", "members", "links", "sessions", "attempts":
		return "create_reference_table('" + table + "')"
	}
	return "create_distributed_table('" + table + "', 'account', colocate_with => '" + leadingTable + "')"
}
