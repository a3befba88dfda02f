// Package retainer removes the records that the settings of accounts no longer retain, once a day.
package retainer

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/keyqueue"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

const (
	// interval is the time after which an account is looked at again.
	interval = 24 * time.Hour
	// listInterval is the time after which new accounts are looked for.
	listInterval = 10 * time.Minute
	// retryDelay is the delay after a run that failed or that queued submissions ended.
	retryDelay = time.Minute
)

// Store is the part of a [store.Store] that a [Retainer] needs.
type Store interface {
	Accounts(ctx context.Context) ([]int64, error)
	RetentionSet(ctx context.Context, account int64) (bool, error)
	Retain(ctx context.Context, account int64, now time.Time, folder store.ArchiveFolder, e store.AuditEvent) (store.Retained, error)
}

// Retainer removes old records. Create it with [New]. It is safe for concurrent use.
type Retainer struct {
	store    Store
	folder   store.ArchiveFolder
	now      func() time.Time
	log      *slog.Logger
	isLeader func() bool
	queues   *keyqueue.Queues
	// slot lets one account at a time remove records.
	slot chan struct{}

	mu sync.Mutex
	// due is when an account is looked at next.
	due    map[int64]time.Time
	listed time.Time
	// warned are the accounts whose settings were logged as without effect.
	warned map[int64]bool
}

// New returns a retainer that is idle until [Retainer.WakeAll] is called. It works only while
// isLeader reports true. Without a folder it removes nothing, and logs the accounts with settings
// that need one.
func New(st Store, folder store.ArchiveFolder, now func() time.Time, log *slog.Logger, isLeader func() bool) *Retainer {
	r := &Retainer{
		store: st, folder: folder, now: now, log: log, isLeader: isLeader, slot: make(chan struct{}, 1),
		due: make(map[int64]time.Time), warned: make(map[int64]bool),
	}
	r.queues = keyqueue.New(r.work)
	return r
}

// WakeAll schedules the accounts that are due.
func (r *Retainer) WakeAll(ctx context.Context) error {
	if !r.isLeader() {
		return nil
	}
	return r.wake(ctx, listInterval)
}

func (r *Retainer) wake(ctx context.Context, listInterval time.Duration) error {
	now := r.now()
	r.mu.Lock()
	list := r.listed.IsZero() || now.Sub(r.listed) >= listInterval
	r.mu.Unlock()
	if list {
		accounts, err := r.store.Accounts(ctx)
		if err != nil {
			return err
		}
		r.mu.Lock()
		r.listed = now
		for _, account := range accounts {
			if _, known := r.due[account]; !known {
				r.due[account] = time.Time{}
			}
		}
		r.mu.Unlock()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for account, due := range r.due {
		if !due.After(now) {
			r.queues.Schedule(account)
		}
	}
	return nil
}

// Settle removes what is due and returns then, or when ctx is done.
func (r *Retainer) Settle(ctx context.Context) error {
	if !r.isLeader() {
		return nil
	}
	if err := r.wake(ctx, 0); err != nil {
		return err
	}
	return r.queues.Wait(ctx)
}

// Stop ends the runs after the transactions that are running. The next start does the rest.
func (r *Retainer) Stop() {
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	r.queues.Stop(canceled)
}

// work removes the old records of an account.
func (r *Retainer) work(ctx context.Context, account int64) (more bool) {
	select {
	case r.slot <- struct{}{}:
	case <-ctx.Done():
		return false
	}
	defer func() { <-r.slot }()
	if !r.isLeader() {
		return false
	}
	now := r.now()
	retained, err := r.retain(ctx, account, now)
	if len(retained.Files) > 0 || retained.BridgeOrders > 0 {
		r.log.Info("old records archived and removed", "account", account, "removed", retained.String(), "files", len(retained.Files))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		delete(r.due, account)
	case ctx.Err() != nil || errors.As(err, new(*clockguard.Error)):
	case err != nil:
		r.log.Error("removing old records failed", "account", account, "error", err)
		r.due[account] = now.Add(retryDelay)
	case retained.Queued:
		r.due[account] = now.Add(retryDelay)
	default:
		r.due[account] = now.Add(interval)
	}
	return false
}

func (r *Retainer) retain(ctx context.Context, account int64, now time.Time) (store.Retained, error) {
	set, err := r.store.RetentionSet(ctx, account)
	if err != nil || !set {
		return store.Retained{}, err
	}
	if r.folder == nil {
		if !r.warned[account] {
			r.warned[account] = true
			r.log.Warn("old records are not removed: the server has no archive folder; set one with --archive", "account", account)
		}
		return store.Retained{}, nil
	}
	return r.store.Retain(ctx, account, now, r.folder, store.AuditEvent{
		At: now, Actor: store.Actor{Source: store.SourceProgram, ID: "retention"}, Operation: store.OperationRetain,
		Reason: "the settings of the account",
	})
}
