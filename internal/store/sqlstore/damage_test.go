package sqlstore_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/sqldb/logcheck"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/verify"
	"github.com/trueup-ledger/trueup/internal/testenv"
	"github.com/trueup-ledger/trueup/ledger"
)

// files holds the contents of a database's files by their names.
type files map[string][]byte

// killedStore returns the files of a store whose process was killed: a database file with
// checkpointed commits, and a WAL with commits of two submissions each. Accepted is the
// number of submissions.
func killedStore(t *testing.T) (killed files, accepted int64) {
	t.Helper()
	dir := t.TempDir()
	st := openSQLite(t, dir)
	fill(t, st, 60)
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	st = openSQLite(t, dir)
	for i := range int64(40) {
		submit(t, st, []store.Submission{conversion(fmt.Sprintf("late-%d", i), now), modification(i+1, 1)})
	}
	killed = make(files)
	for _, name := range sqldb.SQLiteFiles() {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		killed[name] = content
	}
	delete(killed, sqldb.SQLiteFiles()[2]) // SQLite writes the shared memory anew
	return killed, 60 + 2*40
}

// write writes the files to a new folder.
func (f files) write(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, content := range f {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// flip returns the files with one bit of a file flipped.
func (f files) flip(name string, bit int) files {
	flipped := maps.Clone(f)
	content := []byte(string(f[name]))
	content[bit/8] ^= 1 << (bit % 8)
	flipped[name] = content
	return flipped
}

// completed returns how many submissions are stored with their outcomes.
func completed(t *testing.T, st *sqlstore.Store) (found int64, err error) {
	err = st.DB().Lookup(t.Context(), func(s *sqldb.Session) error {
		return s.Row("SELECT count(*) FROM submissions s JOIN outcomes o ON o.account = s.account AND o.number = s.number WHERE s.account = ?",
			[]any{account}, &found)
	})
	return found, err
}

// TestAFlippedBitLosesNoSubmissionSilently flips a bit of the files of a killed process.
// Either the store refuses to open, or Verify finds it, or all submissions are there.
func TestAFlippedBitLosesNoSubmissionSilently(t *testing.T) {
	killed, accepted := killedStore(t)
	random := rand.New(rand.NewPCG(12, 15))
	outcomes := make(map[string]int)
	for n := range testenv.Scale(40, 200) {
		name := sqldb.SQLiteFiles()[n%2]
		bit := random.IntN(8 * len(killed[name]))
		outcome := func() string {
			st, err := sqlstore.OpenSQLite(t.Context(), killed.flip(name, bit).write(t))
			if err != nil {
				return "refused"
			}
			defer st.Close()
			violations, err := verify.Store(t.Context(), st, ledger.Decide)
			if len(violations) > 0 || err != nil {
				return "found by Verify"
			}
			if found, err := completed(t, st); found != accepted || err != nil {
				t.Errorf("bit %d of %s: %d of %d submissions are left (%v), and nobody is told", bit, name, found, accepted, err)
			}
			return "all submissions are there"
		}()
		outcomes[strings.TrimPrefix(name, "trueup.db")+" "+outcome]++
	}
	t.Log(outcomes)
}

func TestADamagedLogIsReportedAndKept(t *testing.T) {
	killed, accepted := killedStore(t)
	database, log := sqldb.SQLiteFiles()[0], sqldb.SQLiteFiles()[1]
	header := killed.flip(log, 8*20)
	withoutLog := maps.Clone(killed)
	delete(withoutLog, log)
	empty := maps.Clone(killed)
	empty[database] = nil
	for name, tt := range map[string]struct {
		files   files
		missing int64
		problem string
	}{
		"a page in the middle":   {killed.flip(log, 8*len(killed[log])/2), -1, "were committed"},
		"the last commit":        {killed.flip(log, 8*(len(killed[log])-100)), 0, "were committed"},
		"the header":             {header, 80, "its header is not valid"},
		"no log":                 {withoutLog, 80, "older than the commits"},
		"an empty database file": {empty, accepted, "missing or empty"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := tt.files.write(t)
			for range 2 { // the first attempt changes nothing
				_, err := sqlstore.OpenSQLite(t.Context(), dir)
				damage := (*logcheck.DamageError)(nil)
				if !errors.As(err, &damage) || !errors.Is(err, logcheck.ErrDamaged) || !strings.Contains(err.Error(), tt.problem) {
					t.Fatalf("error is %v, want %q", err, tt.problem)
				}
				if tt.missing >= 0 && damage.Missing != tt.missing || damage.Missing > 80 && tt.missing != accepted {
					t.Errorf("%d submissions are missing, want %d: %v", damage.Missing, tt.missing, err)
				}
			}
			if tt.files[database] == nil {
				return
			}
			reader, err := sqlstore.OpenSQLiteReadOnly(t.Context(), dir)
			if err = errors.Join(err, reader.Close()); err != nil {
				t.Error(err)
			}
			copies, err := sqldb.AcceptLoss(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			for name, content := range tt.files {
				if kept, err := os.ReadFile(filepath.Join(copies, name)); string(kept) != string(content) || err != nil {
					t.Errorf("the copy of %s has %d bytes (%v), want %d", name, len(kept), err, len(content))
				}
			}
			submit(t, openSQLite(t, dir), []store.Submission{conversion("after the loss", now)})
		})
	}
}
