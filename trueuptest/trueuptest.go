// Package trueuptest runs a Trueup server within a test. The server has the data of the demo: an
// account in USD with a campaign, partners, contracts, invoices and some thousand orders.
//
//	func TestReturn(t *testing.T) {
//		server := trueuptest.New(t)
//		_, err := server.Client.Modify(t.Context(), …)
//		…
//	}
package trueuptest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/faultinject"
	"github.com/trueup-ledger/trueup/internal/server"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/webhook"
)

// Options configures a [Server].
type Options struct {
	// Faults are rules that inject faults, in YAML or JSON, as trueup demo --emulate has them
	// (docs/emulate.md). With faults, the documented limits of the Brand API apply, except that
	// of requests per hour.
	Faults string
	// Seed selects the requests of a fault's share.
	Seed uint64
	// Dir is an existing folder for the database. The default is a temporary folder, which
	// Close removes.
	Dir string
	// Logger is the log of the server. The default is none.
	Logger *slog.Logger
	// Client has options of the client. Its URL and credentials are those of the server.
	Client client.Options
}

// Server is a running server. Close it, unless [New] started it.
type Server struct {
	// URL, SID and Token are the URL of the server and the credentials of the demo's account.
	URL, SID, Token string
	// AdminURL is the URL of the admin API. AdminSID and AdminToken are its credentials.
	AdminURL, AdminSID, AdminToken string
	// Client is a client of the demo's account.
	Client *client.Client

	stop      context.CancelFunc
	stopped   chan struct{}
	err       error // of the server, once it has stopped
	transport *http.Transport
}

// New starts a server and stops it when the test ends.
func New(t testing.TB) *Server { return NewWith(t, Options{}) }

// NewWith is like [New], with options.
func NewWith(t testing.TB, o Options) *Server {
	t.Helper()
	o.Dir = cmp.Or(o.Dir, t.TempDir())
	s, err := Start(o)
	if err != nil {
		t.Fatalf("start a server: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("stop the server: %v", err)
		}
	})
	return s
}

// Start starts a server, for programs and examples.
func Start(o Options) (s *Server, err error) {
	remove := func() error { return nil }
	if o.Dir == "" {
		if o.Dir, err = os.MkdirTemp("", "trueuptest"); err != nil {
			return nil, err
		}
		remove = func() error { return os.RemoveAll(o.Dir) }
	}
	s = &Server{SID: demo.SID, AdminSID: demo.SIDAdmin, stopped: make(chan struct{})}
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	ready := make(chan struct{})
	go func() {
		defer close(s.stopped)
		s.err = errors.Join(s.run(ctx, o, func() { close(ready) }), remove())
	}()
	select {
	case <-ready:
	case <-s.stopped:
		stop()
		return nil, s.err
	}
	options := o.Client
	options.BaseURL, options.SID, options.Token = s.URL, s.SID, s.Token
	if options.HTTPClient == nil {
		s.transport = http.DefaultTransport.(*http.Transport).Clone()
		options.HTTPClient = &http.Client{Transport: s.transport}
	}
	if s.Client, err = client.New(options); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close stops the server and waits until it has stopped.
func (s *Server) Close() error {
	if s.transport != nil {
		s.transport.CloseIdleConnections()
	}
	s.stop()
	<-s.stopped
	return s.err
}

// run opens the store, writes the demo's data and serves until ctx is done.
func (s *Server) run(ctx context.Context, o Options, ready func()) (err error) {
	log := o.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	emulation, err := emulate(o, log)
	if err != nil {
		return err
	}
	st, err := sqlstore.OpenSQLite(ctx, o.Dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	clock := clockguard.New(time.Time{}, log)
	if err := s.seed(ctx, st, clock.Now()); err != nil {
		return err
	}
	st.BatchTime = sqlstore.BatchTime // not of the data, which nobody waits behind
	return server.Run(ctx, server.Config{
		Store: st.Roles(), Listen: "127.0.0.1:0", AdminListen: "127.0.0.1:0", Log: log, Clock: clock, Emulation: emulation,
		Webhooks: webhook.Options{Allowed: webhook.Loopback()},
		Ready: func(url, admin string) {
			s.URL, s.AdminURL = url, admin
			ready()
		},
	})
}

// emulate returns the emulation that injects the faults, or nil if there are none.
func emulate(o Options, log *slog.Logger) (*server.Emulation, error) {
	if o.Faults == "" {
		return nil, nil //nolint:nilnil // no emulation
	}
	rules, err := faultinject.Parse("faults", []byte(o.Faults))
	if err != nil {
		return nil, err
	}
	injector := faultinject.New(o.Seed, time.Now)
	injector.Set(rules)
	return &server.Emulation{Faults: injector.Request, Decide: injector.Decide, Admin: injector.Routes(log)}, nil
}

// seed writes the demo's data and creates the tokens.
func (s *Server) seed(ctx context.Context, st *sqlstore.Store, now time.Time) (err error) {
	if err := demo.Seed(ctx, st, now); err != nil {
		return err
	}
	if s.Token, err = demo.NewToken(ctx, st, demo.SID, now); err != nil {
		return err
	}
	if s.AdminToken, err = demo.NewAdminToken(ctx, st, now); err != nil {
		return err
	}
	token, err := st.Token(ctx, demo.SID)
	if err != nil {
		return fmt.Errorf("read the demo's token: %w", err)
	}
	token.Limit = math.MaxInt32
	return st.SaveToken(ctx, token, store.AuditEvent{
		Actor: store.Actor{Source: store.SourceProgram, ID: "trueuptest"}, Operation: store.OperationCreateToken, At: now,
	})
}
