// Package local serves the protocol to the program itself. With it, a command uses a ledger on this
// machine in the same way as a server.
package local

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/internal/applier"
	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/ingest"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/waiter"
	"github.com/trueup-ledger/trueup/ledger"
)

// sid is the AccountSID in the URIs of a ledger.
const sid = "local"

// Config configures a [Ledger].
type Config struct {
	Store   store.Store
	Account int64
	Now     func() time.Time
	Log     *slog.Logger
	// ReadOnly serves a store that was opened for reading. Writes fail.
	ReadOnly bool
}

// Ledger is a ledger that is served. Create it with [Open], and close it.
type Ledger struct {
	// Client is a client of the account.
	Client *client.Client

	server   *http.Server
	served   chan error
	waiters  *waiter.Waiters
	ingest   *ingest.Ingest
	inbox    *batchfile.Inbox
	applier  *applier.Applier
	listener *pipes
}

// Open serves an account of a store. It applies the submissions that it accepts. Those that were
// queued before precede them, and a server of the same store may apply both.
func Open(c Config) (*Ledger, error) {
	token, secret, err := store.TokenRequest{Account: c.Account, Version: client.Version, ReadOnly: c.ReadOnly}.Issue(c.Now())
	if err != nil {
		return nil, err
	}
	token.SID = sid
	l := &Ledger{waiters: waiter.New(c.Store.Applied, c.Log), listener: newPipes(), served: make(chan error, 1)}
	if !c.ReadOnly {
		l.accept(c)
	}
	l.server = &http.Server{
		Handler:           httpapi.New(tokenStore{c.Store, token}, l.ingest, l.waiters, l.inbox, c.Now, c.Log),
		ReadHeaderTimeout: time.Minute, ErrorLog: slog.NewLogLogger(c.Log.Handler(), slog.LevelWarn),
	}
	l.Client, err = client.New(client.Options{
		BaseURL: "http://" + sid, SID: sid, Token: secret,
		HTTPClient: &http.Client{Transport: &http.Transport{DialContext: l.listener.dial}},
	})
	if err != nil {
		return nil, fmt.Errorf("open a ledger: %w", err)
	}
	go func() { l.served <- l.server.Serve(l.listener) }()
	return l, nil
}

// accept creates what accepts and applies submissions.
func (l *Ledger) accept(c Config) {
	l.applier = applier.New(c.Store, c.Now, l.waiters.Notify, c.Log)
	l.ingest = ingest.New(c.Store, ingest.Config{
		Decide: ledger.Decide, Now: c.Now, Queued: l.applier.Notify, Applied: l.waiters.Notify, Log: c.Log,
	})
	l.inbox = batchfile.New(c.Store, c.Now, c.Log, l.applier.Notify)
}

// Close waits until everything that was accepted is applied, or until ctx is done.
func (l *Ledger) Close(ctx context.Context) error {
	l.waiters.Stop()
	err := l.server.Shutdown(ctx)
	<-l.served
	if l.ingest != nil {
		l.ingest.Stop(ctx)
		l.inbox.Stop(ctx)
		l.applier.Stop(ctx)
	}
	return err
}

// tokenStore is a store with the one token of the program.
type tokenStore struct {
	store.Store
	token store.Token
}

// Token implements [store.TokenFinder].
func (s tokenStore) Token(_ context.Context, sid string) (store.Token, error) {
	if sid != s.token.SID {
		return store.Token{}, ledger.ErrNotFound
	}
	return s.token, nil
}

// pipes is a listener for connections within the program.
type pipes struct {
	accepted chan net.Conn
	closed   context.Context
	close    context.CancelFunc
}

func newPipes() *pipes {
	p := &pipes{accepted: make(chan net.Conn)}
	p.closed, p.close = context.WithCancel(context.Background())
	return p
}

// dial connects to the listener.
func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case p.accepted <- far:
		return near, nil
	case <-p.closed.Done():
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept implements [net.Listener].
func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.accepted:
		return c, nil
	case <-p.closed.Done():
		return nil, net.ErrClosed
	}
}

// Close implements [net.Listener].
func (p *pipes) Close() error {
	p.close()
	return nil
}

// Addr implements [net.Listener].
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: sid, Net: "pipe"} }
