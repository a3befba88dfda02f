package sqlstore

import (
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/trueup-ledger/trueup/internal/pgtest"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// What a server says that ended a statement itself.
const (
	lockNotAvailable = "55P03"
	queryCanceled    = "57014"
)

func wantState(t *testing.T, says, state string, err error) {
	t.Helper()
	var told *pgconn.PgError
	if !errors.As(err, &told) || told.Code != state {
		t.Errorf("%s: error is %v, want one with %s", says, err, state)
	}
}

// inTheWay has somebody hold what a statement locks until the answer is called.
func inTheWay(t *testing.T, url, statement string) (release func()) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err == nil {
		_, err = conn.Exec(t.Context(), "BEGIN; "+statement)
	}
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		_, err := conn.Exec(t.Context(), "ROLLBACK")
		if err := errors.Join(err, conn.Close(t.Context())); err != nil {
			t.Error(err)
		}
	}
}

// TestAWriterThatWaitsForALockIsSentAway has the server do so: what was asked for can be
// asked for again, and no attempt of a submission was made.
func TestAWriterThatWaitsForALockIsSentAway(t *testing.T) {
	for says, statement := range map[string]string{
		"to look up":    "LOCK TABLE actions IN ACCESS EXCLUSIVE MODE",
		"to write rows": "LOCK TABLE updates IN SHARE MODE",
	} {
		t.Run(says, func(t *testing.T) {
			url := pgtest.Schema(t)
			st := openImpatient(t, url, func(t *times) { t.lock = 100 * time.Millisecond })
			record(t, st)
			if _, err := st.Accept(t.Context(), account, now, []store.Submission{conversion("a", now)}); err != nil {
				t.Fatal(err)
			}
			releaseTable, releaseRow := inTheWay(t, url, statement), inTheWay(t, url, "SELECT number FROM intake FOR UPDATE")
			tries := 0
			err := st.write(t.Context(), func(s *session) error {
				tries++
				return s.holdIntake(account)
			})
			wantState(t, "the intake", lockNotAvailable, err)
			if tries != 1 {
				t.Errorf("the caller waited %d times", tries)
			}
			for range store.MaxAttempts {
				_, err := st.Apply(t.Context(), account, now, 1, ledger.Decide)
				wantState(t, "the applier", lockNotAvailable, err)
			}
			if n := st.writers.db.Stats().OpenConnections; n != 1 {
				t.Errorf("%d connections, want the one there was", n)
			}
			releaseTable()
			releaseRow()
			if n, err := st.Apply(t.Context(), account, now, 1, ledger.Decide); n != 1 || err != nil {
				t.Errorf("applied %d, error %v", n, err)
			}
			wantLawful(t, st)
			if err := st.Read(t.Context(), account, func(r store.Reader) error {
				_, err := r.Action(ledger.ActionID{Campaign: 1000, EventType: 2240, Number: 1})
				return err
			}); err != nil {
				t.Errorf("the order was parked: %v", err)
			}
		})
	}
}

func TestAReadThatTakesTooLongIsEndedByTheServer(t *testing.T) {
	url := pgtest.Schema(t)
	st := openImpatient(t, url, func(t *times) { t.read = time.Second })
	record(t, st)
	reads := map[string]func() error{
		"a lookup": func() error {
			_, err := st.Accounts(t.Context())
			return err
		},
		"a list": func() error {
			return st.Read(t.Context(), account, func(store.Reader) error { return nil })
		},
	}
	release := inTheWay(t, url, "LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE")
	for says, read := range reads {
		wantState(t, says, queryCanceled, read())
	}
	before := st.readers.db.Stats().OpenConnections
	release()
	for says, read := range reads {
		if err := read(); err != nil {
			t.Errorf("%s, once nobody is in the way: %v", says, err)
		}
	}
	if n := st.readers.db.Stats().OpenConnections; n != before {
		t.Errorf("%d connections, want the %d there were", n, before)
	}
}

func TestOnlyWhoServesIsShortOfTime(t *testing.T) {
	url := pgtest.Schema(t)
	st := openPostgresAt(t, url)
	alone, err := OpenPostgresReadOnly(t.Context(), url)
	alone = untilEnd(t, alone, err)
	for says, c := range map[string]struct {
		lend          *pool
		setting, want string
	}{
		"who hangs in a write ends first":         {st.writers, "idle_in_transaction_session_timeout", "10s"},
		"a writer waits less than its patience":   {st.writers, "lock_timeout", "12s"},
		"a commit may wait for a standby":         {st.writers, "statement_timeout", "0"},
		"a list has less than its patience":       {st.readers, "statement_timeout", "14s"},
		"a lookup too":                            {st.lookups, "statement_timeout", "14s"},
		"who reads does not write":                {st.readers, "default_transaction_read_only", "on"},
		"a command reads for as long as it takes": {alone.readers, "statement_timeout", "0"},
		"and does not write":                      {alone.readers, "default_transaction_read_only", "on"},
	} {
		var got string
		err := c.lend.lend(t.Context(), func(s *session) error {
			return s.row("SELECT current_setting(?)", []any{c.setting}, &got)
		})
		if got != c.want || err != nil {
			t.Errorf("%s: %s is %q, want %q (%v)", says, c.setting, got, c.want, err)
		}
	}
}
