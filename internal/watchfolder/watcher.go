// Package watchfolder imports batch files that are put into a folder. Below the watched folder,
// each account has a folder in for its files, from which they are moved to done or failed, with
// their results.
package watchfolder

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
)

const (
	// interval is the pause between two looks into the folder.
	interval = time.Second
	// minRetry and maxRetry are the least and the greatest pause after an error of an account.
	minRetry, maxRetry = time.Second, time.Minute
)

// lockFolder is the folder that the importing process locks.
const lockFolder = ".lock"

// Inbox accepts batch files.
type Inbox interface {
	Accept(ctx context.Context, account int64, f store.NewFile) (batchfile.Accepted, error)
}

// Store is the part of a store that a [Watcher] needs.
type Store interface {
	store.Snapshots
	Accounts(ctx context.Context) ([]int64, error)
	HashKey(ctx context.Context, account int64) ([]byte, error)
	FindKey(ctx context.Context, account int64, now time.Time, key store.Key) (store.KeyUse, error)
}

// Config configures a [Watcher].
type Config struct {
	// Dir is the folder to watch.
	Dir string
	// Settle is the time after which a file that does not change is complete.
	Settle time.Duration
	Inbox  Inbox
	Store  Store
	// Check returns an error while no file may be accepted. It logs the reason itself.
	Check func() error
	Log   *slog.Logger
}

// Watcher imports the files of a folder. Create one with [New].
type Watcher struct {
	Config
	now      func() time.Time
	open     func(dir *os.Root, name string) (*os.File, os.FileInfo, error)
	accounts map[int64]*account
	// ignored holds the entries of the folder that were logged because they are no account.
	ignored map[string]bool
	// wait is the pause after an error of the whole folder.
	wait backoff
}

// New returns a watcher, which does nothing until Run is called.
func New(c Config) *Watcher {
	return &Watcher{Config: c, now: time.Now, open: OpenFile, accounts: make(map[int64]*account), ignored: make(map[string]bool)}
}

// Run imports the files that appear in the folder until ctx is done. Several processes may watch a
// folder: one of them imports, and another one when that ends.
func (w *Watcher) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := w.runLocked(ctx); err != nil && ctx.Err() == nil {
			w.Log.Warn("the folder is not watched", "folder", w.Dir, "error", err)
			pause(ctx, maxRetry)
		}
	}
	return nil
}

// runLocked waits for the lock of the folder and imports files.
func (w *Watcher) runLocked(ctx context.Context) error {
	if _, err := os.Stat(w.Dir); err != nil {
		return err
	}
	name := filepath.Join(w.Dir, lockFolder)
	lock, err := sqldb.LockFolder(ctx, name)
	for ; errors.Is(err, sqldb.ErrInUse); lock, err = sqldb.LockFolder(ctx, name) {
		pause(ctx, interval)
	}
	if err != nil {
		return err
	}
	for ctx.Err() == nil {
		if !w.look(ctx) {
			pause(ctx, interval)
		}
	}
	return lock.Close()
}

// pause waits for a time or until ctx is done.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// look goes through the accounts once, of which each imports at most one file. It reports whether
// more files can be imported at once.
func (w *Watcher) look(ctx context.Context) (more bool) {
	if !w.wait.isOver(w.now()) {
		return false
	}
	err := w.each(ctx, func(root *os.Root, a *account) {
		if !a.wait.isOver(w.now()) {
			return
		}
		again, err := a.look(ctx, root)
		more = more || again && err == nil
		if delay := a.wait.set(w.now(), err); err != nil && ctx.Err() == nil {
			w.Log.Error("importing the files of an account failed", "account", a.id, "retry_in", delay, "error", err)
		}
	})
	if delay := w.wait.set(w.now(), err); err != nil && ctx.Err() == nil {
		w.Log.Error("reading the watched folder failed", "folder", w.Dir, "retry_in", delay, "error", err)
	}
	return more && err == nil
}

// each calls f with each account that has a folder.
func (w *Watcher) each(ctx context.Context, f func(*os.Root, *account)) error {
	root, err := os.OpenRoot(w.Dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	names, err := ReadNames(root, ".")
	if err != nil {
		return err
	}
	known, err := w.Store.Accounts(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		id, err := strconv.ParseInt(name, 10, 64)
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case strings.HasPrefix(name, "."):
		case err != nil || strconv.FormatInt(id, 10) != name || !slices.Contains(known, id):
			if !w.ignored[name] {
				w.ignored[name] = true
				w.Log.Warn("ignoring a folder that is not named after an account", "folder", w.Dir, "name", name)
			}
		default:
			f(root, w.account(id))
		}
	}
	return nil
}

// account returns the state of an account.
func (w *Watcher) account(id int64) *account {
	a := w.accounts[id]
	if a == nil {
		a = &account{Watcher: w, id: id, log: w.Log.With("account", id), claims: make(map[string]*claim)}
		w.accounts[id] = a
	}
	return a
}

// backoff is a pause that grows with each error.
type backoff struct {
	delay time.Duration
	until time.Time
}

func (b *backoff) isOver(now time.Time) bool { return !now.Before(b.until) }

// set begins a pause if there is an error and returns it.
func (b *backoff) set(now time.Time, err error) time.Duration {
	if err == nil {
		*b = backoff{}
		return 0
	}
	b.delay = min(max(2*b.delay, minRetry), maxRetry)
	b.until = now.Add(b.delay)
	return b.delay
}

// logImported logs the result of a file.
func (a *account) logImported(r Result) {
	if r.Status == StatusRejected {
		a.log.Warn("file rejected", "file", r.File, "reason", r.Message)
		return
	}
	a.log.Info("file imported", "file", r.File, "batch", r.BatchID, "rows", r.Records, "errors", r.Errors)
}
