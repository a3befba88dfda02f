package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/adminapi"
	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/ingest"
	"github.com/trueup-ledger/trueup/internal/waiter"
)

// listeners are that of the protocol and, if it has one of its own, the admin API's.
type listeners []net.Listener

func (l listeners) close() error {
	errs := make([]error, len(l))
	for i := range l {
		errs[i] = l[i].Close()
	}
	return errors.Join(errs...)
}

// together reports whether one listener serves the admin API too. Port 0 is another
// free one each time.
func (c Config) together() bool {
	return c.AdminListen == c.Listen && !strings.HasSuffix(c.Listen, ":0")
}

// addresses answers those to listen on.
func (c Config) addresses() []string {
	if c.AdminListen == "" || c.together() {
		return []string{c.Listen}
	}
	return []string{c.Listen, c.AdminListen}
}

func (c Config) listen(ctx context.Context) (listeners, error) {
	var all listeners
	for _, address := range c.addresses() {
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
		if err != nil {
			return nil, fmt.Errorf("listening on %s: %w", address, errors.Join(err, all.close()))
		}
		all = append(all, l)
	}
	return all, nil
}

func urlOf(l net.Listener) string { return "http://" + l.Addr().String() }

// adminURL answers where the admin API is, or "".
func (c Config) adminURL(l listeners) string {
	if c.AdminListen == "" {
		return ""
	}
	return urlOf(l[len(l)-1]) + adminapi.Root
}

// servers answers one for each of one or two listeners, with the same limits.
func (c Config) servers(listeners int, in *ingest.Ingest, room *waiter.Waiters, inbox *batchfile.Inbox) []*http.Server {
	mux := handler(c, in, room, inbox)
	muxes := []*http.ServeMux{mux}
	if listeners > 1 {
		mux = http.NewServeMux()
		muxes = append(muxes, mux)
	}
	if c.AdminListen != "" {
		var more []httpapi.OperatorRoute
		if c.Emulation != nil {
			more = c.Emulation.Admin
		}
		admin := adminapi.New(c.Store, in.Wake, time.Now, c.Log, more...)
		if listeners > 1 {
			mux.Handle("/", admin)
		} else {
			mux.Handle(adminapi.Root+"/", admin)
		}
	}
	servers := make([]*http.Server, len(muxes))
	for i, m := range muxes {
		servers[i] = &http.Server{
			Handler:           checked(m),
			ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
			IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
			ErrorLog: slog.NewLogLogger(c.Log.Handler(), slog.LevelWarn),
		}
	}
	return servers
}
