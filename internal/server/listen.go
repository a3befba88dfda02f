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
	"github.com/trueup-ledger/trueup/internal/adminapi/persons"
	"github.com/trueup-ledger/trueup/internal/certificate"
)

// listeners holds the listener of the protocol, that of the admin API if it has its own, and that
// of the metrics if they have their own.
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
	if c.AdminSocket != nil {
		return false
	}
	return c.AdminListen == c.Listen && !strings.HasSuffix(c.Listen, ":0")
}

// endpoint is an address to listen on. Socket, if not nil, is an inherited listener, which
// replaces that of the address. A nil certificate is for plain HTTP.
type endpoint struct {
	address     string
	socket      net.Listener
	certificate *certificate.File
}

// endpoints returns where the server listens: for the protocol, for the admin API and for metrics,
// as far as these have a listener of their own.
func (c Config) endpoints() []endpoint {
	all := []endpoint{{c.Listen, c.Socket, c.TLS}}
	if c.AdminListen != "" && !c.sharesListener() {
		all = append(all, endpoint{c.AdminListen, c.AdminSocket, c.AdminTLS})
	}
	if c.MetricsListen != "" {
		all = append(all, endpoint{address: c.MetricsListen, certificate: c.AdminTLS})
	}
	return all
}

// listen returns the inherited sockets, and listens on the addresses of the others.
func (c Config) listen(ctx context.Context) (listeners, error) {
	var all listeners
	for _, e := range c.endpoints() {
		if e.socket != nil {
			all = append(all, e.socket)
			continue
		}
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", e.address)
		if err != nil {
			return nil, fmt.Errorf("listen on %s: %w", e.address, errors.Join(err, all.close()))
		}
		all = append(all, l)
	}
	return all, nil
}

// urlOf returns the URL of the listener at an index.
func (c Config) urlOf(l listeners, i int) string {
	scheme := "http"
	if c.endpoints()[i].certificate != nil {
		scheme = "https"
	}
	return scheme + "://" + l[i].Addr().String()
}

// adminURL returns the URL of the admin API, or "" if it is off.
func (c Config) adminURL(l listeners) string {
	if c.AdminListen == "" {
		return ""
	}
	own := 1
	if c.sharesListener() {
		own = 0
	}
	return c.urlOf(l, own) + adminapi.Root
}

// metricsURL returns the URL of the metrics, or "" if no listener serves them.
func (c Config) metricsURL(l listeners) string {
	if c.MetricsListen == "" && (c.AdminListen == "" || c.sharesListener()) {
		return ""
	}
	return c.urlOf(l, len(l)-1) + metricsPath
}

// servers returns an HTTP server for each endpoint.
func (c Config) servers(s *services) []*http.Server {
	wrap := c.Wrap
	if wrap == nil {
		wrap = func(handler http.Handler) http.Handler { return handler }
	}
	admin := c.newAdmin(s)
	mux := newMux(c, s, admin)
	handlers := []http.Handler{wrap(mux)}
	switch {
	case c.AdminListen == "":
	case c.sharesListener():
		mux.Handle(adminapi.Root+"/", admin)
	case c.MetricsListen == "":
		handlers = append(handlers, withMetrics(s.metrics, wrap(admin)))
	default:
		handlers = append(handlers, wrap(admin))
	}
	if c.MetricsListen != "" {
		handlers = append(handlers, withMetrics(s.metrics, http.NotFoundHandler()))
	}
	servers := make([]*http.Server, len(handlers))
	for i, e := range c.endpoints() {
		servers[i] = c.newServer(handlers[i], e.certificate)
	}
	return servers
}

// newServer returns an HTTP server with the certificate, or one for plain HTTP if that is nil.
// Plain HTTP/2 is for proxies, which know that the server speaks it.
func (c Config) newServer(handler http.Handler, cert *certificate.File) *http.Server {
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
	for _, e := range c.endpoints() {
		if e.certificate != nil {
			e.certificate.Refresh()
		}
	}
	return nil
}

// newAdmin returns the handler of the admin API.
func (c Config) newAdmin(s *services) http.Handler {
	config := adminapi.Config{
		Store: c.Store, Notifications: c.Store, References: c.Store, Bridges: c.Store, Keys: c.Store,
		Invoices:  adminapi.Invoices{Store: c.Store, Font: c.InvoiceFont},
		Customers: adminapi.Customers{Store: c.Store, Archive: c.Archive},
		Queued:    s.ingest.Notify, Clock: adminapi.Clock{Guard: c.Clock, Log: c.Store.LogClock, Move: c.moveClock(s)}, Log: c.Log,
		Additional: persons.Routes(c.Store, c.Store),
	}
	if c.Emulation != nil {
		config.Additional = append(config.Additional, c.Emulation.Admin...)
	}
	admin := adminapi.New(config)
	admin.Observe(c.served(s.metrics))
	return c.traced(admin)
}
