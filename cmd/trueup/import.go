package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/output"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
)

type importCommand struct {
	storeFlags
	clockFlag
	Account int64  `required:"" placeholder:"ID" help:"Account."`
	Again   bool   `help:"Import the file even if the same content was imported before."`
	Decimal string `placeholder:"SEPARATOR" help:"Decimal separator of the file, . or , (default: detected, if the numbers leave no doubt)."`
	File    string `arg:"" type:"existingfile" help:"CSV or XML file; its columns are named after request parameters."`
}

// Run imports a file and prints the result. A server may be running. If Run is interrupted,
// the server continues the import.
func (c importCommand) Run(ctx context.Context, s streams) error {
	content, err := output.ReadFile(c.File, batchfile.MaxSize)
	if err != nil {
		return err
	}
	now, err := c.now()
	if err != nil {
		return err
	}
	return c.useAccount(ctx, c.Account, func(st *sqlstore.Store) error {
		if err := c.check(ctx, st); err != nil {
			return err
		}
		return c.importFile(ctx, st, s, now, content)
	})
}

func (c importCommand) importFile(ctx context.Context, st *sqlstore.Store, s streams, now func() time.Time, content []byte) error {
	event := userEvent(store.OperationImport, "")
	event.At = now().UTC()
	inbox := batchfile.New(st, now, s.logger(), func(int64) {})
	accepted, err := inbox.Accept(ctx, c.Account, store.NewFile{
		Name: store.CleanText(filepath.Base(c.File)), Content: content, DecimalSeparator: c.Decimal, Again: c.Again,
		Event: event,
	})
	if duplicate := (*store.DuplicateFileError)(nil); errors.As(err, &duplicate) {
		return fmt.Errorf("%s: %w; use --again to import it again", c.File, err)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	inbox.Stop(ctx)
	if accepted.File, err = c.finish(ctx, st, now, accepted.File); err != nil {
		return err
	}
	output.Accepted(s.out, accepted)
	return c.reportErrors(ctx, st, s, accepted.File)
}

// pollInterval is the pause between two checks while a server applies the rows of the file.
const pollInterval = 50 * time.Millisecond

// finish applies the account's queue until the file is complete.
func (c importCommand) finish(ctx context.Context, st *sqlstore.Store, now func() time.Time, file store.File) (store.File, error) {
	for {
		n, err := st.Apply(ctx, c.Account, now(), store.MaxBatch, ledger.Decide)
		if err != nil && !errors.Is(err, store.ErrHeldElsewhere) {
			return file, err
		}
		if err := st.Read(ctx, c.Account, func(r store.Reader) (err error) {
			file, err = r.BatchFiles().File(file.ID)
			return err
		}); err != nil || !file.Completed.IsZero() {
			return file, err
		}
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

// maxShown bounds the number of printed errors. GET ErrorDetails lists all of them.
const maxShown = 100

// reportErrors prints the rows with errors, and returns an error if there are any.
func (c importCommand) reportErrors(ctx context.Context, st *sqlstore.Store, s streams, f store.File) error {
	if f.Errors == 0 {
		return nil
	}
	if err := st.Read(ctx, c.Account, func(r store.Reader) error {
		_, details, err := r.BatchFiles().FileErrors(f.ID, search.Page{Number: 1, Size: maxShown})
		if err != nil {
			return err
		}
		for d, err := range details {
			if err != nil {
				return err
			}
			code, message := d.Submission.Outcome.Code, d.Submission.Outcome.Message
			if d.Cause != nil {
				code, message = d.Cause.Code, d.Cause.Message
			}
			s.printf("line %d: %s: %s\n", d.Line, code, message)
		}
		return nil
	}); err != nil {
		return err
	}
	return fmt.Errorf("%d of %d rows failed; the others were applied", f.Errors, f.Records)
}
