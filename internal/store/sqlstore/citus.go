package sqlstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// ErrNoCitus says that a database cannot be distributed.
var ErrNoCitus = errors.New("the database has no Citus; run CREATE EXTENSION citus in it first")

// Distribute spreads the tables of a store in PostgreSQL over the nodes of Citus, by
// account: all that is of one account is on one node. It answers how many tables it
// distributed; those that are so already stay as they are.
func Distribute(ctx context.Context, url string) (tables int, err error) {
	config, err := postgresConfig(url)
	if err != nil {
		return 0, err
	}
	err = connected(ctx, config, func(conn *pgx.Conn) error {
		var there bool
		err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus')").Scan(&there)
		if err == nil && !there {
			err = ErrNoCitus
		}
		if err != nil {
			return err
		}
		for _, d := range distribution {
			// A table that is distributed has a row in pg_dist_partition.
			tag, err := conn.Exec(ctx, `SELECT `+d.how+` FROM pg_class c WHERE c.oid = '`+d.table+`'::regclass
				AND NOT EXISTS (SELECT 1 FROM pg_dist_partition p WHERE p.logicalrelid = c.oid)`)
			if err != nil {
				return fmt.Errorf("table %s: %w", d.table, err)
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

// distributed is how one table is spread.
type distributed struct{ table, how string }

// distribution begins with the table that the others lie beside. Tokens are looked up
// before the account is known, so that every node has them all.
var distribution = func() []distributed {
	of := []distributed{{"accounts", "create_distributed_table('accounts', 'account')"}}
	for _, table := range []string{
		"intake", "applier", "submissions", "outcomes", "actions", "latest", "items", "updates", "reference", "clicks", "keys",
		"inquiry_numbers", "inquiries", "deeds", "parking", "retries", "files", "file_contents", "file_rows", "notifications", "deliveries",
	} {
		of = append(of, distributed{table, fmt.Sprintf("create_distributed_table('%s', 'account', colocate_with => 'accounts')", table)})
	}
	return append(of, distributed{"tokens", "create_reference_table('tokens')"})
}()
