// Package local serves the protocol and the admin API to the program itself. With it, a command uses
// a ledger on this machine in the same way as a server.
package local

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/client/admin"
	"github.com/trueup-ledger/trueup/internal/adminapi"
	"github.com/trueup-ledger/trueup/internal/adminapi/persons"
	"github.com/trueup-ledger/trueup/internal/applier"
	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/ingest"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/testclock"
	"github.com/trueup-ledger/trueup/internal/waiter"
	"github.com/trueup-ledger/trueup/ledger"
)

// SIDs of the tokens that the program uses. The first is in the URIs of the account.
const (
	sid      = "local"
	adminSID = "local-admin"
)

// Config configures a [Ledger].
type Config struct {
	Store store.Store
	// Account is the account of the client, or 0 for none.
	Account int64
	// Actor is the actor of changes in the audit log.
	Actor store.Actor
	Clock *clockguard.Guard
	Log   *slog.Logger
	// ReadOnly serves a store that was opened for reading. Writes fail.
	ReadOnly bool
	// Archive is the folder of the archives of removed records, or nil.
	Archive store.ArchiveFolder
	// InvoiceFont is the font of PDFs of invoices, as of [adminapi.Invoices].
	InvoiceFont []byte
}

// Ledger is a ledger that is served. Create it with [Open], and close it.
type Ledger struct {
	// Client is a client of the account, or nil without one. Admin is one of the admin API.
	Client *client.Client
	Admin  *admin.Client

	server   *http.Server
	served   chan error
	waiters  *waiter.Waiters
	ingest   *ingest.Ingest
	inbox    *batchfile.Inbox
	applier  *applier.Applier
	listener *pipes
	drain    func(context.Context) error
}

// Open serves a store. It applies the submissions that it accepts. Those that were queued before
// precede them, and a server of the same store may apply both.
func Open(c Config) (*Ledger, error) {
	l := &Ledger{waiters: waiter.New(c.Store.Applied, c.Log), listener: newPipes(), served: make(chan error, 1)}
	l.drain = func(ctx context.Context) error { return applier.Drain(ctx, c.Store, c.Account, c.Clock.Now) }
	if !c.ReadOnly {
		l.accept(c)
	}
	tokens := tokenStore{c.Store, make(map[string]store.Token)}
	l.server = &http.Server{
		Handler:           l.handler(c, tokens),
		ReadHeaderTimeout: time.Minute, ErrorLog: slog.NewLogLogger(c.Log.Handler(), slog.LevelWarn),
	}
	if err := l.connect(c, tokens); err != nil {
		return nil, fmt.Errorf("open a ledger: %w", err)
	}
	go func() { l.served <- l.server.Serve(l.listener) }()
	return l, nil
}

// accept creates what accepts and applies submissions.
func (l *Ledger) accept(c Config) {
	l.applier = applier.New(c.Store, c.Clock.Now, l.waiters.Notify, c.Log)
	l.ingest = ingest.New(c.Store, ingest.Config{
		Decide: ledger.Decide, Now: c.Clock.Now, Queued: l.applier.Notify, Applied: l.waiters.Notify, Log: c.Log,
	})
	l.inbox = batchfile.New(c.Store, c.Clock.Now, c.Log, l.applier.Notify)
}

// handler returns the handler of the protocol and the admin API.
func (l *Ledger) handler(c Config, tokens tokenStore) http.Handler {
	api := httpapi.New(tokens, l.ingest, l.waiters, l.inbox, c.Clock.Now, c.Log)
	operator := adminapi.New(adminapi.Config{
		Store: tokens, Notifications: c.Store, References: c.Store, Bridges: c.Store, Keys: c.Store,
		Invoices: adminapi.Invoices{Store: c.Store, Font: c.InvoiceFont}, Customers: adminapi.Customers{Store: c.Store, Archive: c.Archive, Unlimited: true},
		Queued: l.notify, Clock: adminapi.Clock{Guard: c.Clock, Log: c.Store.LogClock}, Log: c.Log, Additional: persons.Routes(c.Store, c.Store),
	})
	api.ActAs(c.Actor)
	operator.ActAs(c.Actor)
	mux := http.NewServeMux()
	mux.Handle("/", api)
	mux.Handle(adminapi.Root+"/", operator)
	return testclock.Dated(c.Clock.Now, mux)
}

// notify applies what was queued other than by a submission.
func (l *Ledger) notify(account int64) {
	if l.ingest != nil {
		l.ingest.Notify(account)
	}
}

// connect creates the clients, with tokens of their own that are stored nowhere.
func (l *Ledger) connect(c Config, tokens tokenStore) error {
	base := "http://" + sid
	through := &http.Client{Transport: &http.Transport{DialContext: l.listener.dial}}
	secret, err := tokens.issue(adminSID, store.TokenRequest{Account: store.Operator, Version: client.Version}, c.Clock.Now())
	if err != nil {
		return err
	}
	if l.Admin, err = admin.New(admin.Options{BaseURL: base + adminapi.Root, SID: adminSID, Token: secret, HTTPClient: through}); err != nil || c.Account == 0 {
		return err
	}
	secret, err = tokens.issue(sid, store.TokenRequest{Account: c.Account, Version: client.Version, ReadOnly: c.ReadOnly}, c.Clock.Now())
	if err != nil {
		return err
	}
	l.Client, err = client.New(client.Options{BaseURL: base, SID: sid, Token: secret, HTTPClient: through})
	return err
}

// Drain applies the submissions of the account that are queued. If a server is applying them, Drain
// leaves them to it.
func (l *Ledger) Drain(ctx context.Context) error { return l.drain(ctx) }

// Close waits until everything that was accepted is applied, or until ctx is done.
func (l *Ledger) Close(ctx context.Context) error {
	l.waiters.Stop()
	err := l.server.Shutdown(ctx)
	if served := <-l.served; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	if l.ingest != nil {
		l.ingest.Stop(ctx)
		l.inbox.Stop(ctx)
		l.applier.Stop(ctx)
	}
	return err
}

// tokenStore is a store that has the tokens of the program besides its own.
type tokenStore struct {
	store.Store
	issued map[string]store.Token
}

// issue issues a token and returns its secret.
func (s tokenStore) issue(sid string, r store.TokenRequest, now time.Time) (secret string, err error) {
	token, secret, err := r.Issue(now)
	token.SID = sid
	s.issued[sid] = token
	return secret, err
}

// Token implements [store.TokenFinder].
func (s tokenStore) Token(ctx context.Context, sid string) (store.Token, error) {
	if token, found := s.issued[sid]; found {
		return token, nil
	}
	return s.Store.Token(ctx, sid)
}
