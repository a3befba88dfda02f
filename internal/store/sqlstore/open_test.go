package sqlstore

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// A test that needs another process runs this program again: the variable says
// what it is to do there, and in which folder.
const (
	roleVariable   = "TRUEUP_TEST_ROLE"
	folderVariable = "TRUEUP_TEST_FOLDER"
)

func TestMain(m *testing.M) {
	roles := map[string]func(ctx context.Context, dir string) error{"hold": holdForEver, "write": writeForEver}
	role, found := roles[os.Getenv(roleVariable)]
	if !found {
		os.Exit(m.Run())
	}
	if err := role(context.Background(), os.Getenv(folderVariable)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// elsewhere starts another process in a role and answers what it prints, line by
// line, and how to kill it.
func elsewhere(t *testing.T, role, dir string) (lines *bufio.Scanner, kill func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), roleVariable+"="+role, folderVariable+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	kill = func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed, and says so
	}
	t.Cleanup(kill)
	return bufio.NewScanner(out), kill
}

func holdForEver(ctx context.Context, dir string) error {
	if _, err := Hold(ctx, dir); err != nil {
		return err
	}
	fmt.Println("held")
	select {}
}

// writeForEver accepts and applies, and prints the number of each submission
// once its store has promised to keep it.
func writeForEver(ctx context.Context, dir string) error {
	st, err := OpenSQLite(ctx, dir)
	for i := int64(0); err == nil; i++ {
		batch := []store.Submission{conversion(fmt.Sprintf("order-%d", i), now), modification(2*i+1, i%3)}
		var accepted []store.Accepted
		if accepted, err = st.Accept(ctx, account, now, batch); err == nil {
			fmt.Println(accepted[1].Number)
			_, err = st.Apply(ctx, account, now, 3, ledger.Decide)
		}
	}
	return err
}

func TestAFolderIsHeldByOneProcessUntilItIsKilled(t *testing.T) {
	dir := t.TempDir()
	lines, kill := elsewhere(t, "hold", dir)
	if !lines.Scan() {
		t.Fatal("the other process did not hold the folder")
	}
	if _, err := Hold(t.Context(), dir); !errors.Is(err, ErrInUse) {
		t.Errorf("error is %v, want %v", err, ErrInUse)
	}
	st := open(t, dir)
	if err := st.Close(); err != nil {
		t.Error(err)
	}
	kill()
	for range 2 { // a folder that was let go can be held again, in one process too
		held, err := Hold(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Hold(t.Context(), dir); !errors.Is(err, ErrInUse) {
			t.Errorf("error is %v, want %v", err, ErrInUse)
		}
		if err := held.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAKilledProcessLosesNothingThatItWasPromised(t *testing.T) {
	dir := t.TempDir()
	st := open(t, dir)
	record(t, st)
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	last := int64(0)
	for round := range 3 {
		lines, kill := elsewhere(t, "write", dir)
		for promised := 0; promised < 40*(round+1) && lines.Scan(); promised++ {
			number, err := strconv.ParseInt(lines.Text(), 10, 64)
			if err != nil || number != last+2 && promised > 0 {
				t.Fatalf("%q after %d: %v", lines.Text(), last, err)
			}
			last = number
		}
		kill()
		for lines.Scan() { // what it printed before it died counts too
			last, _ = strconv.ParseInt(lines.Text(), 10, 64)
		}
		st := open(t, dir)
		for n := 1; n > 0; {
			var err error
			if n, err = st.Apply(t.Context(), account, now, store.MaxBatch, ledger.Decide); err != nil {
				t.Fatal(err)
			}
		}
		wantLawful(t, st)
		err := st.Scan(t.Context(), account, func(l store.Contents) error {
			c, err := l.Counters()
			if c.Accepted < last || c.Applied != c.Accepted {
				t.Errorf("promised %d, accepted %d, applied %d", last, c.Accepted, c.Applied)
			}
			last = c.Accepted
			return err
		})
		if err := errors.Join(err, st.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

func wantLawful(t *testing.T, st *Store) {
	t.Helper()
	offences, err := store.Verify(t.Context(), st, ledger.Decide)
	if len(offences) > 0 || err != nil {
		t.Errorf("offences %v, error %v", offences, err)
	}
}

func TestAStoreOfANewerProgramIsRefused(t *testing.T) {
	dir := t.TempDir()
	st := open(t, dir)
	err := st.write(t.Context(), func(s *session) error {
		return s.exec("INSERT INTO migrations (version_id, is_applied, tstamp) VALUES (1000, 1, 0)")
	})
	if err := errors.Join(err, st.Close()); err != nil {
		t.Fatal(err)
	}
	for name, reopen := range map[string]func() (*Store, error){
		"for writing": func() (*Store, error) { return OpenSQLite(t.Context(), dir) },
		"for reading": func() (*Store, error) { return OpenSQLiteReadOnly(t.Context(), dir) },
		"to migrate":  func() (*Store, error) { _, err := Migrate(t.Context(), dir); return nil, err },
	} {
		if _, err := reopen(); !errors.Is(err, ErrNewer) {
			t.Errorf("%s: error is %v, want %v", name, err, ErrNewer)
		}
	}
}

func TestMigrateSaysFromWhichVersionToWhich(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "by", "migrate")
	first, err := Migrate(t.Context(), dir)
	if first.From != 0 || first.To == 0 || err != nil {
		t.Errorf("migration %+v, error %v", first, err)
	}
	again, err := Migrate(t.Context(), dir)
	if want := (Migration{From: first.To, To: first.To}); again != want || err != nil {
		t.Errorf("migration %+v, error %v, want %+v", again, err, want)
	}
}

// TestWhatAMigrationWroteIsCopiedAtOnce brings a store from the version before the newest.
func TestWhatAMigrationWroteIsCopiedAtOnce(t *testing.T) {
	dir := t.TempDir()
	db, err := openSQLite(filepath.Join(dir, databaseFile), sqliteWriter)
	if err != nil {
		t.Fatal(err)
	}
	steps, err := migrator(sqliteDialect, db)
	if err == nil {
		_, err = steps.UpTo(t.Context(), int64(len(steps.ListSources())-1))
	}
	if err = errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	st := open(t, dir)
	var busy, pages, copied int
	err = st.writers.lend(t.Context(), func(s *session) error { return s.row(measureLog, nil, &busy, &pages, &copied) })
	if err != nil || pages == 0 || copied != pages {
		t.Errorf("%d of %d pages are copied, error %v", copied, pages, err)
	}
}

func TestConnectionsAreDurableAndSmall(t *testing.T) {
	st := open(t, t.TempDir())
	for name, c := range map[string]struct {
		lend   *pool
		pragma string
		want   string
	}{
		"the log is written ahead":  {st.writers, "journal_mode", "wal"},
		"a commit is on disk":       {st.writers, "synchronous", "2"},
		"no commit copies the log":  {st.writers, "wal_autocheckpoint", "0"},
		"the writer's cache":        {st.writers, "cache_size", "-16384"},
		"a reader's cache":          {st.readers, "cache_size", "-2048"},
		"nothing is mapped":         {st.readers, "mmap_size", "0"},
		"sorting needs no file":     {st.readers, "temp_store", "2"},
		"a lock is waited for":      {st.writers, "busy_timeout", "10000"},
		"readers wait for it also":  {st.readers, "busy_timeout", "10000"},
		"a long log is cut off":     {st.writers, "journal_size_limit", "268435456"},
		"a reader sees the log too": {st.readers, "journal_mode", "wal"},
	} {
		var got setting
		err := c.lend.lend(t.Context(), func(s *session) error { return s.row("PRAGMA "+c.pragma, nil, &got) })
		if string(got) != c.want || err != nil {
			t.Errorf("%s: %s is %q, want %q (%v)", name, c.pragma, got, c.want, err)
		}
	}
}

// setting reads a column that is a number or a text.
type setting string

// Scan implements [database/sql.Scanner].
func (s *setting) Scan(from any) error {
	if value, is := text(from); is {
		*s = setting(value)
		return nil
	}
	*s = setting(fmt.Sprint(from))
	return nil
}
