package sqlstore_test

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

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/verify"
	"github.com/trueup-ledger/trueup/ledger"
)

// A test that needs another process runs the test binary again with these variables: the
// role of the process and its folder.
const (
	roleVariable   = "TRUEUP_TEST_ROLE"
	folderVariable = "TRUEUP_TEST_FOLDER"
)

func TestMain(m *testing.M) {
	roles := map[string]func(ctx context.Context, dir string) error{"write": writeForever}
	role, found := roles[os.Getenv(roleVariable)]
	if !found {
		os.Exit(m.Run())
	}
	if err := role(context.Background(), os.Getenv(folderVariable)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// startProcess starts another process in a role. It returns the lines that the process
// prints and a function that kills it.
func startProcess(t *testing.T, role, dir string) (lines *bufio.Scanner, kill func()) {
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
		_ = cmd.Wait() // reports the kill
	}
	t.Cleanup(kill)
	return bufio.NewScanner(out), kill
}

// writeForever accepts and applies submissions. It prints the number of each one once
// it is accepted.
func writeForever(ctx context.Context, dir string) error {
	st, err := sqlstore.OpenSQLite(ctx, dir)
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

func TestAKilledProcessLosesNoAcceptedSubmission(t *testing.T) {
	dir := t.TempDir()
	st := openSQLite(t, dir)
	createAccount(t, st)
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	last := int64(0)
	for round := range 3 {
		lines, kill := startProcess(t, "write", dir)
		for printed := 0; printed < 40*(round+1) && lines.Scan(); printed++ {
			number, err := strconv.ParseInt(lines.Text(), 10, 64)
			if err != nil || number != last+2 && printed > 0 {
				t.Fatalf("%q after %d: %v", lines.Text(), last, err)
			}
			last = number
		}
		kill()
		for lines.Scan() { // the lines that it printed before it was killed
			last, _ = strconv.ParseInt(lines.Text(), 10, 64)
		}
		st := openSQLite(t, dir)
		for n := 1; n > 0; {
			var err error
			if n, err = st.Apply(t.Context(), account, now, store.MaxBatch, ledger.Decide); err != nil {
				t.Fatal(err)
			}
		}
		wantSound(t, st)
		err := st.Scan(t.Context(), account, func(contents store.Contents) error {
			p, err := contents.Positions()
			c := p.Counters
			if c.Accepted < last || c.Applied != c.Accepted {
				t.Errorf("printed %d, accepted %d, applied %d", last, c.Accepted, c.Applied)
			}
			last = c.Accepted
			return err
		})
		if err := errors.Join(err, st.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

// wantSound fails the test if the store violates an invariant.
func wantSound(t testing.TB, st *sqlstore.Store) {
	t.Helper()
	violations, err := verify.Store(t.Context(), st, ledger.Decide)
	if len(violations) > 0 || err != nil {
		t.Errorf("violations %v, error %v", violations, err)
	}
}

func TestANewerStoreIsNotOpened(t *testing.T) {
	dir := t.TempDir()
	st := openSQLite(t, dir)
	err := st.DB().Write(t.Context(), func(s *sqldb.Session) error {
		return s.Exec("INSERT INTO migrations (version_id, is_applied, tstamp) VALUES (1000, 1, 0)")
	})
	if err := errors.Join(err, st.Close()); err != nil {
		t.Fatal(err)
	}
	for name, reopen := range map[string]func() (*sqlstore.Store, error){
		"for writing": func() (*sqlstore.Store, error) { return sqlstore.OpenSQLite(t.Context(), dir) },
		"for reading": func() (*sqlstore.Store, error) { return sqlstore.OpenSQLiteReadOnly(t.Context(), dir) },
		"to migrate":  func() (*sqlstore.Store, error) { _, err := sqlstore.Migrate(t.Context(), dir); return nil, err },
	} {
		if _, err := reopen(); !errors.Is(err, sqldb.ErrNewer) {
			t.Errorf("%s: error is %v, want %v", name, err, sqldb.ErrNewer)
		}
	}
}

func TestMigrateReturnsTheVersions(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "by", "migrate")
	first, err := sqlstore.Migrate(t.Context(), dir)
	if first.From != 0 || first.To == 0 || err != nil {
		t.Errorf("migration %+v, error %v", first, err)
	}
	again, err := sqlstore.Migrate(t.Context(), dir)
	if want := (sqldb.Migration{From: first.To, To: first.To}); again != want || err != nil {
		t.Errorf("migration %+v, error %v, want %+v", again, err, want)
	}
}
