package maintenance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// BackupFlags are the flags of scheduled backups.
type BackupFlags struct {
	BackupDir       string        `type:"path" env:"TRUEUP_BACKUP_DIR" placeholder:"DIR" help:"With --data: take scheduled backups into this folder (default: none)."`
	BackupEvery     time.Duration `default:"6h" env:"TRUEUP_BACKUP_EVERY" placeholder:"TIME" help:"With --backup-dir: time between two backups (default: ${default})."`
	BackupKeep      int           `default:"4" env:"TRUEUP_BACKUP_KEEP" placeholder:"N" help:"With --backup-dir: keep the newest N backups (default: ${default})."`
	BackupKeepDaily int           `default:"14" env:"TRUEUP_BACKUP_KEEP_DAILY" placeholder:"N" help:"With --backup-dir: keep the last backup of each of the newest N days, too (default: ${default})."`
	BackupVerify    bool          `env:"TRUEUP_BACKUP_VERIFY" help:"With --backup-dir: verify each backup as trueup verify does, which takes a processor for minutes (default: SQLite's integrity check)."`
}

// Check returns an error for flags that are out of range. Database is the URL of a PostgreSQL
// database, or "".
func (f BackupFlags) Check(database string) error {
	switch {
	case f.BackupDir == "":
		return nil
	case database != "":
		return errors.New("--backup-dir is for SQLite: schedule pg_dump, or pg_basebackup with a WAL archive, for PostgreSQL")
	case f.BackupEvery < MinInterval:
		return fmt.Errorf("--backup-every %v: must be at least %v", f.BackupEvery, MinInterval)
	case f.BackupKeep < 1:
		return fmt.Errorf("--backup-keep %d: must be at least 1", f.BackupKeep)
	case f.BackupKeepDaily < 0:
		return fmt.Errorf("--backup-keep-daily %d: must not be negative", f.BackupKeepDaily)
	}
	return nil
}

// Start locks the folder of the backups, and returns the schedule of backups of the store in a
// folder, and a function that unlocks the folder. Without the flags it returns nil and a function
// that does nothing.
func (f BackupFlags) Start(ctx context.Context, st *sqlstore.Store, dir string, log *slog.Logger) (s *Schedule, unlock func() error, err error) {
	if f.BackupDir == "" {
		return nil, func() error { return nil }, nil
	}
	if same, err := sameFolder(f.BackupDir, dir); err != nil || same {
		return nil, nil, errors.Join(err, errors.New("--backup-dir: must not be the folder of --data; choose a folder on another disk"))
	}
	s = &Schedule{
		Folder: f.BackupDir, Every: f.BackupEvery, Keep: f.BackupKeep, KeepDaily: f.BackupKeepDaily, Log: log,
		Copy: func(ctx context.Context, file string) error {
			o := sqlstore.BackupOptions{Paced: true}
			if f.BackupVerify {
				o.Verify = func(copied *sqlstore.Store) error { return verifyAndReport(ctx, copied) }
			}
			return st.DB().DuringLongRead(func() error {
				_, err := sqlstore.Backup(ctx, dir, file, o)
				return err
			})
		},
	}
	if unlock, err = s.Lock(ctx); err != nil {
		return nil, nil, fmt.Errorf("--backup-dir: %w", err)
	}
	return s, unlock, nil
}

// verifyAndReport verifies a store and returns the violations as an error.
func verifyAndReport(ctx context.Context, st *sqlstore.Store) error {
	var out bytes.Buffer
	if err := VerifyStore(ctx, &out, st, nil); err != nil {
		return fmt.Errorf("%w: %s", err, bytes.TrimSpace(out.Bytes()))
	}
	return nil
}

func sameFolder(a, b string) (bool, error) {
	a, errA := filepath.Abs(a)
	b, errB := filepath.Abs(b)
	return a == b, errors.Join(errA, errB)
}
