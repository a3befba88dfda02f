package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// failingMonitor is a [store.Monitor] of a store whose writes fail.
type failingMonitor struct {
	store.Monitor
	err error
}

func (m failingMonitor) CheckWritable(context.Context) error { return m.err }

func TestAServerIsNotReadyWhileWritesFail(t *testing.T) {
	st, err := sqlstore.OpenSQLite(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	for _, tt := range []struct {
		failure error
		status  int
		text    string
	}{{nil, 200, "ready"}, {errors.New("disk full"), 503, "writes fail"}} {
		log := slog.New(slog.DiscardHandler)
		c := Config{Store: st.Roles(), Log: log, Clock: clockguard.New(time.Time{}, log)}
		c.Store.Monitor = failingMonitor{c.Store.Monitor, tt.failure}
		w := httptest.NewRecorder()
		newMux(c, &services{}, nil).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/readyz", nil))
		if w.Code != tt.status || strings.TrimSpace(w.Body.String()) != tt.text {
			t.Errorf("with %v the response is %d %q, want %d %q", tt.failure, w.Code, w.Body, tt.status, tt.text)
		}
	}
}
