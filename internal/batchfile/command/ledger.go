package command

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// ledgerOf is the account that files are imported into: of a ledger on this machine, or of a server.
type ledgerOf interface {
	// accept accepts a file and queues its rows. If the same content was accepted before, the error
	// is a [*store.DuplicateFileError].
	accept(ctx context.Context, f store.NewFile) (batchfile.Accepted, error)
	// resume continues an import that is not complete, and returns a word for what happened to it.
	resume(ctx context.Context) (note string, err error)
	// file returns a file that was accepted.
	file(ctx context.Context, id store.FileID) (store.File, error)
	// finish waits until a file is complete. It calls progress with the number of rows that are
	// applied. A ledger on this machine applies up to limit submissions in a transaction.
	finish(ctx context.Context, f store.File, limit int, progress func(applied int)) (store.File, error)
	// failed returns the rows of a complete file that failed, in the order of the file.
	failed(ctx context.Context, f store.File) ([]encode.FailedRow, error)
	// preview returns the effect that a file would have.
	preview(ctx context.Context, f store.NewFile) (preview, error)
	// limitMemory prepares for a large file.
	limitMemory(ctx context.Context) error
	// goesOn says how an import that was interrupted goes on.
	goesOn() string
}

// preview is the effect that a file would have, with the names of the partners.
type preview struct {
	encode.FilePreview
	currency money.Currency
	names    map[int64]string
}

// Store is the part of a store that an import needs.
type Store interface {
	batchfile.Store
	store.Snapshots
	Apply(ctx context.Context, account int64, now time.Time, limit int, decide store.Decide) (int, error)
	// LimitCache bounds the memory in which the store caches pages for writers.
	LimitCache(ctx context.Context, bytes int) error
}

// local is an account of a ledger on this machine. It writes to the store itself, and so it can resume
// an import that an earlier run of the program left.
type local struct {
	store   Store
	account int64
	now     func() time.Time
	log     *slog.Logger
}

func (l local) inbox() *batchfile.Inbox {
	return batchfile.New(l.store, l.now, l.log, func(int64) {})
}

func (l local) accept(ctx context.Context, f store.NewFile) (batchfile.Accepted, error) {
	inbox := l.inbox()
	accepted, err := inbox.Accept(ctx, l.account, f)
	inbox.Stop(ctx)
	return accepted, err
}

func (l local) resume(ctx context.Context) (string, error) {
	inbox := l.inbox()
	defer inbox.Stop(ctx)
	return "was interrupted, and continues", inbox.WakeAll(ctx)
}

func (l local) file(ctx context.Context, id store.FileID) (f store.File, err error) {
	err = l.store.Read(ctx, l.account, func(r store.Reader) (err error) {
		f, err = r.BatchFiles().File(id)
		return err
	})
	return f, err
}

// pollInterval is the pause between two checks while a server applies the rows of the file.
const pollInterval = 50 * time.Millisecond

// finish applies the account's queue until the file is complete.
func (l local) finish(ctx context.Context, f store.File, limit int, progress func(applied int)) (store.File, error) {
	for applied := 0; ; {
		n, err := l.store.Apply(ctx, l.account, l.now(), limit, ledger.Decide)
		if err != nil && !errors.Is(err, store.ErrHeldElsewhere) {
			return f, err
		}
		if f, err = l.file(ctx, f.ID); err != nil || !f.Completed.IsZero() {
			return f, err
		}
		applied += n
		progress(min(applied, f.Records))
		if n > 0 {
			continue
		}
		if err := sleep(ctx, pollInterval); err != nil {
			return f, err
		}
	}
}

// sleep waits for a time or until ctx is done.
func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (l local) failed(ctx context.Context, f store.File) ([]encode.FailedRow, error) {
	return batchfile.FailedRows(ctx, l.store, l.account, f)
}

func (l local) preview(ctx context.Context, f store.NewFile) (preview, error) {
	p, err := l.inbox().Preview(ctx, l.account, f)
	if err != nil {
		return preview{}, err
	}
	reference, err := l.store.CurrentReference(ctx, l.account)
	if err != nil {
		return preview{}, err
	}
	v := preview{FilePreview: p, currency: reference.Account.Currency, names: make(map[int64]string)}
	for _, e := range p.Partners {
		v.names[e.Partner] = reference.Partners[e.Partner].Name
	}
	return v, nil
}

func (l local) limitMemory(ctx context.Context) error { return l.store.LimitCache(ctx, cacheSize) }

func (local) goesOn() string { return "the same command continues the import, and so does a server" }
