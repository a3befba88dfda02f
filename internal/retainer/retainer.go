// Package retainer removes the records that the settings of accounts no longer retain, once a day.
package retainer

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/trueup-ledger/trueup/internal/accountloop"
	"github.com/trueup-ledger/trueup/internal/clockguard"
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
	loop     *accountloop.Loop[state]
	// slot lets one account at a time remove records.
	slot chan struct{}
}

// state is that of an account.
type state struct {
	// due is when the account is looked at next.
	due time.Time
	// warned reports whether it was logged that the settings have no effect.
	warned bool
}

// New returns a retainer that is idle until [Retainer.WakeAll] is called. It works only while
// isLeader reports true. Without a folder it removes nothing, and logs the accounts with settings
// that need one.
func New(st Store, folder store.ArchiveFolder, now func() time.Time, log *slog.Logger, isLeader func() bool) *Retainer {
	r := &Retainer{store: st, folder: folder, now: now, log: log, isLeader: isLeader, slot: make(chan struct{}, 1)}
	r.loop = accountloop.New(accountloop.Config[state]{
		Accounts: st.Accounts, ListInterval: listInterval, Now: now, IsLeader: isLeader,
		IsDue: func(s *state, now time.Time) bool { return !s.due.After(now) }, Work: r.work,
	})
	return r
}

// WakeAll schedules the accounts that are due.
func (r *Retainer) WakeAll(ctx context.Context) error { return r.loop.WakeAll(ctx) }

// Settle removes what is due and returns then, or when ctx is done.
func (r *Retainer) Settle(ctx context.Context) error { return r.loop.Settle(ctx) }

// Stop ends the runs after the transactions that are running. The next start does the rest.
func (r *Retainer) Stop() { r.loop.Stop() }

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
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		r.loop.Forget(account)
	case ctx.Err() != nil || errors.As(err, new(*clockguard.Error)):
	case err != nil:
		r.log.Error("removing old records failed", "account", account, "error", err)
		r.postpone(account, now.Add(retryDelay))
	case retained.Queued:
		r.postpone(account, now.Add(retryDelay))
	default:
		r.postpone(account, now.Add(interval))
	}
	return false
}

// postpone sets when an account is looked at next.
func (r *Retainer) postpone(account int64, due time.Time) {
	r.loop.Update(account, func(s *state) { s.due = due })
}

func (r *Retainer) retain(ctx context.Context, account int64, now time.Time) (store.Retained, error) {
	set, err := r.store.RetentionSet(ctx, account)
	if err != nil || !set {
		return store.Retained{}, err
	}
	if r.folder == nil {
		r.loop.Update(account, func(s *state) {
			if !s.warned {
				r.log.Warn("old records are not removed: the server has no archive folder; set one with --archive", "account", account)
			}
			s.warned = true
		})
		return store.Retained{}, nil
	}
	return r.store.Retain(ctx, account, now, r.folder, store.AuditEvent{
		At: now, Actor: store.Actor{Source: store.SourceProgram, ID: "retention"}, Operation: store.OperationRetain,
		Reason: "the settings of the account",
	})
}
