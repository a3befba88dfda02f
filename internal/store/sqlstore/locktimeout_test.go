package sqlstore_test

import (
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/trueup-ledger/trueup/internal/pgtest"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	accounts "github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// lockNotAvailable is the SQLSTATE of a lock wait that timed out.
const lockNotAvailable = "55P03"

func wantState(t *testing.T, what, state string, err error) {
	t.Helper()
	var reported *pgconn.PgError
	if !errors.As(err, &reported) || reported.Code != state {
		t.Errorf("%s: error is %v, want one with %s", what, err, state)
	}
}

// lock runs a statement in another transaction, which keeps its locks until release is
// called.
func lock(t *testing.T, url, statement string) (release func()) {
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

// TestALockWaitTimesOut lets the server end the wait. The caller can retry, and no attempt to
// apply a submission is counted.
func TestALockWaitTimesOut(t *testing.T) {
	for name, statement := range map[string]string{
		"in a lookup":  "LOCK TABLE actions IN ACCESS EXCLUSIVE MODE",
		"when writing": "LOCK TABLE updates IN SHARE MODE",
	} {
		t.Run(name, func(t *testing.T) {
			url := pgtest.Schema(t)
			st := openPostgresWith(t, url, func(c *sqldb.Config) {
				c.Timeouts = sqldb.DefaultTimeouts()
				c.Timeouts.Lock = 100 * time.Millisecond
			})
			createAccount(t, st)
			if _, err := st.Accept(t.Context(), account, now, []store.Submission{conversion("a", now)}); err != nil {
				t.Fatal(err)
			}
			releaseTable, releaseRow := lock(t, url, statement), lock(t, url, "SELECT number FROM intake FOR UPDATE")
			attempts := 0
			err := st.DB().Write(t.Context(), func(s *sqldb.Session) error {
				attempts++
				return accounts.LockIntake(s, account)
			})
			wantState(t, "the intake", lockNotAvailable, err)
			if attempts != 1 {
				t.Errorf("the caller waited %d times, want once", attempts)
			}
			for range store.MaxAttempts {
				_, err := st.Apply(t.Context(), account, now, 1, ledger.Decide)
				wantState(t, "the applier", lockNotAvailable, err)
			}
			if writers, _ := st.DB().Stats(); writers.OpenConnections != 1 {
				t.Errorf("%d connections, want the same one", writers.OpenConnections)
			}
			releaseTable()
			releaseRow()
			if n, err := st.Apply(t.Context(), account, now, 1, ledger.Decide); n != 1 || err != nil {
				t.Errorf("applied %d, error %v", n, err)
			}
			wantSound(t, st)
			if err := st.Read(t.Context(), account, func(r store.Reader) error {
				_, err := r.Action(ids.ActionID{Campaign: 1000, EventType: 2240, Number: 1})
				return err
			}); err != nil {
				t.Errorf("the submission was parked: %v", err)
			}
		})
	}
}
