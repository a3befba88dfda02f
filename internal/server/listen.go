package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"

	"github.com/trueup-ledger/trueup/internal/accesslog"
	"github.com/trueup-ledger/trueup/internal/adminapi"
	"github.com/trueup-ledger/trueup/internal/certificate"
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

// listen returns the inherited sockets, and listens on the addresses of the others.
func (c Config) listen(ctx context.Context) (listeners, error) {
	var all listeners
	inherited := []net.Listener{c.Socket, c.AdminSocket}
	for i, address := range c.addresses() {
		if inherited[i] != nil {
			all = append(all, inherited[i])
			continue
		}
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
		if err != nil {
			return nil, fmt.Errorf("listen on %s: %w", address, errors.Join(err, all.close()))
		}
		all = append(all, l)
	}
	return all, nil
}

// certificates returns the certificate of each listener, or nil for plain HTTP.
func (c Config) certificates() []*certificate.File { return []*certificate.File{c.TLS, c.AdminTLS} }

// urlOf returns the URL of the listener at an index.
func (c Config) urlOf(l listeners, i int) string {
	scheme := "http"
	if c.certificates()[i] != nil {
		scheme = "https"
	}
	return scheme + "://" + l[i].Addr().String()
}

// adminURL returns the URL of the admin API, or "" if it is off.
func (c Config) adminURL(l listeners) string {
	if c.AdminListen == "" {
		return ""
	}
	return c.urlOf(l, len(l)-1) + adminapi.Root
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
		servers[i] = c.newServer(handler, c.certificates()[i])
	}
	return servers
}

// newServer returns an HTTP server with the certificate, or one for plain HTTP if that is nil.
// Plain HTTP/2 is for proxies, which know that the server speaks it.
func (c Config) newServer(handler http.Handler, cert *certificate.File) *http.Server {
	if c.Wrap != nil {
		handler = c.Wrap(handler)
	}
	if c.AccessLog {
		handler = accesslog.Handler(handler, c.Log)
	}
	srv := &http.Server{
		Handler:           c.Proxies.Handler(handler),
		ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		HTTP2:     &http.HTTP2Config{MaxConcurrentStreams: maxStreams, SendPingTimeout: pingAfter, PingTimeout: pingTimeout, WriteByteTimeout: headerTimeout},
		Protocols: new(http.Protocols),
		ErrorLog:  slog.NewLogLogger(c.Log.Handler(), slog.LevelWarn),
	}
	srv.Protocols.SetHTTP1(true)
	if cert == nil {
		srv.Protocols.SetUnencryptedHTTP2(true)
		return srv
	}
	srv.Protocols.SetHTTP2(true)
	srv.TLSConfig = cert.Config()
	return srv
}

// serve serves on a listener until the server is shut down.
func serve(srv *http.Server, l net.Listener) error {
	if srv.TLSConfig == nil {
		return srv.Serve(l)
	}
	return srv.ServeTLS(l, "", "")
}

// watchCertificates is called once a minute, so that the log warns of an expiry even while nobody
// calls.
func (c Config) watchCertificates(context.Context) error {
	for _, cert := range c.certificates() {
		if cert != nil {
			cert.Refresh()
		}
	}
	return nil
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
