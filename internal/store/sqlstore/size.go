package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Size answers how many bytes the store takes on the disk, once what is in the log is in
// the database: its pages are counted with those that are in the log alone.
func (st *Store) Size(ctx context.Context) (bytes int64, err error) {
	if st.writers == nil {
		return 0, ErrReadOnly
	}
	if st.server != nil {
		return st.databaseSize(ctx)
	}
	var pages, page int64
	err = st.writers.lend(ctx, func(s *session) error {
		return errors.Join(
			s.row("PRAGMA page_count", nil, &pages),
			s.row("PRAGMA page_size", nil, &page),
		)
	})
	if err != nil {
		return 0, fmt.Errorf("measure the store: %w", err)
	}
	return pages * page, nil
}

// CopySQLite copies the store in a folder, which nobody has open, into another
// folder that holds none.
func CopySQLite(from, to string) (err error) {
	source, err := os.Open(filepath.Join(from, databaseFile))
	if err != nil {
		return fmt.Errorf("copy the store: %w", err)
	}
	defer source.Close()
	if err := os.MkdirAll(to, 0o700); err != nil {
		return fmt.Errorf("copy the store: %w", err)
	}
	target, err := os.OpenFile(filepath.Join(to, databaseFile), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("copy the store: %w", err)
	}
	_, err = io.Copy(target, source)
	if err = errors.Join(err, target.Sync(), target.Close()); err != nil {
		return fmt.Errorf("copy the store: %w", err)
	}
	return nil
}
