package sqldb

import (
	"context"
	"database/sql"
	"errors"

	"github.com/trueup-ledger/trueup/internal/sqldb/seal"
)

// Catalogue returns the tables of the database.
func (db *DB) Catalogue() seal.Catalogue { return db.catalogue }

// loadCatalogue reads the tables of the database.
func (db *DB) loadCatalogue(ctx context.Context, handle *sql.DB) error {
	var columns []seal.Column
	rows, err := handle.QueryContext(ctx, db.dialect.catalogue)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var c seal.Column
		if err := rows.Scan(&c.Table, &c.Name, &c.Type, &c.Default, &c.NotNull, &c.Key); err != nil {
			return err
		}
		columns = append(columns, c)
	}
	db.catalogue = seal.NewCatalogue(columns, db.config.Unsealed, db.config.Numbered)
	return rows.Err()
}

// reseal seals the rows of tables that a migration changed.
func (db *DB) reseal(ctx context.Context, handle *sql.DB) (err error) {
	if err := db.loadCatalogue(ctx, handle); err != nil {
		return err
	}
	conn, err := handle.Conn(ctx)
	if err != nil {
		return err
	}
	s := &Session{conn: conn, dialect: db.dialect, statements: make(map[string]statement)}
	defer func() { err = errors.Join(err, s.close()) }()
	return db.catalogue.Reseal(func(f func(seal.Session) error) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return s.inTx(db.dialect.beginWrite, func() error { return f(s) })
	})
}

// writeSeals writes the seals of the rows that the transaction changed.
func (s *Session) writeSeals() error {
	if s.seals == nil {
		return nil
	}
	if len(s.deferred) > 0 && s.seals.Awaits() {
		if err := s.Rows("SELECT 1", nil, []any{new(int64)}, func() error { return nil }); err != nil {
			return err
		}
	}
	for _, rows := range s.seals.Flush() {
		if err := s.writeRows(rows.Statement, rows.Rows, s.Exec); err != nil {
			return err
		}
	}
	return nil
}
