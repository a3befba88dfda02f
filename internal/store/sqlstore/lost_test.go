package sqlstore

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// borrowAll has every session of a pool be there, and idle again.
func borrowAll(t *testing.T, p *pool) {
	t.Helper()
	var all, group sync.WaitGroup
	all.Add(cap(p.turns))
	for range cap(p.turns) {
		group.Go(func() {
			err := p.lend(t.Context(), func(*session) error {
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

func TestAServerThatWasAwayCostsOneErrorAndNotOneForEachConnection(t *testing.T) {
	r := newRoad(t)
	st := openPostgresAt(t, r.url)
	record(t, st)
	for name, p := range map[string]*pool{"writers": st.writers, "readers": st.readers, "lookups": st.lookups} {
		borrowAll(t, p)
		r.cut()
		failures := 0
		for range 2 * cap(p.turns) {
			if err := p.lend(t.Context(), func(s *session) error { return s.exec("SELECT 1") }); err != nil {
				failures++
			}
		}
		if failures != 1 {
			t.Errorf("%s: %d of %d uses failed, want 1", name, failures, 2*cap(p.turns))
		}
	}
}

// openImpatient opens the store with less time than users have.
func openImpatient(t *testing.T, url string, less func(*times)) *Store {
	t.Helper()
	st, err := newPostgres(url)
	if err != nil {
		t.Fatal(err)
	}
	less(&st.times)
	_, err = st.openToWrite(t.Context())
	return untilEnd(t, st, err)
}

func TestAServerThatIsSilentIsGivenUp(t *testing.T) {
	r := newRoad(t)
	st := openImpatient(t, r.url, func(t *times) { t.patience = 500 * time.Millisecond })
	record(t, st)
	borrowAll(t, st.writers)
	goOn := r.hang()
	defer goOn()
	begin := time.Now()
	_, err := st.Accept(t.Context(), account, now, []store.Submission{conversion("a", now)})
	if !errors.Is(err, errSilent) || time.Since(begin) > 5*time.Second {
		t.Errorf("after %v the error is %v, want %v", time.Since(begin), err, errSilent)
	}
	if _, err := st.Accounts(t.Context()); !errors.Is(err, errSilent) {
		t.Errorf("the error of a lookup is %v, want %v", err, errSilent)
	}
	goOn()
	write(t, st, []store.Submission{conversion("b", now)})
}

func TestWhoHearsAndLeadsFindsASilentServerOut(t *testing.T) {
	t.Parallel()
	r := newRoad(t)
	st := openPostgresAt(t, r.url)
	leads, ended := make(chan bool, 1), make(chan error, 2)
	go func() { ended <- st.RunAsLeader(t.Context(), func() { leads <- true }) }()
	go func() { ended <- st.Listen(t.Context(), func(int64) {}, func(int64) {}) }()
	<-leads
	goOn := r.hang()
	defer goOn()
	for range 2 {
		select {
		case err := <-ended:
			if err == nil {
				t.Error("it ended as if it was told to")
			}
		case <-time.After(4 * answersWithin):
			t.Fatal("it was not found out")
		}
	}
}

// TestACommitWhoseAnswerIsLost is of what nobody can know: the caller is told of a
// failure, and the ledger has it. A retry finds that out.
func TestACommitWhoseAnswerIsLost(t *testing.T) {
	r := newRoad(t)
	st := openPostgresAt(t, r.url)
	record(t, st)
	keyed := conversion("a", now)
	keyed.Key = store.Key{Text: "once"}
	r.loseNextCommit()
	if _, err := st.Accept(t.Context(), account, now, []store.Submission{keyed}); err == nil {
		t.Fatal("the answer was not lost")
	}
	again, err := st.Accept(t.Context(), account, now, []store.Submission{keyed})
	if err != nil || !again[0].Replayed || again[0].Number != 1 {
		t.Errorf("the retry is %+v, error %v, want submission 1 replayed", again, err)
	}
	r.loseNextCommit()
	if n, err := st.Apply(t.Context(), account, now, 1, ledger.Decide); n != 0 || err == nil {
		t.Errorf("applied %d, error %v: the answer was not lost", n, err)
	}
	if n, err := st.Apply(t.Context(), account, now, 1, ledger.Decide); n != 0 || err != nil {
		t.Errorf("applied %d once more, error %v", n, err)
	}
	wantLawful(t, st)
	// A COMMIT that waits for a standby would end with a request to leave off, and be
	// seen by all although it can still be lost.
	if n := r.cancelled(); n != 0 {
		t.Errorf("the server was asked %d times to leave off", n)
	}
}

func TestWhatWasReadIsNotLostWithTheEndOfItsSnapshot(t *testing.T) {
	r := newRoad(t)
	st := openPostgresAt(t, r.url)
	record(t, st)
	err := st.Read(t.Context(), account, func(store.Reader) error {
		r.cut()
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestOfSeveralHostsTheOneThatIsThereIsUsed(t *testing.T) {
	r := newRoad(t)
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := nobody.Close(); err != nil {
		t.Fatal(err)
	}
	hosts := strings.Replace(r.beside, r.server, nobody.Addr().String()+","+r.server, 1)
	for _, attributes := range []string{"", "&target_session_attrs=read-write", "&target_session_attrs=primary"} {
		st := openPostgresAt(t, hosts+attributes)
		record(t, st)
		if accounts, err := st.Accounts(t.Context()); len(accounts) != 1 || err != nil {
			t.Errorf("%q: accounts %v, error %v", attributes, accounts, err)
		}
		err := st.lookup(t.Context(), func(s *session) error { return s.exec("DELETE FROM accounts") })
		if err == nil {
			t.Errorf("%q: a connection for reading writes", attributes)
		}
		reader, err := OpenPostgresReadOnly(t.Context(), hosts+attributes)
		wantLawful(t, untilEnd(t, reader, err))
	}
}

func TestOneIsLedWhenTheServerIsThereAgain(t *testing.T) {
	r := newRoad(t)
	st := openPostgresAt(t, r.url)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- st.RunAsLeader(ctx, r.cut) }()
	if err := <-ended; err == nil {
		t.Error("who lost the connection leads on")
	}
	go func() { ended <- st.RunAsLeader(ctx, stop) }()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
