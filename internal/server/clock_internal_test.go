package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/bench"
	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
)

// TestAClockThatJumpsStopsWrites lets the clock of a running server jump ahead and back.
func TestAClockThatJumpsStopsWrites(t *testing.T) {
	st, err := sqlstore.OpenSQLite(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	targets, accounts, err := bench.Prepare(t.Context(), st, time.Now(), bench.Fixture{Actions: 1, Accounts: 1})
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	var ahead atomic.Int64 // the applier reads the clock, too
	log := slog.New(slog.DiscardHandler)
	guard := clockguard.NewWith(begin, log, func() time.Time { return begin.Add(time.Duration(ahead.Load())) }, func() time.Duration { return 0 })
	c := Config{Store: st.Roles(), Log: log, Clock: guard}
	s, err := newServices(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.stop(context.WithoutCancel(t.Context()), nil, s)
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	mux := newMux(c, s, nil)
	request := func(method, path string) int {
		r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
		r.SetBasicAuth(accounts[0].SID, accounts[0].Token)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		return w.Code
	}
	root := "/Advertisers/" + accounts[0].SID
	write := root + "/Actions?ActionId=" + targets[0].Action + "&Sku=" + targets[0].SKU + "&QuantityDelta=1&Reason=ORDER_UPDATE"
	for _, test := range []struct {
		ahead        time.Duration
		write, ready int
		refused      bool
	}{{0, 200, 200, false}, {24 * time.Hour, 503, 503, true}, {0, 200, 200, false}} {
		ahead.Store(int64(test.ahead))
		if got := request(http.MethodPut, write); got != test.write {
			t.Errorf("%v ahead: a write has status %d, want %d", test.ahead, got, test.write)
		}
		if got := request(http.MethodGet, "/readyz"); got != test.ready {
			t.Errorf("%v ahead: readiness has status %d, want %d", test.ahead, got, test.ready)
		}
		if got := request(http.MethodGet, root+"/Actions/"+targets[0].Action); got != http.StatusOK {
			t.Errorf("%v ahead: a read has status %d", test.ahead, got)
		}
		guarded := guardStore(c.Store, guard)
		_, err := guarded.Apply(t.Context(), 1, guard.Now(), 1, ledger.Decide)
		if jumped := errors.As(err, new(*clockguard.Error)); jumped != test.refused {
			t.Errorf("%v ahead: applying returns %v", test.ahead, err)
		}
		err = guarded.QueueRows(t.Context(), 1, guard.Now(), store.RowBatch{})
		if jumped := errors.As(err, new(*clockguard.Error)); jumped != test.refused {
			t.Errorf("%v ahead: queueing rows returns %v", test.ahead, err)
		}
		_, err = guarded.Bill(t.Context(), 1, guard.Now())
		if jumped := errors.As(err, new(*clockguard.Error)); jumped != test.refused {
			t.Errorf("%v ahead: billing returns %v", test.ahead, err)
		}
		if _, err := s.ingest.Accept(t.Context(), 1, store.Submission{Submission: ledger.Submission{Command: ledger.Reversal{}}}); errors.As(err, new(*clockguard.Error)) != test.refused {
			t.Errorf("%v ahead: accepting returns %v", test.ahead, err)
		}
	}
}
