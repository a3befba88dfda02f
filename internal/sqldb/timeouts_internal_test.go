package sqldb

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/trueup-ledger/trueup/internal/pgtest"
	"github.com/trueup-ledger/trueup/internal/sqldb/failure"
)

// connectAll opens every connection of a pool and leaves them idle.
func connectAll(t *testing.T, p *pool) {
	t.Helper()
	var all, group sync.WaitGroup
	all.Add(cap(p.slots))
	for range cap(p.slots) {
		group.Go(func() {
			err := p.use(t.Context(), func(*Session) error {
				all.Done()
				all.Wait()
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

func TestALostServerCostsOneErrorPerPool(t *testing.T) {
	proxy := pgtest.NewProxy(t)
	db := openServer(t, proxy.URL)
	for name, p := range map[string]*pool{"writers": db.writers, "readers": db.readers, "lookups": db.lookups} {
		connectAll(t, p)
		proxy.Cut()
		failures := 0
		for range 2 * cap(p.slots) {
			if err := p.use(t.Context(), func(s *Session) error { return s.Exec("SELECT 1") }); err != nil {
				failures++
			}
		}
		if failures != 1 {
			t.Errorf("%s: %d of %d uses failed, want 1", name, failures, 2*cap(p.slots))
		}
	}
}

func TestASilentServerTimesOut(t *testing.T) {
	proxy := pgtest.NewProxy(t)
	db := openWithTimeouts(t, proxy.URL, func(t *Timeouts) { t.Response = 500 * time.Millisecond })
	connectAll(t, db.writers)
	resume := proxy.Stall()
	defer resume()
	if err := db.Write(t.Context(), insert(1)); !errors.Is(err, failure.ErrUnresponsive) {
		t.Errorf("the error of a write is %v, want %v", err, failure.ErrUnresponsive)
	}
	if err := db.Lookup(t.Context(), func(s *Session) error { return s.Exec("SELECT 1") }); !errors.Is(err, failure.ErrUnresponsive) {
		t.Errorf("the error of a lookup is %v, want %v", err, failure.ErrUnresponsive)
	}
	resume()
	if err := db.Write(t.Context(), insert(2)); err != nil {
		t.Errorf("once the server responds again: %v", err)
	}
}

// TestALostCommitIsNotCanceled drops the reply to a COMMIT. If it were canceled, a COMMIT
// that waits for a standby would become visible, and could still be lost.
func TestALostCommitIsNotCanceled(t *testing.T) {
	proxy := pgtest.NewProxy(t)
	db := openServer(t, proxy.URL)
	proxy.LoseNextCommit()
	if err := db.Write(t.Context(), insert(1)); err == nil {
		t.Error("the reply was not lost")
	}
	if n := proxy.CancelRequests(); n != 0 {
		t.Errorf("the server was sent %d cancel requests, want none", n)
	}
	if rows := count(t, db); rows != 1 {
		t.Errorf("%d rows, want 1", rows)
	}
}

func TestAReadSucceedsEvenIfItsSnapshotFailsToEnd(t *testing.T) {
	proxy := pgtest.NewProxy(t)
	db := openServer(t, proxy.URL)
	err := db.Read(t.Context(), tenant, func(s *Session) error {
		if err := s.Row("SELECT 1", nil, new(int)); err != nil {
			return err
		}
		proxy.Cut()
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// queryCanceled is the SQLSTATE of a statement that timed out.
const queryCanceled = "57014"

func TestTheServerEndsAReadThatTakesTooLong(t *testing.T) {
	url := pgtest.Schema(t)
	db := openWithTimeouts(t, url, func(t *Timeouts) { t.Read = time.Second })
	read := func(s *Session) error { return s.Row("SELECT count(*) FROM texts", nil, new(int)) }
	reads := map[string]func() error{
		"a lookup":   func() error { return db.Lookup(t.Context(), read) },
		"a snapshot": func() error { return db.Read(t.Context(), tenant, read) },
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), "BEGIN; LOCK TABLE texts IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	for name, read := range reads {
		var reported *pgconn.PgError
		if err := read(); !errors.As(err, &reported) || reported.Code != queryCanceled {
			t.Errorf("%s: error is %v, want one with %s", name, err, queryCanceled)
		}
	}
	_, before := db.Stats()
	if err := conn.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, read := range reads {
		if err := read(); err != nil {
			t.Errorf("%s, once the table is unlocked: %v", name, err)
		}
	}
	if _, after := db.Stats(); after.OpenConnections != before.OpenConnections {
		t.Errorf("%d connections, want the same %d", after.OpenConnections, before.OpenConnections)
	}
}

func TestOnlyAServingProcessHasTimeouts(t *testing.T) {
	url := pgtest.Schema(t)
	db := openServer(t, url)
	readOnly, err := OpenPostgresReadOnly(t.Context(), url, testConfig())
	readOnly = closeAfterTest(t, readOnly, err)
	for name, c := range map[string]struct {
		pool          *pool
		setting, want string
	}{
		"a process that hangs in a write times out first":   {db.writers, "idle_in_transaction_session_timeout", "10s"},
		"a writer's lock wait is shorter than its response": {db.writers, "lock_timeout", "12s"},
		"a commit may wait for a standby":                   {db.writers, "statement_timeout", "0"},
		"a writer keeps plans":                              {db.writers, "plan_cache_mode", "force_generic_plan"},
		"a read is shorter than its response":               {db.readers, "statement_timeout", "14s"},
		"a lookup is shorter than its response":             {db.lookups, "statement_timeout", "14s"},
		"a reader doesn't write":                            {db.readers, "default_transaction_read_only", "on"},
		"a command reads without a timeout":                 {readOnly.readers, "statement_timeout", "0"},
		"a command doesn't write":                           {readOnly.readers, "default_transaction_read_only", "on"},
	} {
		var got string
		err := c.pool.use(t.Context(), func(s *Session) error {
			return s.Row("SELECT current_setting(?)", []any{c.setting}, &got)
		})
		if got != c.want || err != nil {
			t.Errorf("%s: %s is %q, want %q (%v)", name, c.setting, got, c.want, err)
		}
	}
}

func TestADistributedDatabasePlansForEachTenant(t *testing.T) {
	d := postgresDialect
	d.Distributed = true
	if _, generic := d.writerParameters(DefaultTimeouts())["plan_cache_mode"]; generic {
		t.Error("a generic plan can't find the tenant's node")
	}
}
