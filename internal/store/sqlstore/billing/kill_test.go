package billing_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/storetest/books"
	"github.com/trueup-ledger/trueup/internal/testenv"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// taskVariable is the environment variable with the task of a process that closes a month.
const taskVariable = "TRUEUP_TEST_TASK"

// task is what a process does: a step of closing a month. It kills itself at a statement.
type task struct {
	Location string
	Seed     uint64
	Month    program.Month
	Step     int
	Kill     kill
}

// kill selects the statement at which a process kills itself.
type kill struct {
	moment
	// Skip is the number of matching statements to pass by, and Later that of any statements
	// after the next one.
	Skip, Later int
	// Running lets the process go on while the signal is on its way, so that it can die in the middle
	// of the statement.
	Running bool
}

// moment is a statement of an operation. Without a statement, it is any one. The zero moment is never.
type moment struct {
	Name      string
	Operation books.Operation
	Statement string
}

// moments are those at which the processes of each step are killed.
var moments = [books.Steps][]moment{
	{{"gather", books.Bill, "INSERT INTO entries"}, {}, {"position", books.Bill, "UPDATE billing SET"}, anything},
	{{"bonus", books.Bonus, ""}, {"write off", books.WriteOff, ""}, {"pay", books.Pay, "INSERT INTO payments"}, {}, anything},
	{
		{"fence", books.Bill, "UPDATE intake SET instant"},
		{"late gather", books.Bill, "INSERT INTO entries"},
		{"issue", books.Bill, "INSERT INTO invoices"},
		{"close", books.Bill, "UPDATE billing SET"},
		{"commit", books.Bill, "COMMIT"},
		{},
		anything,
	},
	{{"force", books.Force, "INSERT INTO invoices"}, {"lock", books.Force, "BEGIN"}, {}, anything},
}

// anything is any statement.
var anything = moment{Name: "anything"}

// newBooks returns the books that processes keep.
func newBooks(st *sqlstore.Store, seed uint64) *books.Books {
	return &books.Books{Store: st.Roles(), Account: 1, Currency: "USD", Partners: 12, Orders: 40, Seed: seed}
}

// closeMonth is the main function of a process. It prints the name of the moment before it kills itself.
func closeMonth(ctx context.Context, text string) error {
	var todo task
	if err := json.Unmarshal([]byte(text), &todo); err != nil {
		return err
	}
	st, err := open(ctx, todo.Location)
	if err != nil {
		return err
	}
	b, k, matched, operation := newBooks(st, todo.Seed), todo.Kill, false, books.Operation("")
	b.Began = func(o books.Operation) { operation = o }
	st.DB().BeforeStatement(func(text string) {
		switch {
		case k.Name == "":
		case !matched:
			match := (k.Operation == "" || k.Operation == operation) && strings.HasPrefix(text, k.Statement)
			if match {
				k.Skip--
			}
			matched = match && k.Skip < 0
		case k.Later > 0:
			k.Later--
		default:
			k.die()
		}
	})
	return errors.Join(b.Step(ctx, todo.Month, todo.Step), st.Close())
}

// die kills the process.
func (k *kill) die() {
	fmt.Println(k.Name)
	k.Name = ""
	send := func() { _ = syscall.Kill(os.Getpid(), syscall.SIGKILL) }
	if k.Running {
		go send()
		return
	}
	send()
	select {}
}

// minCovered is the number of kills above which each moment is among them.
const minCovered = 100

// TestInvoicesAreIssuedOnceByKilledProcesses kills the processes that keep books at random
// statements: two at once on PostgreSQL, one after another on SQLite. Then the books equal those
// that were kept without any kills.
func TestInvoicesAreIssuedOnceByKilledProcesses(t *testing.T) {
	months, minKills := testenv.Scale(3, 5), testenv.Scale(10, 200)
	for name, newLocation := range newLocations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			killed := make(map[string]int)
			kills := 0
			for seed := uint64(1); kills < minKills; seed++ {
				r := &killRun{T: t, location: newLocation(t), seed: seed, random: rand.New(rand.NewPCG(seed, 0)), killed: killed}
				r.run(months)
				undisturbed := newLocation(t)
				use(t, undisturbed, func(st *sqlstore.Store) { keepBooks(t, newBooks(st, seed), months) })
				want, got := dump(t, undisturbed), dump(t, r.location)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("seed %d: the books differ (-undisturbed +killed):\n%s", seed, diff)
				}
				kills = 0
				for _, n := range killed {
					kills += n
				}
			}
			t.Logf("%d processes were killed: %v", kills, killed)
			for _, m := range slices.Concat(moments[:]...) {
				if m.Name != "" && killed[m.Name] == 0 && kills >= minCovered {
					t.Errorf("no process was killed at the moment %q", m.Name)
				}
			}
		})
	}
}

// killRun keeps books in processes that are killed.
type killRun struct {
	*testing.T
	location string
	seed     uint64
	random   *rand.Rand

	mu     sync.Mutex
	killed map[string]int
	// next holds the number of processes of each step.
	next [books.Steps]int
}

// run keeps the books for some months.
func (r *killRun) run(months int) {
	r.Helper()
	var b *books.Books
	for m := range months {
		month := books.First.Add(m)
		use(r.T, r.location, func(st *sqlstore.Store) {
			if b == nil {
				b = newBooks(st, r.seed)
				if err := b.Open(r.Context()); err != nil {
					r.Fatal(err)
				}
			}
			b.Store = st.Roles()
			if err := b.Trade(r.Context(), month); err != nil {
				r.Fatal(err)
			}
		})
		processes := 1
		if sqldb.IsPostgres(r.location) {
			processes = 2
		}
		for step := range books.Steps {
			var group sync.WaitGroup
			for range processes {
				group.Go(func() {
					for r.perform(month, step) {
					}
				})
			}
			group.Wait()
		}
	}
}

// perform performs a step in a process and reports whether the process was killed.
func (r *killRun) perform(month program.Month, step int) (killed bool) {
	text, err := json.Marshal(task{r.location, r.seed, month, step, r.kill(step)})
	if err != nil {
		r.Error(err)
		return false
	}
	process := exec.Command(os.Args[0])
	process.Env, process.Stderr = append(os.Environ(), taskVariable+"="+string(text)), os.Stderr
	out, err := process.StdoutPipe()
	if err == nil {
		err = process.Start()
	}
	if err != nil {
		r.Error(err)
		return false
	}
	moment := ""
	for lines := bufio.NewScanner(out); lines.Scan(); {
		moment = lines.Text()
	}
	err = process.Wait()
	switch {
	case moment == "" && err != nil:
		r.Errorf("a process failed: %v", err)
	case err != nil:
		r.mu.Lock()
		defer r.mu.Unlock()
		r.killed[moment]++
		return true
	}
	return false
}

// kill returns the moment at which the next process kills itself. The moments of a step take turns.
func (r *killRun) kill(step int) kill {
	r.mu.Lock()
	defer r.mu.Unlock()
	m := moments[step][r.next[step]%len(moments[step])]
	r.next[step]++
	k := kill{moment: m, Later: r.random.IntN(6), Running: r.random.IntN(3) == 0}
	if m.Statement == "" {
		k.Skip = r.random.IntN(40)
	}
	return k
}

// dump returns the billing records of a store as text. The seals cover all columns.
func dump(t *testing.T, location string) (lines []string) {
	t.Helper()
	use(t, location, func(st *sqlstore.Store) {
		wantLaws(t, st)
		err := st.DB().Lookup(t.Context(), func(s *sqldb.Session) error {
			for _, query := range []string{
				"SELECT 'entry ' || partner || ' ' || instant || ' ' || kind || ' ' || id || ' ' || campaign || ' ' || event_date || ' ' || amount || ' ' || reason || ' ' || seal FROM entries ORDER BY partner, instant, kind, id",
				"SELECT 'invoice ' || partner || '-' || ordinal || ' ' || number || ' ' || created || ' ' || due || ' ' || total || ' ' || document || ' ' || seal FROM invoices ORDER BY partner, ordinal",
				"SELECT 'payment ' || partner || '-' || ordinal || ' ' || number || ' ' || date || ' ' || reference || ' ' || instant || ' ' || seal FROM payments ORDER BY partner, ordinal",
				"SELECT 'position ' || since || ' ' || gathered || ' ' || gathered_number || ' ' || late || ' ' || period || ' ' || partner || ' ' || fenced || ' ' || recorded || ' ' || seal FROM billing",
				"SELECT 'audit ' || number || ' ' || operation || ' ' || subject || ' ' || detail || ' ' || seal FROM audit_events WHERE account = 1 ORDER BY number",
			} {
				line := ""
				if err := s.Rows(query, nil, []any{&line}, func() error { lines = append(lines, line); return nil }); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	return lines
}
