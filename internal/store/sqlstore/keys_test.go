package sqlstore_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

func TestExpiredKeysAreDeletedAsNewOnesArrive(t *testing.T) {
	st := openSQLite(t, t.TempDir())
	createAccount(t, st)
	use := func(from, to int, at time.Time) {
		t.Helper()
		for i := from; i < to; i++ {
			s := modification(1, 1)
			s.Key.Text = fmt.Sprint(i)
			if _, err := st.Accept(t.Context(), account, at, []store.Submission{s}); err != nil {
				t.Fatal(err)
			}
		}
	}
	count := func() (rows int) {
		t.Helper()
		if err := st.DB().Lookup(t.Context(), func(s *sqldb.Session) error {
			return s.Row("SELECT count(*) FROM keys WHERE account = ?", []any{account}, &rows)
		}); err != nil {
			t.Fatal(err)
		}
		return rows
	}
	use(0, 20, now)
	use(20, 30, now.Add(store.KeyRetention-1))
	if got := count(); got != 30 {
		t.Errorf("%d keys, want 30", got)
	}
	use(30, 35, now.Add(store.KeyRetention))
	if got := count(); got != 25 {
		t.Errorf("%d keys after 5 new ones, want 25: two are deleted for each", got)
	}
	use(35, 45, now.Add(store.KeyRetention))
	if got := count(); got != 25 {
		t.Errorf("%d keys after all expired ones were deleted, want 25", got)
	}
}

func TestKeyOfWriteWithoutSubmissionReturnsItsResource(t *testing.T) {
	st := openSQLite(t, t.TempDir())
	createAccount(t, st)
	key := store.Key{Text: "k", Request: ids.Hash{1}}
	if err := st.DB().Write(t.Context(), func(s *sqldb.Session) error {
		if _, err := submissions.FirstUse(s, account, now, key); !errors.Is(err, ledger.ErrNotFound) {
			return err
		}
		return submissions.RememberKey(s, account, now, key, "/ActionInquiries/7")
	}); err != nil {
		t.Fatal(err)
	}
	first, err := st.FindKey(t.Context(), account, now, key)
	if first.Resource != "/ActionInquiries/7" || first.Submission.Number != 0 || err != nil {
		t.Errorf("first use %+v, error %v", first, err)
	}
	key.Request = ids.Hash{2}
	if _, err := st.FindKey(t.Context(), account, now, key); !errors.Is(err, store.ErrKeyReused) {
		t.Errorf("with another request the error is %v, want %v", err, store.ErrKeyReused)
	}
}

func TestKeyOfMissingSubmissionIsNotUnused(t *testing.T) {
	st := openSQLite(t, t.TempDir())
	createAccount(t, st)
	s := modification(1, 1)
	s.Key.Text = "k"
	if _, err := st.Accept(t.Context(), account, now, []store.Submission{s}); err != nil {
		t.Fatal(err)
	}
	if err := st.DB().Write(t.Context(), func(s *sqldb.Session) error {
		return s.Exec("DELETE FROM submissions WHERE account = ?", account)
	}); err != nil {
		t.Fatal(err)
	}
	_, findErr := st.FindKey(t.Context(), account, now, s.Key)
	_, acceptErr := st.Accept(t.Context(), account, now, []store.Submission{s})
	for _, err := range []error{findErr, acceptErr} {
		if err == nil || errors.Is(err, ledger.ErrNotFound) {
			t.Errorf("error is %v", err)
		}
	}
}
