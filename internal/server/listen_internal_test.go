package server

import (
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/adminapi"
	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/ingest"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/waiter"
)

func TestAdminAPIListensWhereConfigured(t *testing.T) {
	st, err := sqlstore.OpenSQLite(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	s := &services{waiters: waiter.New(st.Applied, log), ingest: ingest.New(st, ingest.Config{}), leader: newLeadership()}
	s.metrics = Config{Store: st.Roles(), Clock: clockguard.New(time.Time{}, log)}.newMetrics(s)
	t.Cleanup(func() {
		s.ingest.Stop(t.Context())
		s.waiters.Stop()
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	for name, c := range map[string]struct {
		listen, admin string
		listeners     int
		// statuses holds the response of each listener to a call of the admin API without a token.
		statuses []int
	}{
		"on its own listener":                 {"a:1", "a:2", 2, []int{404, 401}},
		"on the protocol's listener":          {"a:1", "a:1", 1, []int{401}},
		"off":                                 {"a:1", "", 1, []int{404}},
		"port 0 is a different port for each": {"a:0", "a:0", 2, []int{404, 401}},
	} {
		t.Run(name, func(t *testing.T) {
			config := Config{Store: st.Roles(), Listen: c.listen, AdminListen: c.admin, Log: log, Clock: clockguard.New(time.Time{}, log)}
			if endpoints := config.endpoints(); len(endpoints) != c.listeners {
				t.Fatalf("endpoints are %v", endpoints)
			}
			for i, srv := range config.servers(s) {
				w := httptest.NewRecorder()
				srv.Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, adminapi.Root+"/accounts", nil))
				if w.Code != c.statuses[i] {
					t.Errorf("listener %d: status %d, want %d", i+1, w.Code, c.statuses[i])
				}
			}
		})
	}
}

func TestMetricsAreServedOnAListenerOfOperators(t *testing.T) {
	st, err := sqlstore.OpenSQLite(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	clock := clockguard.New(time.Time{}, log)
	s, err := newServices(t.Context(), Config{Store: st.Roles(), Log: log, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		Config{Log: log}.stop(t.Context(), nil, s)
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	for name, tt := range map[string]struct {
		admin, metrics string
		// statuses holds the response of each listener.
		statuses []int
	}{
		"that of the admin API":                           {"a:2", "", []int{404, 200}},
		"one of their own":                                {"a:2", "a:3", []int{404, 401, 200}},
		"one of their own without the admin API":          {"", "a:3", []int{404, 200}},
		"none if the admin API is on the protocol's":      {"a:1", "", []int{404}},
		"their own if the admin API is on the protocol's": {"a:1", "a:3", []int{404, 200}},
	} {
		t.Run(name, func(t *testing.T) {
			c := Config{Store: st.Roles(), Listen: "a:1", AdminListen: tt.admin, MetricsListen: tt.metrics, Log: log, Clock: clock}
			servers := c.servers(s)
			if endpoints := c.endpoints(); len(servers) != len(tt.statuses) || len(endpoints) != len(tt.statuses) {
				t.Fatalf("%d servers on %v", len(servers), endpoints)
			}
			for i, srv := range servers {
				w := httptest.NewRecorder()
				srv.Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, metricsPath, nil))
				if w.Code != tt.statuses[i] {
					t.Errorf("listener %d: status %d, want %d", i+1, w.Code, tt.statuses[i])
				}
			}
		})
	}
}

func TestAnInheritedSocketOfTheAdminAPIIsNotShared(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c := Config{Listen: "a:1", AdminListen: "a:1", AdminSocket: l}
	if all := c.endpoints(); len(all) != 2 || all[1].socket != l {
		t.Errorf("endpoints are %v", all)
	}
}
