package sqlstore

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

// ErrNewer says that a store was written by a newer program.
var ErrNewer = errors.New("the store is of a newer version than the program")

// ErrOlder says that a store has to be migrated before it can be read.
var ErrOlder = errors.New("the store is of an older version than the program: migrate it first")

// Migration says from which version to which a store was brought; 0 is an empty one.
type Migration struct{ From, To int64 }

func migrator(d *dialect, db *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations/"+d.folder)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(d.migrations, db, files, goose.WithTableName("migrations"), goose.WithDisableGlobalRegistry(true))
}

func migrate(ctx context.Context, d *dialect, db *sql.DB) (Migration, error) {
	steps, err := migrator(d, db)
	if err != nil {
		return Migration{}, err
	}
	from, to, err := steps.GetVersions(ctx)
	if err != nil {
		return Migration{}, fmt.Errorf("read the store's version: %w", err)
	}
	if from > to {
		return Migration{}, fmt.Errorf("%w: %d, this program knows versions up to %d", ErrNewer, from, to)
	}
	if _, err := steps.Up(ctx); err != nil {
		return Migration{}, fmt.Errorf("migrate the store from version %d to %d: %w", from, to, err)
	}
	return Migration{From: from, To: to}, nil
}

// checkVersion refuses a store of another version without writing to it.
func checkVersion(ctx context.Context, d *dialect, db *sql.DB) error {
	steps, err := migrator(d, db)
	if err != nil {
		return err
	}
	var is int64
	if err := db.QueryRowContext(ctx, "SELECT max(version_id) FROM migrations").Scan(&is); err != nil {
		return fmt.Errorf("read the store's version: %w", err)
	}
	sources := steps.ListSources()
	switch known := sources[len(sources)-1].Version; {
	case is > known:
		return fmt.Errorf("%w: %d, this program knows versions up to %d", ErrNewer, is, known)
	case is < known:
		return fmt.Errorf("%w: from version %d to %d", ErrOlder, is, known)
	}
	return nil
}
