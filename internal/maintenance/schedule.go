package maintenance

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/sqldb/backup"
)

// MinInterval is the shortest interval of scheduled backups.
const MinInterval = time.Minute

// retryInterval is the longest pause after a backup that failed.
const retryInterval = 10 * time.Minute

// scheduledName is the layout of the names of scheduled backups, whose time is that of their
// stamps.
const scheduledName = "trueup-20060102T150405Z.db"

// Schedule takes backups at an interval and deletes old ones.
type Schedule struct {
	// Folder is the folder of the backups.
	Folder string
	// Every is the interval, at least [MinInterval].
	Every time.Duration
	// Keep is the number of newest backups to keep, at least 1. KeepDaily is the number of days,
	// counted from the newest backup and in UTC, whose last backup is kept.
	Keep, KeepDaily int
	// Copy creates a backup and checks it.
	Copy func(ctx context.Context, file string) error
	Log  *slog.Logger
	// Begin, unless it is nil, is called first, with the newest backup in the folder. Without one,
	// its time is zero.
	Begin func(newest Saved)
	// Observe, unless it is nil, is called after each attempt.
	Observe func(Attempt)

	now func() time.Time
}

// Attempt is the result of an attempt to take a scheduled backup.
type Attempt struct {
	File string
	// Made is the time of the backup.
	Made time.Time
	Took time.Duration
	// Size is the number of bytes of the backup.
	Size int64
	Err  error
}

// Saved is a backup in a folder.
type Saved struct {
	File string
	backup.Stamp
}

// List returns the backups in a folder that have a stamp, newest first. With an error for files
// that it can't read, it returns the others.
func List(dir string) (backups []Saved, err error) {
	var unreadable []error
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if !e.Type().IsRegular() {
			continue
		}
		path := filepath.Join(dir, e.Name())
		if _, partial := backup.CompleteName(path); partial {
			continue
		}
		stamp, err := backup.ReadStamp(path)
		if err == nil && !stamp.Made.IsZero() {
			backups = append(backups, Saved{File: path, Stamp: stamp})
		} else if err != nil && !errors.Is(err, backup.ErrNoBackup) && !errors.Is(err, os.ErrNotExist) {
			unreadable = append(unreadable, err)
		}
	}
	slices.SortStableFunc(backups, func(a, b Saved) int { return b.Made.Compare(a.Made) })
	return backups, errors.Join(unreadable...)
}

// Lock locks the folder for the backups of one ledger, and removes what a killed process left. It
// creates the folder if there is none.
func (s Schedule) Lock(ctx context.Context) (unlock func() error, err error) {
	lock, err := sqldb.LockFolder(ctx, s.Folder)
	if errors.Is(err, sqldb.ErrInUse) {
		return nil, fmt.Errorf("%w: each ledger needs a folder of its own for its backups", err)
	}
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(s.Folder)
	for _, e := range entries {
		path := filepath.Join(s.Folder, e.Name())
		if complete, partial := backup.CompleteName(path); partial && isScheduled(complete) {
			err = errors.Join(err, os.Remove(path))
		}
	}
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return lock.Close, nil
}

// Run takes backups until ctx is done. The first one is due an interval after the newest in the
// folder. A backup that fails is logged and tried again, and deletes nothing.
func (s Schedule) Run(ctx context.Context) error {
	if s.now == nil {
		s.now = time.Now
	}
	if s.Begin != nil {
		s.Begin(s.newest())
	}
	for pause := s.untilDue(); ; {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
		err := s.take(ctx)
		if pause = s.Every; err != nil {
			pause = min(s.Every, retryInterval)
		}
		if err != nil && ctx.Err() == nil {
			s.Log.Error("the scheduled backup failed", "folder", s.Folder, "retry_in", pause, "error", err)
		}
	}
}

// untilDue returns the time until the next backup is due.
func (s Schedule) untilDue() time.Duration {
	newest := s.newest()
	if newest.Made.IsZero() {
		return 0
	}
	return max(s.Every-s.now().Sub(newest.Made), 0)
}

// newest returns the newest backup of the schedule. If a wrong clock dated it ahead, its time is
// the present.
func (s Schedule) newest() Saved {
	own, _ := s.own() // take reports files that can't be read
	if len(own) == 0 {
		return Saved{}
	}
	if now := s.now(); own[0].Made.After(now) {
		own[0].Made = now
	}
	return own[0]
}

// take takes a backup and deletes the old ones.
func (s Schedule) take(ctx context.Context) error {
	begin := s.now().UTC()
	a := Attempt{File: filepath.Join(s.Folder, begin.Format(scheduledName))}
	a.Err = s.Copy(ctx, a.File)
	a.Took = s.now().Sub(begin)
	if a.Err == nil {
		var stamp backup.Stamp
		stamp, a.Err = backup.ReadStamp(a.File)
		a.Made, a.Size = stamp.Made, stamp.Size
	}
	if a.Err == nil {
		s.Log.Info("took a backup", "file", a.File, "bytes", a.Size, "took", a.Took.Round(time.Millisecond))
		if err := s.prune(a.File); err != nil {
			s.Log.Error("old backups were not all deleted", "folder", s.Folder, "error", err)
		}
	}
	if s.Observe != nil {
		s.Observe(a)
	}
	return a.Err
}

// own returns the backups in the folder that the schedule took, newest first.
func (s Schedule) own() ([]Saved, error) {
	all, err := List(s.Folder)
	return slices.DeleteFunc(all, func(b Saved) bool { return !isScheduled(b.File) }), err
}

// isScheduled reports whether a file has the name of a scheduled backup.
func isScheduled(file string) bool {
	name := filepath.Base(file)
	at, err := time.Parse(scheduledName, name)
	return err == nil && at.Format(scheduledName) == name
}

// prune deletes the backups that are not to be kept. The one that was taken last is kept even if a
// wrong clock dated others ahead of it.
func (s Schedule) prune(taken string) error {
	own, err := s.own()
	for _, old := range expired(own, s.Keep, s.KeepDaily) {
		if old.File == taken {
			continue
		}
		if removed := os.Remove(old.File); removed != nil {
			err = errors.Join(err, fmt.Errorf("delete an old backup: %w", removed))
			continue
		}
		s.Log.Info("deleted an old backup", "file", old.File)
	}
	return err
}

// expired returns those of the backups, which are sorted from new to old, that are neither among the
// newest keep nor the last of their day on one of the newest keepDaily days.
func expired(backups []Saved, keep, keepDaily int) (old []Saved) {
	day, days := "", 0
	for i, b := range backups {
		last := false
		if d := b.Made.UTC().Format(time.DateOnly); d != day {
			day, last = d, true
			days++
		}
		if i >= max(keep, 1) && (!last || days > keepDaily) {
			old = append(old, b)
		}
	}
	return old
}
