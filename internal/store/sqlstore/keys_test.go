package sqlstore

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

func TestKeysThatAreForgottenGoAsOthersCome(t *testing.T) {
	st := open(t, t.TempDir())
	record(t, st)
	give := func(from, to int, at time.Time) {
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
		if err := st.lookup(t.Context(), func(s *session) error {
			return s.row("SELECT count(*) FROM keys WHERE account = ?", []any{account}, &rows)
		}); err != nil {
			t.Fatal(err)
		}
		return rows
	}
	give(0, 20, now)
	give(20, 30, now.Add(store.KeyLife-1))
	if got := count(); got != 30 {
		t.Errorf("%d keys, want 30", got)
	}
	give(30, 35, now.Add(store.KeyLife))
	if got := count(); got != 25 {
		t.Errorf("%d keys after 5 that came, want 25: two go for each", got)
	}
	give(35, 45, now.Add(store.KeyLife))
	if got := count(); got != 25 {
		t.Errorf("%d keys once all old ones are gone, want 25", got)
	}
}

func TestAKeyOfAWriteThatTookEffectAtOnceAnswersItsResource(t *testing.T) {
	st := open(t, t.TempDir())
	record(t, st)
	key := store.Key{Text: "k", Request: ledger.Hash{1}}
	if err := st.write(t.Context(), func(s *session) error {
		if _, err := s.seen(account, now, key); !errors.Is(err, ledger.ErrNotFound) {
			return err
		}
		return s.remember(account, now, keyRow(account, key, now, 0, "/ActionInquiries/7"))
	}); err != nil {
		t.Fatal(err)
	}
	first, err := st.Seen(t.Context(), account, now, key)
	if first.Resource != "/ActionInquiries/7" || first.Submission.Number != 0 || err != nil {
		t.Errorf("answered %+v, %v", first, err)
	}
	key.Request = ledger.Hash{2}
	if _, err := st.Seen(t.Context(), account, now, key); !errors.Is(err, store.ErrKeyReused) {
		t.Errorf("another request: %v", err)
	}
}

func TestASubmissionThatIsGoneDoesNotMakeItsKeyNew(t *testing.T) {
	st := open(t, t.TempDir())
	record(t, st)
	s := modification(1, 1)
	s.Key.Text = "k"
	if _, err := st.Accept(t.Context(), account, now, []store.Submission{s}); err != nil {
		t.Fatal(err)
	}
	if err := st.write(t.Context(), func(s *session) error {
		return s.exec("DELETE FROM submissions WHERE account = ?", account)
	}); err != nil {
		t.Fatal(err)
	}
	_, asked := st.Seen(t.Context(), account, now, s.Key)
	_, sent := st.Accept(t.Context(), account, now, []store.Submission{s})
	for _, err := range []error{asked, sent} {
		if err == nil || errors.Is(err, ledger.ErrNotFound) {
			t.Errorf("answered %v", err)
		}
	}
}
