package server

import (
	"fmt"
	"net/http"

	"github.com/trueup-ledger/trueup/internal/adminapi"
	"github.com/trueup-ledger/trueup/internal/bridge/receiver"
	"github.com/trueup-ledger/trueup/internal/console"
	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/openapi"
	"github.com/trueup-ledger/trueup/internal/signin"
	"github.com/trueup-ledger/trueup/internal/testclock"
)

// newMux returns a mux that serves the protocol, the console, the probes and the OpenAPI document.
func newMux(c Config, s *services, admin http.Handler) *http.ServeMux {
	mux := http.NewServeMux()
	api := httpapi.New(c.Store, c.accepter(s), s.waiters, s.inbox, c.Clock.Now, c.Log)
	api.GuardWrites(c.Clock.Check)
	api.SpoolTo(c.Spool)
	api.UseInvoiceFont(c.InvoiceFont)
	if c.Emulation != nil {
		api.Emulate(c.Emulation.Faults)
	}
	api.Observe(c.served(s.metrics))
	mux.Handle("/", c.dated(c.traced(api)))
	if c.Console {
		mux.Handle(console.Root, c.newConsole(api, admin))
	}
	if len(c.Bridges) > 0 {
		mux.Handle(receiver.Pattern, c.traced(receiver.New(receiver.Config{
			Store: c.Store, Platforms: c.Bridges, Queued: s.ingest.Notify, Check: c.Clock.Check, Now: c.Clock.Now, Observe: c.served(s.metrics), Log: c.Log,
		})))
	}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { writeText(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if _, err := c.Store.Accounts(r.Context()); err != nil {
			c.Log.Error("not ready", "error", err)
			writeText(w, http.StatusServiceUnavailable, "storage is unavailable")
			return
		}
		if err := c.Store.CheckWritable(r.Context()); err != nil {
			c.Log.Error("not ready: writes fail", "error", err)
			writeText(w, http.StatusServiceUnavailable, "writes fail")
			return
		}
		if err := c.Clock.Check(); err != nil { // the guard has logged it
			writeText(w, http.StatusServiceUnavailable, "writes are refused: "+err.Error())
			return
		}
		writeText(w, http.StatusOK, "ready")
	})
	mux.HandleFunc("GET /openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		text, err := openapi.JSON()
		if err != nil {
			c.Log.Error("building the OpenAPI document failed", "error", err)
			writeText(w, http.StatusInternalServerError, "internal error")
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = w.Write(text) // the client may have disconnected
	})
	return mux
}

// dated returns a handler whose responses have the time of the test clock if there is one.
func (c Config) dated(handler http.Handler) http.Handler {
	if c.Emulation == nil || c.Emulation.Clock == nil {
		return handler
	}
	return testclock.Dated(c.Clock.Now, handler)
}

func writeText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprintln(w, text)
}

// newConsole returns the handler of the console, which calls the protocol and the admin API.
func (c Config) newConsole(api, admin http.Handler) http.Handler {
	return console.New(console.Config{
		API: api, Admin: admin, AdminRoot: adminapi.Root, SignIn: signin.New(c.Store, c.Clock.Now), Sessions: signin.SessionStore{Store: c.Store},
		Now: c.Clock.Now, Log: c.Log,
	})
}
