package maintenance

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/sqldb/backup"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// Restore restores a backup to a folder without a ledger.
type Restore struct {
	File, Folder string
	// Event is the audit event of the restore. The caller sets its actor, operation and time.
	Event store.AuditEvent
	// AcceptClock trusts the time of Event although it is far ahead of the newest record.
	AcceptClock bool
	// Verify verifies the restored ledger before it appears in the folder, unless it is nil.
	Verify Verify
}

// Restored is the result of [Restore.Run].
type Restored struct {
	// Made is the time of the backup, or the zero time if it has no stamp.
	Made time.Time
	Contents
	sqldb.Migration
}

// Run copies the backup, migrates the copy to the version of the program, and records the restore
// in its audit log. The ledger appears in the folder complete or not at all. The backup isn't
// changed.
func (r Restore) Run(ctx context.Context) (restored Restored, err error) {
	if err := checkFile(r.File); err != nil {
		return restored, err
	}
	stamp, err := backup.ReadStamp(r.File)
	if err != nil {
		return restored, err
	}
	restored.Made = stamp.Made
	return restored, intoFolder(ctx, r.Folder, func(staged string) error {
		path := filepath.Join(staged, sqldb.SQLiteFiles()[0])
		if err := backup.CopyFile(ctx, r.File, path); err != nil {
			return err
		}
		if err := backup.RemoveStamp(path); err != nil {
			return err
		}
		if err := backup.Check(ctx, path, false); err != nil {
			return fmt.Errorf("the backup is damaged: %w", err)
		}
		st, err := sqlstore.OpenSQLite(ctx, staged)
		if err != nil {
			return err
		}
		restored.Migration = st.DB().Migration()
		return errors.Join(r.complete(ctx, st, &restored), st.Close())
	})
}

// complete records the restore and verifies the ledger.
func (r Restore) complete(ctx context.Context, st *sqlstore.Store, restored *Restored) (err error) {
	if restored.Contents, err = contentsOf(ctx, st); err != nil {
		return err
	}
	if !r.AcceptClock {
		if err := clockguard.CheckStart(r.Event.At, restored.Newest); err != nil {
			return fmt.Errorf("%w: nothing is restored; if the clock is right, confirm it with --accept-clock", err)
		}
	}
	detail := fmt.Sprintf("from %s, %v", filepath.Base(r.File), restored.Contents)
	if err := st.LogRestore(ctx, detail, r.Event); err != nil {
		return err
	}
	if r.Verify == nil {
		return nil
	}
	return r.Verify(ctx, st)
}
