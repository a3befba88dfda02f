package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"
)

// Numbers of connections of a process. A PostgreSQL server accepts a hundred by default.
const (
	postgresWriters = 8
	postgresReaders = 8
	postgresLookups = 4
)

// OpenPostgres opens a database for reading and writing and runs the migrations. Any
// number of processes may open a database at once. If the database is of a newer version
// than the program, OpenPostgres returns [ErrNewer].
func OpenPostgres(ctx context.Context, url string, c Config) (*DB, error) {
	db, err := newPostgres(url, c)
	if err != nil {
		return nil, err
	}
	if err := db.openPostgresWriters(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// OpenPostgresReadOnly opens a database read-only, without timeouts. If the database is
// not of the program's version, it returns [ErrNewer] or [ErrOlder].
func OpenPostgresReadOnly(ctx context.Context, url string, c Config) (*DB, error) {
	db, err := newPostgres(url, c)
	if err != nil {
		return nil, err
	}
	readers := db.openPostgresReaders(Timeouts{}, scanParameters)
	err = checkVersion(ctx, c.Migrations, db.dialect, readers)
	if err == nil {
		err = db.loadCatalogue(ctx, readers)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func newPostgres(url string, c Config) (db *DB, err error) {
	db = newDB(c, postgresDialect)
	db.server, err = parseURL(url)
	return db, err
}

// openPostgresWriters runs the migrations without timeouts, and then opens the pools with
// timeouts.
func (db *DB) openPostgresWriters(ctx context.Context) error {
	if db.server.ValidateConnect == nil {
		// A primary that became a standby would continue to serve reads of stale data.
		db.server.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsPrimary
	}
	migrator := openPostgres(db.server, connSettings{})
	err := db.migrateAlone(ctx, migrator)
	if err == nil {
		err = checkDurable(ctx, migrator)
	}
	if err == nil {
		db.dialect.Distributed, err = isDistributed(ctx, migrator, db.config.DistributedTable)
	}
	if err := errors.Join(err, migrator.Close()); err != nil {
		return err
	}
	t := db.config.Timeouts
	writers := db.open(connSettings{timeouts: t, parameters: db.dialect.writerParameters(t)})
	db.openWriters(writers, postgresWriters)
	db.writers.sealed = db.catalogue
	db.openPostgresReaders(t, nil)
	if !db.config.DisableNotify {
		async := map[string]string{"synchronous_commit": "off"} // see notifier
		db.notifier = &notifier{pool: newPool(db.open(connSettings{timeouts: t, parameters: async}), db.dialect, 1)}
	}
	return nil
}

// open returns a handle for connections with the settings c. The handle is closed with
// the database.
func (db *DB) open(c connSettings) *sql.DB {
	handle := openPostgres(db.server, c)
	db.handles = append(db.handles, handle)
	return handle
}

func (db *DB) openPostgresReaders(t Timeouts, parameters map[string]string) *sql.DB {
	readers := db.open(connSettings{timeouts: t, parameters: parameters, readOnly: true})
	db.readers, db.lookups = newPool(readers, db.dialect, postgresReaders), newPool(readers, db.dialect, postgresLookups)
	return readers
}

// migrateAlone runs the migrations while it holds an advisory lock, so that only one of
// several processes that start at the same time runs them.
func (db *DB) migrateAlone(ctx context.Context, handle *sql.DB) (err error) {
	conn, err := handle.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	const key = "(hashtext('trueup migrates ' || current_schema()))"
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock"+key); err != nil {
		return err
	}
	if db.migration, err = migrate(ctx, db.config.Migrations, db.dialect, handle); err == nil {
		err = db.reseal(ctx, handle)
	}
	_, unlocked := conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock"+key)
	return errors.Join(err, unlocked)
}

// isDistributed reports whether Citus distributes a table.
func isDistributed(ctx context.Context, db *sql.DB, table string) (distributed bool, err error) {
	var citus bool
	err = db.QueryRowContext(ctx, "SELECT to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL").Scan(&citus)
	if err != nil || !citus {
		return false, err
	}
	err = db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_dist_partition WHERE logicalrelid = to_regclass($1))", table).Scan(&distributed)
	return distributed, err
}

// checkDurable returns an error if the server confirms a commit before it is on disk, or
// if the database can't store every Unicode character.
func checkDurable(ctx context.Context, db *sql.DB) error {
	var commit, encoding string
	err := db.QueryRowContext(ctx, "SELECT current_setting('synchronous_commit'), current_setting('server_encoding')").Scan(&commit, &encoding)
	switch {
	case err != nil:
		return err
	case commit == "off" || commit == "local":
		return fmt.Errorf("the server's synchronous_commit is %s, so it can lose confirmed commits; set it to on", commit)
	case encoding != "UTF8":
		return fmt.Errorf("the database's encoding is %s, which lacks most letters; create it with ENCODING 'UTF8'", encoding)
	}
	return nil
}
