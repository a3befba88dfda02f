package batchfile

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"time"

	"github.com/trueup-ledger/trueup/internal/keyqueue"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

// pause is how long an account rests whose file could not be taken.
const pause = time.Second

// rowsAtOnce ends a batch that has so many rows, with the order that they belong to:
// others who have something to accept in the account wait for its commit.
const rowsAtOnce = 5_000

// Inbox accepts files and takes their rows into the queue. Use [New].
type Inbox struct {
	store  store.Store
	now    func() time.Time
	log    *slog.Logger
	queued func(account int64)
	lanes  *keyqueue.Queues
	// turn lets one file at a time be in memory to be taken, and one beside it to be
	// accepted: who hands in a file does not wait for another's rows.
	turn, accepting chan struct{}
}

// New answers an inbox. The function queued is called after each commit of rows.
func New(st store.Store, now func() time.Time, log *slog.Logger, queued func(account int64)) *Inbox {
	in := &Inbox{store: st, now: now, log: log, queued: queued, turn: make(chan struct{}, 1), accepting: make(chan struct{}, 1)}
	in.lanes = keyqueue.New(in.work)
	return in
}

// Accept answers the file once it is on disk, or the one that its key was first
// given to, which then is replayed. It refuses one that cannot be used
// with an store.UnusableFile, and one that was accepted before with a *store.FileKnownError.
// The kind and the number of records are read from the content.
func (in *Inbox) Accept(ctx context.Context, account int64, f store.NewFile) (file store.File, replayed bool, err error) {
	select {
	case in.accepting <- struct{}{}:
		defer func() { <-in.accepting }()
	case <-ctx.Done():
		return store.File{}, false, context.Cause(ctx)
	}
	parsed, err := Parse(f.Content)
	if err != nil {
		return store.File{}, false, err
	}
	f.Kind, f.Records = parsed.Kind, parsed.Records
	file, replayed, err = in.store.AcceptFile(ctx, account, in.now(), f)
	if err == nil {
		in.lanes.Schedule(account)
	}
	return file, replayed, err
}

// MaxSize answers [MaxSize].
func (in *Inbox) MaxSize() int64 { return MaxSize }

// WakeAll has every file taken that an earlier or another process accepted.
func (in *Inbox) WakeAll(ctx context.Context) error {
	accounts, err := in.store.UnreadFiles(ctx)
	for _, account := range accounts {
		in.lanes.Schedule(account)
	}
	return err
}

// Stop has all files taken until ctx ends; the rest is taken by the next start.
func (in *Inbox) Stop(ctx context.Context) { in.lanes.Stop(ctx) }

// work takes an account's oldest file. A failure leaves it where it is.
func (in *Inbox) work(ctx context.Context, account int64) (more bool) {
	err := in.Take(ctx, account)
	switch {
	case err == nil:
		return true
	case errors.Is(err, ledger.ErrNotFound), ctx.Err() != nil:
		return false
	case errors.Is(err, store.ErrFileChanged): // by another process
		return true
	}
	return keyqueue.Retry(ctx, in.log, pause, "taking a file failed", "account", account, "error", err)
}

// Take takes what is left of the account's oldest file; ledger.ErrNotFound if there
// is none. What is taken stays taken, whatever happens.
func (in *Inbox) Take(ctx context.Context, account int64) error {
	select {
	case in.turn <- struct{}{}:
		defer func() { <-in.turn }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	file, content, err := in.store.NextFile(ctx, account)
	if err != nil {
		return err
	}
	parsed, err := Parse(content)
	if err != nil {
		return err
	}
	env, reference, err := in.env(ctx, account, file)
	if err != nil {
		return err
	}
	for from, last := file.Taken, false; !last; {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		t := store.RowBatch{File: file.Number, From: from}
		for rows := 0; len(t.Entries) < store.MaxBatch && rows < rowsAtOnce && from < len(parsed.entries); from++ {
			e := parsed.entry(from, reference.Account, env)
			t.Entries, rows = append(t.Entries, e), rows+len(e.Rows)
		}
		last = from == len(parsed.entries)
		t.Last = last
		if err := in.store.QueueRows(ctx, account, in.now(), t); err != nil {
			return err
		}
		in.queued(account)
	}
	return nil
}

// env answers what decoding needs. NOW in a file is when it was handed in, however
// late its rows are taken.
func (in *Inbox) env(ctx context.Context, account int64, file store.File) (wire.Env, *ledger.Reference, error) {
	key, err := in.store.HashKey(ctx, account)
	if err != nil {
		return wire.Env{}, nil, err
	}
	reference, err := in.store.Reference(ctx, account, store.Latest)
	if err != nil {
		return wire.Env{}, nil, err
	}
	return wire.Env{
		Now: file.Accepted, Zone: reference.Zone(), NewOrder: rand.Text,
		HashIP: func(address string) string { return store.HashAddress(key, address) },
	}, reference, nil
}
