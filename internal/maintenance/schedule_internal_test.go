package maintenance

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb/backup"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// saved returns backups that were made at the given times, newest first.
func saved(times ...string) (backups []Saved) {
	for _, text := range times {
		made, err := time.Parse("01-02 15:04", text)
		if err != nil {
			panic(err)
		}
		backups = append(backups, Saved{File: text, Stamp: backup.Stamp{Made: made}})
	}
	return backups
}

func TestOldBackupsExpire(t *testing.T) {
	all := saved("03-04 18:00", "03-04 12:00", "03-03 18:00", "03-03 12:00", "03-01 18:00", "02-01 18:00")
	for _, tt := range []struct {
		name            string
		keep, keepDaily int
		want            []string
	}{
		{"the newest are kept", 2, 0, []string{"03-03 18:00", "03-03 12:00", "03-01 18:00", "02-01 18:00"}},
		{"the newest is always kept", 0, 0, []string{"03-04 12:00", "03-03 18:00", "03-03 12:00", "03-01 18:00", "02-01 18:00"}},
		{"the last of each day is kept", 1, 3, []string{"03-04 12:00", "03-03 12:00", "02-01 18:00"}},
		{"both are kept", 4, 3, []string{"02-01 18:00"}},
		{"fewer than may be kept", 9, 0, nil},
	} {
		var got []string
		for _, b := range expired(all, tt.keep, tt.keepDaily) {
			got = append(got, b.File)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q expire, want %q", tt.name, got, tt.want)
		}
	}
}

// newSchedule returns a schedule that copies a database to a folder, and its log.
func newSchedule(t *testing.T, folder string) (s Schedule, log *bytes.Buffer) {
	t.Helper()
	dir, log := t.TempDir(), new(bytes.Buffer)
	st, err := sqlstore.OpenSQLite(t.Context(), dir)
	if err == nil {
		err = st.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return Schedule{
		Folder: folder, Every: time.Hour, Keep: 2, Log: slog.New(slog.NewTextHandler(log, nil)),
		Copy: func(ctx context.Context, file string) error {
			_, err := sqlstore.Backup(ctx, dir, file, sqlstore.BackupOptions{})
			return err
		},
	}, log
}

// TestBackupsAreTakenOnSchedule takes backups for four hours of fake time: one at once, one each
// hour, and one ten minutes after one that failed.
func TestBackupsAreTakenOnSchedule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		folder := t.TempDir()
		foreign := []string{"notes.txt", "trueup-20000101T000000Z.db", "ledger.db"}
		for _, name := range foreign {
			if err := os.WriteFile(filepath.Join(folder, name), []byte("not a backup"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		s, log := newSchedule(t, folder)
		begin, failure, failing := time.Now(), errors.New("disk full"), false
		var at []time.Duration
		copied := s.Copy
		s.Copy = func(ctx context.Context, file string) error {
			if at = append(at, time.Since(begin)); failing {
				return failure
			}
			return copied(ctx, file)
		}
		var failed []error
		var observed []Attempt
		var newest []time.Time // at the beginning of each run
		s.Begin = func(saved Saved) { newest = append(newest, saved.Made) }
		s.Observe = func(a Attempt) {
			if a.Err != nil {
				failed = append(failed, a.Err)
			} else {
				observed = append(observed, a)
			}
		}
		run := func(d time.Duration) {
			ctx, cancel := context.WithTimeout(t.Context(), d)
			defer cancel()
			if err := s.Run(ctx); err != nil {
				t.Error(err)
			}
		}
		begin = begin.Add(time.Second) // the first name is taken by another file
		time.Sleep(time.Second)
		run(150 * time.Minute) // at 0, 60, 120
		failing = true
		run(35 * time.Minute) // at 180
		failing = false
		run(20 * time.Minute) // at once, because it is due since 180
		want := []time.Duration{0, time.Hour, 2 * time.Hour, 3 * time.Hour, 185 * time.Minute}
		if !slices.Equal(at, want) {
			t.Errorf("backups began at %v, want %v", at, want)
		}
		if len(failed) != 1 || !errors.Is(failed[0], failure) || !strings.Contains(log.String(), "the scheduled backup failed") {
			t.Errorf("failures are %v\n%s", failed, log)
		}
		own, err := s.own()
		if err != nil || len(own) != s.Keep {
			t.Errorf("kept %+v (%v)", own, err)
		}
		if last := observed[len(observed)-1]; len(observed) != 4 || last.File != own[0].File || !last.Made.Equal(own[0].Made) || last.Size != own[0].Size {
			t.Errorf("observed %+v, the newest is %+v", observed, own[0])
		}
		if wantNewest := []time.Time{{}, begin.Add(2 * time.Hour), begin.Add(2 * time.Hour)}; !slices.EqualFunc(newest, wantNewest, time.Time.Equal) {
			t.Errorf("the newest backups at the beginnings are %v, want %v", newest, wantNewest)
		}
		for _, name := range foreign {
			if content, err := os.ReadFile(filepath.Join(folder, name)); string(content) != "not a backup" || err != nil {
				t.Errorf("%s is %q (%v)", name, content, err)
			}
		}
	})
}

// TestABackupThatFailsIsTriedAgainSoon has an interval longer than the pause after a failure.
func TestABackupThatFailsIsTriedAgainSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := newSchedule(t, t.TempDir())
		attempts := 0
		s.Copy = func(context.Context, string) error {
			attempts++
			return backup.ErrNoSpace
		}
		ctx, cancel := context.WithTimeout(t.Context(), 35*time.Minute)
		defer cancel()
		if err := s.Run(ctx); err != nil || attempts != 4 {
			t.Errorf("%d attempts (%v), want 4", attempts, err)
		}
	})
}

func TestTheLatestBackupIsKeptAlthoughOthersAreDatedAhead(t *testing.T) {
	s, _ := newSchedule(t, t.TempDir())
	s.Keep, s.now = 1, time.Now
	made := time.Now().Add(time.Hour)
	ahead := filepath.Join(s.Folder, made.UTC().Format(scheduledName))
	if err := s.Copy(t.Context(), ahead); err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(ahead, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = file.WriteAt(binary.BigEndian.AppendUint32(nil, uint32(made.Unix())), 60) // the time of its stamp
	if err := errors.Join(err, file.Close(), s.take(t.Context())); err != nil {
		t.Fatal(err)
	}
	if own, err := s.own(); len(own) != 2 || err != nil || own[0].File != ahead {
		t.Errorf("kept %+v (%v), want both", own, err)
	}
	if newest := s.newest(); newest.Made.After(time.Now()) {
		t.Errorf("the newest backup counts as of %v, which is ahead", newest.Made)
	}
}

func TestAFolderOfBackupsIsLockedAndCleaned(t *testing.T) {
	s, _ := newSchedule(t, filepath.Join(t.TempDir(), "backups"))
	if err := os.Mkdir(s.Folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"trueup-20260101T000000Z.db.partial", "trueup-20260101T000000Z.db.partial-journal", "trueup-20260101T000000Z.db.partial-wal", "other.db.partial-journal"} {
		if err := os.WriteFile(filepath.Join(s.Folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	unlock, err := s.Lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Lock(t.Context()); err == nil {
		t.Error("two ledgers share a folder")
	}
	if err := unlock(); err != nil {
		t.Error(err)
	}
	left, err := filepath.Glob(filepath.Join(s.Folder, "*.partial*"))
	if err != nil || len(left) != 1 || filepath.Base(left[0]) != "other.db.partial-journal" {
		t.Errorf("left %q (%v)", left, err)
	}
}

func TestFlagsOfBackupsAreChecked(t *testing.T) {
	valid := BackupFlags{BackupDir: "/backups", BackupEvery: time.Hour, BackupKeep: 1}
	for _, tt := range []struct {
		name, database, want string
		change               func(f *BackupFlags)
	}{
		{"valid", "", "", func(*BackupFlags) {}},
		{"PostgreSQL", "postgres://host/trueup", "pg_dump", func(*BackupFlags) {}},
		{"PostgreSQL without backups", "postgres://host/trueup", "", func(f *BackupFlags) { f.BackupDir = "" }},
		{"too often", "", "--backup-every 59s", func(f *BackupFlags) { f.BackupEvery = 59 * time.Second }},
		{"none kept", "", "--backup-keep 0", func(f *BackupFlags) { f.BackupKeep = 0 }},
		{"negative days", "", "--backup-keep-daily -1", func(f *BackupFlags) { f.BackupKeepDaily = -1 }},
	} {
		f := valid
		tt.change(&f)
		err := f.Check(tt.database)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error is %v, want %q", tt.name, err, tt.want)
		}
	}
}
