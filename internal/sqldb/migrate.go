package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

// ErrNewer is returned for a database whose schema is newer than the program's.
var ErrNewer = errors.New("the store is of a newer version than the program")

// ErrOlder is returned for a database whose schema is older than the program's and which
// is to be opened read-only.
var ErrOlder = errors.New("the store is of an older version than the program: migrate it first")

// Migration holds the schema versions before and after a migration. Version 0 is that of
// an empty database.
type Migration struct{ From, To int64 }

// MigrationsTable is the table of the migrations that were run, the only one that migrations
// don't create.
const MigrationsTable = "migrations"

func newMigrator(migrations fs.FS, d *Dialect, db *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, d.Name)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(d.goose, db, files, goose.WithTableName(MigrationsTable), goose.WithDisableGlobalRegistry(true))
}

func migrate(ctx context.Context, migrations fs.FS, d *Dialect, db *sql.DB) (Migration, error) {
	migrator, err := newMigrator(migrations, d, db)
	if err != nil {
		return Migration{}, err
	}
	from, to, err := migrator.GetVersions(ctx)
	if err != nil {
		return Migration{}, fmt.Errorf("read the schema version: %w", err)
	}
	if from > to {
		return Migration{}, fmt.Errorf("%w: %d, this program knows versions up to %d", ErrNewer, from, to)
	}
	if _, err := migrator.Up(ctx); err != nil {
		return Migration{}, fmt.Errorf("migrate from version %d to %d: %w", from, to, err)
	}
	return Migration{From: from, To: to}, nil
}

// checkVersion returns an error unless the database has the program's schema version. It
// writes nothing.
func checkVersion(ctx context.Context, migrations fs.FS, d *Dialect, db *sql.DB) error {
	migrator, err := newMigrator(migrations, d, db)
	if err != nil {
		return err
	}
	var version int64
	if err := db.QueryRowContext(ctx, "SELECT max(version_id) FROM migrations").Scan(&version); err != nil {
		return fmt.Errorf("read the schema version: %w", err)
	}
	sources := migrator.ListSources()
	switch known := sources[len(sources)-1].Version; {
	case version > known:
		return fmt.Errorf("%w: %d, this program knows versions up to %d", ErrNewer, version, known)
	case version < known:
		return fmt.Errorf("%w: from version %d to %d", ErrOlder, version, known)
	}
	return nil
}
