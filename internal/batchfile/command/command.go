// Package command has the command that imports a batch file, into a server or a ledger on this
// machine.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/output"
	"github.com/trueup-ledger/trueup/internal/store"
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

// target is where a file is imported, and where the result is printed.
type target struct {
	ledger ledgerOf
	// event is the audit event of the import, in a ledger on this machine.
	event store.AuditEvent
	// partLines is the maximum number of lines of a part of a large file, or 0 for the usual one.
	partLines int
	// out gets the result, and err the progress if it is a terminal.
	out, err io.Writer
}

// Do imports the file and prints the result. If rows failed, the error has their number.
func (c Import) Do(ctx context.Context, s *cli.Session) error {
	t := target{ledger: remote{s.Client}, out: s.Out, err: s.Err}
	if s.Local {
		t.ledger = local{s.Ledger.Store, s.Ledger.Account, s.Now, s.Logger()}
		t.event = cli.UserEvent(store.OperationImport, "")
		t.event.At = s.Now().UTC()
	}
	err := c.run(ctx, t)
	if err != nil && ctx.Err() != nil {
		return c.interrupted(t, err)
	}
	return err
}

// interrupted returns the error of an import that a signal ended, for the one of [Import.run].
func (c Import) interrupted(t target, err error) error {
	if c.DryRun {
		return cli.Failed("interrupted: nothing was changed")
	}
	if accepted := (*acceptedError)(nil); errors.As(err, &accepted) {
		return cli.Failed("interrupted: %s", t.ledger.goesOn())
	}
	return cli.Failed("interrupted before the whole file was accepted: the same command imports the rest")
}

// acceptedError is an error after a file was accepted, whose rows are applied nevertheless.
type acceptedError struct {
	file store.FileID
	err  error
}

func (e *acceptedError) Error() string {
	return fmt.Sprintf("%s was accepted, and its outcome is unknown: %v", e.file, e.err)
}

func (e *acceptedError) Unwrap() error { return e.err }

// errSameFile refuses to replace the imported file.
var errSameFile = errors.New("--errors: must be another file than the imported one")

// run imports the file and prints the result. If it is interrupted, a server or the same command
// continues the import.
func (c Import) run(ctx context.Context, t target) error {
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
		Name: store.CleanText(filepath.Base(c.File)), Content: content, DecimalSeparator: c.Decimal, Event: t.event,
	}
	if c.DryRun {
		return c.dryRun(ctx, t, f)
	}
	accepted, err := c.accept(ctx, t, f)
	if errors.Is(err, batchfile.ErrTooManyRows) {
		return c.runLarge(ctx, t)
	}
	if err != nil {
		return err
	}
	id := accepted.ID
	progress := output.NewProgress(t.err, "rows", accepted.Records)
	accepted.File, err = t.ledger.finish(ctx, accepted.File, store.MaxBatch, progress.Set)
	progress.End()
	if err != nil {
		return &acceptedError{id, err}
	}
	failures, err := t.ledger.failed(ctx, accepted.File)
	if err != nil {
		return &acceptedError{id, err}
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
func (c Import) accept(ctx context.Context, t target, f store.NewFile) (batchfile.Accepted, error) {
	f.Again = false
	accepted, err := t.ledger.accept(ctx, f)
	if duplicate := (*store.DuplicateFileError)(nil); errors.As(err, &duplicate) {
		first, readErr := t.ledger.file(ctx, duplicate.First)
		if readErr != nil {
			return accepted, readErr
		}
		switch {
		case first.Completed.IsZero():
			var note string
			note, err = t.ledger.resume(ctx)
			accepted.File = first
			fmt.Fprintf(t.out, "%s %s.\n", first.ID, note)
		case c.Again:
			f.Again = true
			accepted, err = t.ledger.accept(ctx, f)
		default:
			return accepted, fmt.Errorf("%s: %w; use --again to import it again", c.File, err)
		}
	}
	if err != nil {
		return accepted, fmt.Errorf("%s: %w", c.File, err)
	}
	return accepted, nil
}
