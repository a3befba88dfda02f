package retention_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/pgtest"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/archive"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/storetest/books"
	"github.com/trueup-ledger/trueup/internal/store/verify"
	"github.com/trueup-ledger/trueup/internal/testenv"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// taskVariable is the environment variable with the task of a process that removes old records.
const taskVariable = "TRUEUP_TEST_TASK"

// task is what a process does. It kills itself at a statement or a file.
type task struct {
	Location, Folder string
	// Kill is the number of statements and files to pass by, or -1.
	Kill int
}

// TestMain runs the tests, or a process.
func TestMain(m *testing.M) {
	text := os.Getenv(taskVariable)
	if text == "" {
		os.Exit(m.Run())
	}
	var todo task
	err := json.Unmarshal([]byte(text), &todo)
	if err == nil {
		err = todo.run(context.Background())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func (t *task) run(ctx context.Context) error {
	st, err := open(ctx, t.Location)
	if err != nil {
		return err
	}
	st.DB().BeforeStatement(func(string) { t.pass() })
	_, err = st.Retain(ctx, 1, later, killedFolder{archive.Folder(t.Folder), t}, event)
	return errors.Join(err, st.Close())
}

// pass kills the process if it is time.
func (t *task) pass() {
	if t.Kill == 0 {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
	t.Kill--
}

// killedFolder lets a process be killed before and after a file is written.
type killedFolder struct {
	store.ArchiveFolder
	task *task
}

func (f killedFolder) Write(name string, content []byte) error {
	f.task.pass()
	err := f.ArchiveFolder.Write(name, content)
	f.task.pass()
	return err
}

var (
	later = time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)
	event = store.AuditEvent{Actor: store.Actor{Source: store.SourceProgram, ID: "test"}, Operation: store.OperationRetain, Reason: "a test", At: later}
)

func open(ctx context.Context, location string) (*sqlstore.Store, error) {
	if sqldb.IsPostgres(location) {
		return sqlstore.OpenPostgres(ctx, location)
	}
	return sqlstore.OpenSQLite(ctx, location)
}

func use(t *testing.T, location string, f func(st *sqlstore.Store)) {
	t.Helper()
	st, err := open(t.Context(), location)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	}()
	f(st)
}

// keepBooks keeps books for some months with limits of retention.
func keepBooks(t *testing.T, st *sqlstore.Store, months int) {
	t.Helper()
	b := &books.Books{Store: st.Roles(), Account: 1, Currency: "USD", Partners: 5, Orders: 30, Seed: 1}
	err := b.Open(t.Context())
	for m := range months {
		month := books.First.Add(m)
		err = errors.Join(err, b.Trade(t.Context(), month), b.Close(t.Context(), month))
	}
	_, recordErr := st.Record(t.Context(), 1, later, event, func(current *program.Reference, _ time.Time) (store.ReferenceChange, error) {
		settings := current.Account
		settings.RetainActionsDays, settings.RetainSubmissionsDays = new(32), new(90)
		return store.ReferenceChange{Reference: program.Reference{Account: settings}}, nil
	})
	if err := errors.Join(err, recordErr); err != nil {
		t.Fatal(err)
	}
}

// counts returns the numbers of submissions and actions that are stored and those in archives.
func counts(t *testing.T, st *sqlstore.Store) (stored, archived [2]int64) {
	t.Helper()
	err := st.DB().Lookup(t.Context(), func(s *sqldb.Session) error {
		return s.Row(`SELECT (SELECT count(*) FROM submissions), (SELECT count(*) FROM actions),
			(SELECT coalesce(max(removed), 0) FROM archives), (SELECT count(*) FROM archived_actions)`, nil,
			&stored[0], &stored[1], &archived[0], &archived[1])
	})
	if err != nil {
		t.Fatal(err)
	}
	return stored, archived
}

// TestAKilledProcessLosesNoRecord kills processes that remove old records at statements and around
// the writing of files. After each kill the store and its archives are verified. In the end every
// record is stored or in one archive.
func TestAKilledProcessLosesNoRecord(t *testing.T) {
	for name, newLocation := range map[string]func(t testing.TB) string{"SQLite": testing.TB.TempDir, "PostgreSQL": pgtest.Schema} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			location, folder := newLocation(t), t.TempDir()
			var before [2]int64
			use(t, location, func(st *sqlstore.Store) {
				keepBooks(t, st, 6)
				before, _ = counts(t, st)
			})
			kills := 0
			for kill := 10; ; kill += testenv.Scale(8, 2) {
				killed := perform(t, task{location, folder, kill})
				use(t, location, func(st *sqlstore.Store) {
					result, err := verify.Run(t.Context(), st, ledger.Decide, archive.Folder(folder))
					if err != nil || len(result.Violations) > 0 {
						t.Fatalf("after kill %d: %v, error %v", kill, result.Violations, err)
					}
					stored, archived := counts(t, st)
					if stored[0]+archived[0] != before[0] || stored[1]+archived[1] != before[1] {
						t.Fatalf("%v stored and %v archived, want %v", stored, archived, before)
					}
					if !killed {
						if archived[1] == 0 || archived[0] == archived[1] {
							t.Errorf("archived %v of %v", archived, before)
						}
						t.Logf("%d processes were killed; archived %v of %v", kills, archived, before)
					}
				})
				if !killed {
					break
				}
				kills++
			}
			if kills < 4 {
				t.Errorf("%d processes were killed", kills)
			}
		})
	}
}

// perform runs a process and reports whether it was killed.
func perform(t *testing.T, todo task) (killed bool) {
	t.Helper()
	text, err := json.Marshal(todo)
	if err != nil {
		t.Fatal(err)
	}
	process := exec.Command(os.Args[0])
	process.Env, process.Stderr = append(os.Environ(), taskVariable+"="+string(text)), os.Stderr
	err = process.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.ExitCode() == -1 {
		return true
	}
	if err != nil {
		t.Fatal(err)
	}
	return false
}

// TestVerifyFindsWhatRetentionDoesNotExplain changes the records of archives, their files, and what
// is kept.
func TestVerifyFindsWhatRetentionDoesNotExplain(t *testing.T) {
	for name, c := range map[string]struct {
		statement string
		file      func(path string) error
		want      string
	}{
		"a submission is removed":      {statement: "DELETE FROM submissions WHERE account = 1 AND number = (SELECT max(number) - 1 FROM submissions)", want: "follows submission"},
		"an archive is forgotten":      {statement: "DELETE FROM archives WHERE account = 1 AND number = 1", want: "no archive contains it"},
		"an action of it is forgotten": {statement: "DELETE FROM archived_actions WHERE account = 1 AND number = (SELECT min(number) FROM archived_actions)", want: "are not on record"},
		"the kept sum changes":         {statement: "UPDATE archived_actions SET amount = amount + 1 WHERE account = 1 AND number = (SELECT min(number) FROM archived_actions)", want: "its locked actions and adjustments give"},
		"an entry changes":             {statement: "UPDATE entries SET amount = amount + 1 WHERE account = 1 AND id = (SELECT min(id) FROM entries WHERE kind = 'ACTION')", want: "its locked actions and adjustments give"},
		"a file is lost":               {file: os.Remove, want: "can't be read"},
		"a file changes":               {file: func(path string) error { return os.WriteFile(path, []byte("other"), 0o600) }, want: "was changed"},
		"a recorded file is no archive": {
			statement: "UPDATE archives SET hash = X'd9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa' WHERE account = 1 AND number = 1",
			file:      func(path string) error { return os.WriteFile(path, []byte("other"), 0o600) }, want: "can't be decoded",
		},
		"nothing changes, and all is well": {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			location, folder := t.TempDir(), t.TempDir()
			use(t, location, func(st *sqlstore.Store) {
				keepBooks(t, st, 3)
				removed, err := st.Retain(t.Context(), 1, later, archive.Folder(folder), event)
				if err != nil || len(removed.Files) == 0 {
					t.Fatal(removed, err)
				}
				if c.statement != "" {
					err = st.DB().Write(t.Context(), func(s *sqldb.Session) error { return s.Exec(c.statement) })
				}
				if err == nil && c.file != nil {
					err = c.file(filepath.Join(folder, removed.Files[0]))
				}
				if err != nil {
					t.Fatal(err)
				}
				result, err := verify.Run(t.Context(), st, ledger.Decide, archive.Folder(folder))
				if err != nil || (len(result.Violations) > 0) != (c.want != "") || !strings.Contains(fmt.Sprint(result.Violations), c.want) {
					t.Errorf("violations %v, error %v, want %q", result.Violations, err, c.want)
				}
			})
		})
	}
}
