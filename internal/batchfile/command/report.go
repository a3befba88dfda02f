package command

import (
	"context"
	"fmt"
	"io"

	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/output"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/ledger/program"
)

const (
	// maxShown is the maximum number of failed rows that are printed, unless a format is
	// requested.
	maxShown = 100
	// failuresPage is the number of failed rows that are read at once.
	failuresPage = 1_000
)

// failures returns the failed rows of a file in their order.
func (t Target) failures(ctx context.Context, f store.File) (rows []encode.FailedRow, err error) {
	for page := (search.Page{Number: 1, Size: failuresPage}); len(rows) < f.Errors; page.Number++ {
		before := len(rows)
		err := t.Store.Read(ctx, t.Account, func(r store.Reader) error {
			_, details, err := r.BatchFiles().FileErrors(f.ID, page)
			if err != nil {
				return err
			}
			for d, err := range details {
				if err != nil {
					return err
				}
				row := encode.FailedRow{Line: d.Line, Code: d.Submission.Outcome.Code, Message: d.Submission.Outcome.Message}
				if d.Cause != nil {
					row.Code, row.Message = d.Cause.Code, d.Cause.Message
				}
				rows = append(rows, row)
			}
			return nil
		})
		if err != nil || len(rows) == before {
			return rows, err
		}
	}
	return rows, nil
}

// report prints the result of an import.
func (c Import) report(t Target, accepted batchfile.Accepted, f store.NewFile, failures []encode.FailedRow) error {
	if c.Output == "" {
		output.Accepted(t.Out, accepted)
	}
	if err := c.writeRows(t.Out, f, failures); err != nil {
		return err
	}
	if accepted.Errors == 0 {
		return nil
	}
	if err := c.writeFailed(t.Out, f.Content, failures); err != nil {
		return err
	}
	return fmt.Errorf("%d of %d rows failed; the others were applied", accepted.Errors, accepted.Records)
}

// writeRows prints the result of each row in the requested format. Without one, it prints the
// first failed rows.
func (c Import) writeRows(w io.Writer, f store.NewFile, failures []encode.FailedRow) error {
	if c.Output == "" {
		for _, row := range failures[:min(len(failures), maxShown)] {
			fmt.Fprintf(w, "line %d: %s: %s\n", row.Line, row.Code, row.Message)
		}
		if more := len(failures) - maxShown; more > 0 {
			fmt.Fprintf(w, "and %d more; --errors writes all of them to a file\n", more)
		}
		return nil
	}
	lines, err := batchfile.Lines(store.FileContent{Bytes: f.Content, DecimalSeparator: f.DecimalSeparator})
	if err != nil {
		return err
	}
	return output.FileRows(w, c.Output, lines, failures)
}

// writeFailed writes the failed rows to the file that was named.
func (c Import) writeFailed(w io.Writer, content []byte, failures []encode.FailedRow) error {
	if c.Errors == "" {
		return nil
	}
	if err := output.File(c.Errors, func(w io.Writer) error {
		return batchfile.WriteFailed(w, content, reasonsOf(failures), true)
	}); err != nil {
		return fmt.Errorf("write the failed rows: %w", err)
	}
	if c.Output == "" {
		fmt.Fprintf(w, "%s has the failed rows: correct and import it.\n", c.Errors)
	}
	return nil
}

// reasonsOf returns the reason of each failed row by its line.
func reasonsOf(failures []encode.FailedRow) map[int]string {
	reasons := make(map[int]string, len(failures))
	for _, row := range failures {
		reasons[row.Line] = fmt.Sprintf("%s: %s", row.Code, row.Message)
	}
	return reasons
}

// preview prints the effect that the import would have.
func (c Import) preview(ctx context.Context, t Target, f store.NewFile) error {
	p, err := t.NewInbox().Preview(ctx, t.Account, f)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	var reference *program.Reference
	if reference, err = t.Store.CurrentReference(ctx, t.Account); err != nil {
		return err
	}
	if c.Output == "" {
		if err := output.FilePreview(t.Out, p, reference); err != nil {
			return err
		}
	}
	if err := c.writeRows(t.Out, f, p.Failed); err != nil || p.Errors == 0 {
		return err
	}
	if err := c.writeFailed(t.Out, f.Content, p.Failed); err != nil {
		return err
	}
	if p.Errors > len(p.Failed) {
		return fmt.Errorf("%d of %d rows would fail; a dry run lists the first %d", p.Errors, p.Records, len(p.Failed))
	}
	return fmt.Errorf("%d of %d rows would fail", p.Errors, p.Records)
}
