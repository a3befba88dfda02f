// Package server starts and stops a Trueup in order: the store, the applier,
// the intake, the listener, and back.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/trueup-ledger/trueup/internal/applier"
	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/ingest"
	"github.com/trueup-ledger/trueup/internal/openapi"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/waiter"
	"github.com/trueup-ledger/trueup/ledger"
)

// Limits on connections. The handler gives a list more time as long as its reader
// reads, and an answer that is waited for; the limit on writing must be there for
// that to be forgotten by the next request on the connection.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 30 * time.Second
	writeTimeout  = 60 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 64 << 10
	drainTimeout  = 20 * time.Second
)

// Config says what to serve and where.
type Config struct {
	Store store.Store
	// Listen is a TCP address; port 0 takes a free one. AdminListen is that of the
	// admin API: "" for none, and Listen itself to serve both there.
	Listen, AdminListen string
	Log                 *slog.Logger
	// Emulation is nil unless the original is emulated.
	Emulation *Emulation
	// Ready is called with the URLs of the protocol and of the admin API, "" for
	// none, once requests are answered.
	Ready func(url, admin string)
}

// Emulation has a server keep to the original's documented limits and go wrong
// where it is asked to.
type Emulation struct {
	// Faults says what goes wrong with requests, Decide with submissions.
	Faults httpapi.Faults
	Decide func(store.Decide) store.Decide
	// Admin are routes of the admin API that belong to it, below [adminapi.Root].
	Admin []httpapi.OperatorRoute
}

// Run serves until ctx ends. Then it takes no more requests, answers those under
// way, lets the queues run empty for a while and returns. What is still queued
// is on disk and applied by the next start.
func Run(ctx context.Context, c Config) error {
	listeners, err := c.listen(ctx)
	if err != nil {
		return err
	}
	decide := store.Decide(ledger.Decide)
	if c.Emulation != nil {
		decide = c.Emulation.Decide(decide)
	}
	room := waiter.New(c.Store.Applied, c.Log)
	notifier := newLeader(c)
	applied := func(account int64) {
		room.Applied(account)
		notifier.Applied(account)
	}
	applier := applier.NewWith(c.Store, decide, time.Now, applied, c.Log)
	if err := applier.LookAll(ctx); err != nil {
		return fmt.Errorf("looking for queued submissions: %w", errors.Join(err, listeners.close()))
	}
	in := ingest.New(c.Store, time.Now, applier.Wake)
	inbox := batchfile.New(c.Store, time.Now, c.Log, applier.Wake)
	servers := c.servers(len(listeners), in, room, inbox)
	group, groupCtx := errgroup.WithContext(ctx)
	for i, srv := range servers {
		group.Go(func() error { return srv.Serve(listeners[i]) })
	}
	group.Go(func() error { return lookAround(groupCtx, c.Log, applier.LookAll, inbox.WakeAll, notifier.WakeAll) })
	group.Go(func() error { return c.lead(groupCtx, notifier) })
	group.Go(func() error { return c.hearOthers(groupCtx, applier.Look, applied) })
	group.Go(func() error {
		<-groupCtx.Done()
		c.stop(context.WithoutCancel(ctx), servers, room, in, inbox, applier, notifier)
		return nil
	})
	c.Log.Info("serving", "address", listeners[0].Addr().String(), "admin", c.adminURL(listeners))
	if c.Ready != nil {
		c.Ready(urlOf(listeners[0]), c.adminURL(listeners))
	}
	if err := group.Wait(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	c.Log.Info("stopped")
	return nil
}

// stop ends what runs in order: who waits is answered, then requests under way end, then
// the queues run empty, in the order in which one fills the next, and nobody is told any
// more.
func (c Config) stop(ctx context.Context, servers []*http.Server, room *waiter.Waiters, in *ingest.Ingest,
	inbox *batchfile.Inbox, applier *applier.Applier, notifier *leader,
) {
	c.Log.Info("stopping: answering what is under way")
	drain, cancel := context.WithTimeout(ctx, drainTimeout)
	defer cancel()
	room.Stop()
	shutdown(drain, servers, c.Log)
	queues, cancelQueues := context.WithTimeout(ctx, drainTimeout)
	defer cancelQueues()
	in.Stop(queues)
	inbox.Stop(queues)
	applier.Stop(queues)
	notifier.Stop()
}

func shutdown(ctx context.Context, servers []*http.Server, log *slog.Logger) {
	var wait sync.WaitGroup
	for _, srv := range servers {
		wait.Go(func() {
			if err := srv.Shutdown(ctx); err != nil {
				log.Warn("requests are cut off", "error", errors.Join(err, srv.Close()))
			}
		})
	}
	wait.Wait()
}

func handler(c Config, in *ingest.Ingest, room *waiter.Waiters, inbox *batchfile.Inbox) *http.ServeMux {
	mux := http.NewServeMux()
	api := httpapi.New(c.Store, in, room, inbox, time.Now, c.Log)
	if c.Emulation != nil {
		api.Emulate(c.Emulation.Faults)
	}
	mux.Handle("/", api)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if _, err := c.Store.Accounts(r.Context()); err != nil {
			c.Log.Error("not ready", "error", err)
			reply(w, http.StatusServiceUnavailable, "storage is away")
			return
		}
		reply(w, http.StatusOK, "ready")
	})
	mux.HandleFunc("GET /openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		text, err := openapi.JSON()
		if err != nil {
			c.Log.Error("the OpenAPI document cannot be made", "error", err)
			reply(w, http.StatusInternalServerError, "something went wrong here")
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = w.Write(text) // who has gone does not read it
	})
	return mux
}

func reply(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprintln(w, text)
}
