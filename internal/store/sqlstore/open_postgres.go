package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"
)

// Connections of one process to a PostgreSQL server: it has about a hundred for all,
// if it is not told otherwise.
const (
	postgresWriters = 8
	postgresReaders = 8
	postgresLookups = 4
)

// OpenPostgres opens the store in a database for reading and writing, creates what is
// missing and brings it to the program's version. As many processes as wanted may
// have it open at once. A store of a newer version than the program's is refused
// with [ErrNewer].
func OpenPostgres(ctx context.Context, url string) (*Store, error) {
	store, _, err := openPostgresAndMigrate(ctx, url)
	return store, err
}

// MigratePostgres brings the store in a database to the program's version, as
// [OpenPostgres] does, and answers from which version to which.
func MigratePostgres(ctx context.Context, url string) (Migration, error) {
	store, migration, err := openPostgresAndMigrate(ctx, url)
	if err != nil {
		return Migration{}, err
	}
	return migration, store.Close()
}

func openPostgresAndMigrate(ctx context.Context, url string) (*Store, Migration, error) {
	store, err := newPostgres(url)
	if err != nil {
		return nil, Migration{}, err
	}
	migration, err := store.openToWrite(ctx)
	if err != nil {
		return nil, Migration{}, errors.Join(fmt.Errorf("open the store in PostgreSQL: %w", err), store.Close())
	}
	return store, migration, nil
}

// openToWrite migrates with all the time that it takes, and opens connections that have
// less.
func (st *Store) openToWrite(ctx context.Context) (Migration, error) {
	if st.server.ValidateConnect == nil {
		// A primary that became a standby would be read, and answer what was true then.
		st.server.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsPrimary
	}
	migrator := openPostgres(st.server, connections{})
	migration, err := migrateAlone(ctx, migrator)
	if err == nil {
		err = checkDurable(ctx, migrator)
	}
	if err == nil {
		err = st.learnDistribution(ctx, migrator)
	}
	if err := errors.Join(err, migrator.Close()); err != nil {
		return Migration{}, err
	}
	writer := st.handle(connections{times: st.times, parameters: st.dialect.writingParameters(st.times)})
	st.writers = newPool(writer, st.dialect, postgresWriters)
	st.openPostgresReaders(st.times, nil)
	loose := map[string]string{"synchronous_commit": "off"} // see teller
	st.teller = &teller{pool: newPool(st.handle(connections{times: st.times, parameters: loose}), st.dialect, 1)}
	return migration, nil
}

// OpenPostgresReadOnly opens the store in a database for reading alone. Its version
// must be the program's.
func OpenPostgresReadOnly(ctx context.Context, url string) (*Store, error) {
	store, err := newPostgres(url)
	if err != nil {
		return nil, err
	}
	if err := checkVersion(ctx, postgresDialect, store.openPostgresReaders(times{}, inOrder)); err != nil {
		return nil, errors.Join(fmt.Errorf("open the store in PostgreSQL: %w", err), store.Close())
	}
	return store, nil
}

func newPostgres(url string) (*Store, error) {
	config, err := postgresConfig(url)
	return &Store{dialect: postgresDialect, server: config, times: serving}, err
}

// handle makes a handle for connections of a kind, which is closed with the store.
func (st *Store) handle(c connections) *sql.DB {
	db := openPostgres(st.server, c)
	st.closers = append(st.closers, db)
	return db
}

func (st *Store) openPostgresReaders(t times, parameters map[string]string) *sql.DB {
	readers := st.handle(connections{times: t, parameters: parameters, onlyRead: true})
	st.readers, st.lookups = newPool(readers, st.dialect, postgresReaders), newPool(readers, st.dialect, postgresLookups)
	return readers
}

// migrateAlone lets one process migrate of those that start at once.
func migrateAlone(ctx context.Context, db *sql.DB) (m Migration, err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return Migration{}, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	const key = "(hashtext('trueup migrates ' || current_schema()))"
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock"+key); err != nil {
		return Migration{}, err
	}
	m, err = migrate(ctx, postgresDialect, db)
	_, unlocked := conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock"+key)
	return m, errors.Join(err, unlocked)
}

// learnDistribution finds out whether the tables are spread over nodes.
func (st *Store) learnDistribution(ctx context.Context, db *sql.DB) error {
	var is bool
	if err := db.QueryRowContext(ctx, "SELECT to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL").Scan(&is); err != nil || !is {
		return err
	}
	err := db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_dist_partition WHERE logicalrelid = 'accounts'::regclass)").Scan(&is)
	if err == nil && is {
		st.dialect = distributedDialect
	}
	return err
}

// checkDurable refuses a server that answers a commit before it is on disk.
func checkDurable(ctx context.Context, db *sql.DB) error {
	var commit, encoding string
	err := db.QueryRowContext(ctx, "SELECT current_setting('synchronous_commit'), current_setting('server_encoding')").Scan(&commit, &encoding)
	switch {
	case err != nil:
		return err
	case commit == "off" || commit == "local":
		return fmt.Errorf("the server's synchronous_commit is %s, so that it can lose what it answered for; set it to on", commit)
	case encoding != "UTF8":
		return fmt.Errorf("the database's encoding is %s, which lacks most letters; create it with ENCODING 'UTF8'", encoding)
	}
	return nil
}
