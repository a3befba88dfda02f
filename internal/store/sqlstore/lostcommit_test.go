package sqlstore_test

import (
	"net"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/pgtest"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
)

// TestARetryFindsALostCommit drops the reply to a COMMIT. The caller gets an error, and
// the ledger has the submission.
func TestARetryFindsALostCommit(t *testing.T) {
	proxy := pgtest.NewProxy(t)
	st := openPostgres(t, proxy.URL)
	createAccount(t, st)
	keyed := conversion("a", now)
	keyed.Key = store.Key{Text: "once"}
	proxy.LoseNextCommit()
	if _, err := st.Accept(t.Context(), account, now, []store.Submission{keyed}); err == nil {
		t.Fatal("the reply was not lost")
	}
	again, err := st.Accept(t.Context(), account, now, []store.Submission{keyed})
	if err != nil || !again[0].Replayed || again[0].Number != 1 {
		t.Errorf("the retry returned %+v, error %v, want submission 1 replayed", again, err)
	}
	proxy.LoseNextCommit()
	if n, err := st.Apply(t.Context(), account, now, 1, ledger.Decide); n != 0 || err == nil {
		t.Errorf("applied %d, error %v: the reply was not lost", n, err)
	}
	if n, err := st.Apply(t.Context(), account, now, 1, ledger.Decide); n != 0 || err != nil {
		t.Errorf("the retry applied %d, error %v, want none", n, err)
	}
	wantSound(t, st)
	// A cancelled COMMIT that waits for a standby becomes visible, and can still be lost.
	if n := proxy.CancelRequests(); n != 0 {
		t.Errorf("the server was sent %d cancel requests, want none", n)
	}
}

func TestAReadSucceedsEvenIfItsSnapshotCannotEnd(t *testing.T) {
	proxy := pgtest.NewProxy(t)
	st := openPostgres(t, proxy.URL)
	createAccount(t, st)
	err := st.Read(t.Context(), account, func(store.Reader) error {
		proxy.Cut()
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestTheReachableHostOfSeveralIsUsed(t *testing.T) {
	proxy := pgtest.NewProxy(t)
	unreachable, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := unreachable.Close(); err != nil {
		t.Fatal(err)
	}
	hosts := strings.Replace(proxy.Direct, proxy.Server, unreachable.Addr().String()+","+proxy.Server, 1)
	for _, attributes := range []string{"", "&target_session_attrs=read-write", "&target_session_attrs=primary"} {
		st := openPostgres(t, hosts+attributes)
		createAccount(t, st)
		if accounts, err := st.Accounts(t.Context()); len(accounts) != 1 || err != nil {
			t.Errorf("%q: accounts %v, error %v", attributes, accounts, err)
		}
		err := st.DB().Lookup(t.Context(), func(s *sqldb.Session) error { return s.Exec("DELETE FROM accounts") })
		if err == nil {
			t.Errorf("%q: a read-only connection wrote", attributes)
		}
		reader, err := sqlstore.OpenPostgresReadOnly(t.Context(), hosts+attributes)
		wantSound(t, closeAfter(t, reader, err))
	}
}
