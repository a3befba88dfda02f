package batchfile

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"time"

	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/keyqueue"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

const (
	// retryDelay is the pause of an account's file after the store failed.
	retryDelay = time.Second
	// maxBatchRows bounds the rows of a commit. An entry can have many rows.
	maxBatchRows = 5_000
)

// Store is the part of a store that an Inbox needs.
type Store interface {
	store.Files
	CurrentReference(ctx context.Context, account int64) (*program.Reference, error)
	HashKey(ctx context.Context, account int64) ([]byte, error)
	PreviewBatch(ctx context.Context, account int64, now time.Time, commands []ledger.Command, decide store.Decide, f func(store.Preview) bool) error
}

// Inbox accepts files and queues their rows as submissions. Create one with [New].
type Inbox struct {
	store  Store
	now    func() time.Time
	log    *slog.Logger
	queued func(account int64)
	queues *keyqueue.Queues
	// reading and accepting are semaphores that bound the memory. They let one file at a
	// time be queued, and another one be accepted in the meantime.
	reading, accepting chan struct{}
	// previewEntries is the number of entries whose effect a preview decides.
	previewEntries int
}

// New returns an inbox. It calls queued after each commit of rows.
func New(st Store, now func() time.Time, log *slog.Logger, queued func(account int64)) *Inbox {
	in := &Inbox{store: st, now: now, log: log, queued: queued, reading: make(chan struct{}, 1), accepting: make(chan struct{}, 1), previewEntries: defaultPreviewEntries}
	in.queues = keyqueue.New(in.work)
	return in
}

// Accepted is a file that an [Inbox] has accepted, with what its caller should know.
type Accepted struct {
	store.File
	// Replayed reports that the idempotency key was used before, for this file.
	Replayed bool
	// Format describes how the file is written, as in "semicolons, Windows-1252, 12 columns".
	Format string
	// IgnoredColumns are the columns with values that no parameter has the name of.
	IgnoredColumns []string
	// DecimalSeparator is the one that was requested or detected, or empty if the numbers
	// have no decimal places, or contradict each other.
	DecimalSeparator string
	// Blank is the number of blank rows. The other rows are records of the file.
	Blank int
	// Unpriced is the number of valid order lines without a price, in orders without an
	// amount.
	Unpriced int
}

// Accept stores a file and returns it once it is on disk. If the file can't be parsed, the
// error is a [store.UnusableFileError]; if the same content was accepted before, it is a
// [*store.DuplicateFileError].
func (in *Inbox) Accept(ctx context.Context, account int64, f store.NewFile) (accepted Accepted, err error) {
	select {
	case in.accepting <- struct{}{}:
		defer func() { <-in.accepting }()
	case <-ctx.Done():
		return Accepted{}, context.Cause(ctx)
	}
	parsed, err := parse(store.FileContent{Bytes: f.Content, DecimalSeparator: f.DecimalSeparator})
	if err != nil {
		return Accepted{}, err
	}
	now := in.now()
	f.Kind, f.Records = parsed.kind, len(parsed.rows)
	accepted = Accepted{Format: parsed.describe(), IgnoredColumns: parsed.ignoredColumns(), DecimalSeparator: parsed.format.Separator, Blank: parsed.blank}
	if accepted.Unpriced, err = in.unpricedLines(ctx, account, now, parsed); err != nil {
		return Accepted{}, err
	}
	if accepted.File, accepted.Replayed, err = in.store.AcceptFile(ctx, account, now, f); err != nil {
		return Accepted{}, err
	}
	in.queues.Schedule(account)
	return accepted, nil
}

// unpricedLines returns the number of order lines whose amount is 0 because of a missing
// price.
func (in *Inbox) unpricedLines(ctx context.Context, account int64, now time.Time, parsed *parsedFile) (count int, err error) {
	if parsed.kind != ledger.KindConversion {
		return 0, nil
	}
	env, reference, err := in.env(ctx, account, now)
	if err != nil {
		return 0, err
	}
	for i := range parsed.entries {
		if c, ok := parsed.entry(i, reference.Account, env).Submission.Command.(ledger.Conversion); ok {
			count += c.UnpricedLines()
		}
	}
	return count, nil
}

// MaxSize returns the maximum size of a file in bytes.
func (in *Inbox) MaxSize() int64 { return MaxSize }

// WakeAll schedules the files that an earlier run or another process accepted.
func (in *Inbox) WakeAll(ctx context.Context) error {
	accounts, err := in.store.UnreadFileAccounts(ctx)
	for _, account := range accounts {
		in.queues.Schedule(account)
	}
	return err
}

// Settle queues the rows of all accepted files and returns then, or when ctx is done.
func (in *Inbox) Settle(ctx context.Context) error {
	if err := in.WakeAll(ctx); err != nil {
		return err
	}
	return in.queues.Wait(ctx)
}

// Stop queues the remaining rows until ctx is done. The next start queues the rest.
func (in *Inbox) Stop(ctx context.Context) { in.queues.Stop(ctx) }

// work queues the rows of an account's oldest file.
func (in *Inbox) work(ctx context.Context, account int64) (more bool) {
	err := in.queueOldest(ctx, account)
	switch {
	case err == nil:
		return true
	case errors.Is(err, ledger.ErrNotFound), ctx.Err() != nil:
		return false
	case errors.As(err, new(*clockguard.Error)): // the server schedules the account again
		return false
	case errors.Is(err, store.ErrFileChanged): // by another process
		return true
	}
	return keyqueue.Retry(ctx, in.log, retryDelay, "queueing the rows of a file failed", "account", account, "error", err)
}

// queueOldest queues the remaining rows of the account's oldest file, in one commit per
// batch. If there is no file, it returns [ledger.ErrNotFound]. If a batch fails, the earlier
// ones remain committed.
func (in *Inbox) queueOldest(ctx context.Context, account int64) error {
	select {
	case in.reading <- struct{}{}:
		defer func() { <-in.reading }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	file, content, err := in.store.NextFile(ctx, account)
	if err != nil {
		return err
	}
	parsed, err := parse(content)
	if err != nil {
		return err
	}
	env, reference, err := in.env(ctx, account, file.Accepted)
	if err != nil {
		return err
	}
	for from, last := file.Processed, false; !last; {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		batch := store.RowBatch{File: file.Number, From: from}
		for rows := 0; len(batch.Entries) < store.MaxBatch && rows < maxBatchRows && from < len(parsed.entries); from++ {
			e := parsed.entry(from, reference.Account, env)
			batch.Entries, rows = append(batch.Entries, e), rows+len(e.Rows)
		}
		last = from == len(parsed.entries)
		batch.Last = last
		if err := in.store.QueueRows(ctx, account, in.now(), batch); err != nil {
			return err
		}
		in.queued(account)
	}
	return nil
}

// env returns the inputs of decoding and the reference data. NOW in a file is the time at
// which it was accepted, regardless of when its rows are queued.
func (in *Inbox) env(ctx context.Context, account int64, accepted time.Time) (wire.Env, *program.Reference, error) {
	key, err := in.store.HashKey(ctx, account)
	if err != nil {
		return wire.Env{}, nil, err
	}
	reference, err := in.store.CurrentReference(ctx, account)
	if err != nil {
		return wire.Env{}, nil, err
	}
	return wire.Env{
		Now: accepted, Zone: reference.Zone(), NewOrderID: rand.Text,
		HashIP: func(address string) string { return store.HashAddress(key, address) },
	}, reference, nil
}
