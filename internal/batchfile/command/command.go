// Package command declares the flags of the command that imports a batch file, without those of
// the store, and runs it.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/output"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// Import are the flags of the command.
type Import struct {
	DryRun  bool   `help:"Print the effect on each partner and the rows that would fail, and change nothing."`
	Errors  string `type:"path" placeholder:"FILE" help:"Write the failed rows to a file, with their reasons in a column ImportError, to be corrected and imported again."`
	Output  string `short:"o" enum:",table,json,jsonl,csv" default:"" placeholder:"FORMAT" help:"Print the result of each row as table, json, jsonl or csv."`
	Again   bool   `help:"Import the file even if the same content was imported before."`
	Decimal string `placeholder:"SEPARATOR" help:"Decimal separator of the file, . or , (default: detected, if the numbers leave no doubt)."`
	File    string `arg:"" type:"existingfile" help:"CSV, XML or Excel file (.xlsx), also in a gzip or zip archive; its columns are named after request parameters."`
}

// Store is the part of a store that an import needs.
type Store interface {
	batchfile.Store
	store.Snapshots
	Apply(ctx context.Context, account int64, now time.Time, limit int, decide store.Decide) (int, error)
	// LimitCache bounds the memory in which the store caches pages for writers.
	LimitCache(ctx context.Context, bytes int) error
}

// Target is where a file is imported.
type Target struct {
	Store   Store
	Account int64
	Now     func() time.Time
	// NewInbox returns an inbox of the store.
	NewInbox func() *batchfile.Inbox
	// Event is the audit event of the import.
	Event store.AuditEvent
	// partLines is the maximum number of lines of a part of a large file, or 0 for the usual one.
	partLines int
	// Out gets the result, and Err the progress if it is a terminal.
	Out, Err io.Writer
}

// errSameFile refuses to replace the imported file.
var errSameFile = errors.New("--errors: must be another file than the imported one")

// Run imports the file and prints the result. If Run is interrupted, a server or the same
// command continues the import. If rows failed, the error has their number.
func (c Import) Run(ctx context.Context, t Target) error {
	if c.isSource(c.Errors) {
		return errSameFile
	}
	if large, err := isLarge(c.File); err != nil {
		return err
	} else if large {
		return c.runLarge(ctx, t)
	}
	content, err := output.ReadFile(c.File, batchfile.MaxSize)
	if err != nil {
		return err
	}
	f := store.NewFile{
		Name: store.CleanText(filepath.Base(c.File)), Content: content, DecimalSeparator: c.Decimal, Event: t.Event,
	}
	if c.DryRun {
		return c.preview(ctx, t, f)
	}
	accepted, err := c.accept(ctx, t, f)
	if errors.Is(err, batchfile.ErrTooManyRows) {
		return c.runLarge(ctx, t)
	}
	if err != nil {
		return err
	}
	progress := output.NewProgress(t.Err, "rows", accepted.Records)
	accepted.File, err = t.finish(ctx, accepted.File, progress.Set)
	progress.End()
	if err != nil {
		return err
	}
	failures, err := batchfile.FailedRows(ctx, t.Store, t.Account, accepted.File)
	if err != nil {
		return err
	}
	return c.report(t, accepted, f, failures)
}

// isSource reports whether a name is that of the imported file.
func (c Import) isSource(name string) bool {
	if name == "" {
		return false
	}
	source, sourceErr := os.Stat(c.File)
	other, err := os.Stat(name)
	return sourceErr == nil && err == nil && os.SameFile(source, other)
}

// accept accepts the file and queues its rows. If an import of the file was interrupted, accept
// returns that file, also with --again: importing it again would apply its rows twice.
func (c Import) accept(ctx context.Context, t Target, f store.NewFile) (batchfile.Accepted, error) {
	inbox := t.NewInbox()
	f.Again = false
	accepted, err := inbox.Accept(ctx, t.Account, f)
	if duplicate := (*store.DuplicateFileError)(nil); errors.As(err, &duplicate) {
		first, readErr := t.file(ctx, duplicate.First)
		if readErr != nil {
			return accepted, readErr
		}
		switch {
		case first.Completed.IsZero():
			accepted.File = first
			fmt.Fprintf(t.Out, "%s was interrupted, and continues.\n", first.ID)
			err = inbox.WakeAll(ctx)
		case c.Again:
			f.Again = true
			accepted, err = inbox.Accept(ctx, t.Account, f)
		default:
			return accepted, fmt.Errorf("%s: %w; use --again to import it again", c.File, err)
		}
	}
	if err != nil {
		return accepted, fmt.Errorf("%s: %w", c.File, err)
	}
	inbox.Stop(ctx)
	return accepted, nil
}

func (t Target) file(ctx context.Context, id store.FileID) (f store.File, err error) {
	err = t.Store.Read(ctx, t.Account, func(r store.Reader) (err error) {
		f, err = r.BatchFiles().File(id)
		return err
	})
	return f, err
}

// pollInterval is the pause between two checks while a server applies the rows of the file.
const pollInterval = 50 * time.Millisecond

// finish applies the account's queue until the file is complete. It calls progress with the
// number of rows that are applied.
func (t Target) finish(ctx context.Context, file store.File, progress func(applied int)) (store.File, error) {
	for applied := 0; ; {
		n, err := t.Store.Apply(ctx, t.Account, t.Now(), store.MaxBatch, ledger.Decide)
		if err != nil && !errors.Is(err, store.ErrHeldElsewhere) {
			return file, err
		}
		if file, err = t.file(ctx, file.ID); err != nil || !file.Completed.IsZero() {
			return file, err
		}
		applied += n
		progress(min(applied, file.Records))
		if n > 0 {
			continue
		}
		select {
		case <-time.After(pollInterval):
		case <-ctx.Done():
			return file, context.Cause(ctx)
		}
	}
}
