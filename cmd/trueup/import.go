package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
)

type importCommand struct {
	dataFlag
	Account int64  `required:"" placeholder:"ID" help:"The account whose orders or returns they are."`
	Again   bool   `help:"Import the file although the very same was imported before."`
	File    string `arg:"" type:"existingfile" help:"The file, CSV or XML; its columns are named as the parameters of requests."`
}

// Run imports a file and prints what became of its rows, also while a server runs
// on the folder. When it is interrupted, the server goes on with what is left.
func (c importCommand) Run(ctx context.Context, s streams) error {
	content, err := readUpTo(c.File, batchfile.MaxSize)
	if err != nil {
		return err
	}
	return c.use(ctx, ledgerFolder, func(st *sqlstore.Store) error { return c.importFile(ctx, st, s, content) })
}

func (c importCommand) importFile(ctx context.Context, st *sqlstore.Store, s streams, content []byte) error {
	if err := known(ctx, st, c.Account); err != nil {
		return err
	}
	inbox := batchfile.New(st, time.Now, s.logger(), func(int64) {})
	file, _, err := inbox.Accept(ctx, c.Account, store.NewFile{Name: store.Text(filepath.Base(c.File)), Content: content, Again: c.Again})
	if before := (*store.FileKnownError)(nil); errors.As(err, &before) {
		return fmt.Errorf("%s: %w; give --again to have it imported once more", c.File, err)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	inbox.Stop(ctx)
	if file, err = c.finish(ctx, st, file); err != nil {
		return err
	}
	return c.report(ctx, st, s, file)
}

// rest is between looks at what a server is taking or applying itself.
const rest = 50 * time.Millisecond

// finish applies what is queued until the file is complete.
func (c importCommand) finish(ctx context.Context, st *sqlstore.Store, file store.File) (store.File, error) {
	for {
		n, err := st.Apply(ctx, c.Account, time.Now(), store.MaxBatch, ledger.Decide)
		if err != nil && !errors.Is(err, store.ErrHeldElsewhere) { // a server is
			return file, err
		}
		if err := st.Read(ctx, c.Account, func(r store.Reader) (err error) {
			file, err = r.File(file.ID)
			return err
		}); err != nil || !file.Completed.IsZero() {
			return file, err
		}
		if n > 0 {
			continue
		}
		select {
		case <-time.After(rest):
		case <-ctx.Done():
			return file, context.Cause(ctx)
		}
	}
}

// maxShown is how many errors are printed; all are under the file's ErrorDetails.
const maxShown = 100

// report prints what became of the file, and the rows that had no effect.
func (c importCommand) report(ctx context.Context, st *sqlstore.Store, s streams, f store.File) error {
	s.printf("%s: %d rows, %d errors\n", f.ID, f.Records, f.Errors)
	if f.Errors == 0 {
		return nil
	}
	if err := st.Read(ctx, c.Account, func(r store.Reader) error {
		_, details, err := r.FileErrors(f.ID, ledger.Page{Number: 1, Size: maxShown})
		if err != nil {
			return err
		}
		for d, err := range details {
			if err != nil {
				return err
			}
			code, message := d.Submission.Outcome.Code, d.Submission.Outcome.Message
			if d.Fault != nil {
				code, message = d.Fault.Code, d.Fault.Message
			}
			s.printf("line %d: %s: %s\n", d.Line, code, message)
		}
		return nil
	}); err != nil {
		return err
	}
	return fmt.Errorf("%d of %d rows had no effect; the others did", f.Errors, f.Records)
}
