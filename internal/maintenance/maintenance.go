// Package maintenance restores backups, copies ledgers between databases and takes scheduled
// backups.
package maintenance

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/sqldb/backup"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// Verify verifies a store and returns an error for violations.
type Verify func(ctx context.Context, st *sqlstore.Store) error

// Contents summarizes a ledger.
type Contents struct {
	// Submissions is the number of submissions of all accounts.
	Submissions int64
	// Newest is the instant of the newest record, or the zero time if there is none.
	Newest time.Time
}

// String returns the contents as in "12 submissions, the newest record of 2026-11-02T10:00:00Z".
func (c Contents) String() string {
	if c.Newest.IsZero() {
		return "no records"
	}
	return fmt.Sprintf("%d submissions, the newest record of %s", c.Submissions, c.Newest.UTC().Format(time.RFC3339))
}

func contentsOf(ctx context.Context, st *sqlstore.Store) (c Contents, err error) {
	if c.Submissions, err = st.CountSubmissions(ctx); err != nil {
		return c, err
	}
	c.Newest, err = st.NewestInstant(ctx)
	return c, err
}

// Check verifies a backup and returns its contents. It writes nothing, and creates no file beside
// it. If the backup is of an earlier version, Check returns [sqldb.ErrOlder].
func Check(ctx context.Context, file string, verify Verify) (c Contents, err error) {
	if err := checkFile(file); err != nil {
		return c, err
	}
	st, err := sqlstore.OpenBackup(ctx, file)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if c, err = contentsOf(ctx, st); err != nil {
		return c, err
	}
	return c, verify(ctx, st)
}

// checkFile returns an error unless a file is a complete database.
func checkFile(file string) error {
	if _, err := backup.ReadStamp(file); err != nil {
		return err
	}
	if info, err := os.Stat(file + "-wal"); err == nil && info.Size() > 0 {
		return fmt.Errorf("%s has a write-ahead log beside it: it is the file of a ledger, not a backup", file)
	}
	return nil
}

// stagingFolder is the folder of a ledger that is not complete, in its data folder.
const stagingFolder = "incomplete"

// intoFolder calls fill with the path of an empty folder, and then moves the database that fill
// creates there to a data folder. It appears there complete or not at all. The folder is locked
// meanwhile. If it has files of a database, intoFolder returns an error that wraps
// [fs.ErrExist]. Files of a killed process are removed by the next call.
func intoFolder(ctx context.Context, dir string, fill func(staged string) error) (err error) {
	lock, err := sqldb.LockFolder(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	for _, name := range sqldb.SQLiteFiles() { // SQLite would read an old log with the new database
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			return fmt.Errorf("%s has a ledger, or what is left of one (%s): %w", dir, name, fs.ErrExist)
		}
	}
	staged := filepath.Join(dir, stagingFolder)
	if err := os.RemoveAll(staged); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(staged)) }()
	if err := os.Mkdir(staged, 0o700); err != nil {
		return err
	}
	if err := fill(staged); err != nil {
		return err
	}
	files := sqldb.SQLiteFiles()
	if info, err := os.Stat(filepath.Join(staged, files[1])); err == nil && info.Size() > 0 {
		return errors.New("the write-ahead log was not checkpointed")
	}
	return backup.Publish(filepath.Join(staged, files[0]), filepath.Join(dir, files[0]))
}
