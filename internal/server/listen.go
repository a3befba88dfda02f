package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"

	"github.com/trueup-ledger/trueup/internal/adminapi"
	"github.com/trueup-ledger/trueup/internal/httpapi"
)

// listeners holds the listener of the protocol and, if the admin API has its own, that of
// the admin API.
type listeners []net.Listener

func (l listeners) close() error {
	errs := make([]error, len(l))
	for i := range l {
		errs[i] = l[i].Close()
	}
	return errors.Join(errs...)
}

// sharesListener reports whether one listener serves the protocol and the admin API. Equal
// addresses with port 0 are not shared: each gets a free port of its own.
func (c Config) sharesListener() bool {
	return c.AdminListen == c.Listen && !strings.HasSuffix(c.Listen, ":0")
}

// addresses returns the addresses to listen on.
func (c Config) addresses() []string {
	if c.AdminListen == "" || c.sharesListener() {
		return []string{c.Listen}
	}
	return []string{c.Listen, c.AdminListen}
}

func (c Config) listen(ctx context.Context) (listeners, error) {
	var all listeners
	for _, address := range c.addresses() {
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
		if err != nil {
			return nil, fmt.Errorf("listen on %s: %w", address, errors.Join(err, all.close()))
		}
		all = append(all, l)
	}
	return all, nil
}

func urlOf(l net.Listener) string { return "http://" + l.Addr().String() }

// adminURL returns the URL of the admin API, or "" if it is off.
func (c Config) adminURL(l listeners) string {
	if c.AdminListen == "" {
		return ""
	}
	return urlOf(l[len(l)-1]) + adminapi.Root
}

// servers returns an HTTP server for each of one or two listeners.
func (c Config) servers(listeners int, s *services) []*http.Server {
	mux := newMux(c, s)
	handlers := []http.Handler{mux}
	switch {
	case c.AdminListen == "":
	case listeners > 1:
		handlers = append(handlers, c.newAdmin(s))
	default:
		mux.Handle(adminapi.Root+"/", c.newAdmin(s))
	}
	servers := make([]*http.Server, len(handlers))
	for i, handler := range handlers {
		if c.Wrap != nil {
			handler = c.Wrap(handler)
		}
		servers[i] = &http.Server{
			Handler:           handler,
			ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
			IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
			ErrorLog: slog.NewLogLogger(c.Log.Handler(), slog.LevelWarn),
		}
	}
	return servers
}

// newAdmin returns the handler of the admin API.
func (c Config) newAdmin(s *services) http.Handler {
	var additional []httpapi.OperatorRoute
	if c.Emulation != nil {
		additional = c.Emulation.Admin
	}
	invoices := adminapi.Invoices{Store: c.Store, Font: c.InvoiceFont}
	clock := adminapi.Clock{Guard: c.Clock, Log: c.Store.LogClock, Move: c.moveClock(s)}
	return adminapi.New(c.Store, c.Store, invoices, c.Store, c.Store, s.ingest.Notify, clock, c.Log, additional...)
}
