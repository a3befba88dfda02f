package command

import (
	"context"
	"fmt"
	"io"

	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/output"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
)

// maxShown is the maximum number of failed rows that are printed, unless a format is requested.
const maxShown = 100

// report prints the result of an import.
func (c Import) report(t target, accepted batchfile.Accepted, f store.NewFile, failures []encode.FailedRow) error {
	if c.Output == "" {
		output.Accepted(t.out, accepted)
	}
	if err := c.writeRows(t.out, f, failures); err != nil {
		return err
	}
	if accepted.Errors == 0 {
		return nil
	}
	if err := c.writeFailed(t.out, f.Content, failures); err != nil {
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
		return batchfile.WriteFailed(w, content, batchfile.Reasons(failures), true)
	}); err != nil {
		return fmt.Errorf("write the failed rows: %w", err)
	}
	if c.Output == "" {
		fmt.Fprintf(w, "%s has the failed rows: correct and import it.\n", c.Errors)
	}
	return nil
}

// dryRun prints the effect that the import would have.
func (c Import) dryRun(ctx context.Context, t target, f store.NewFile) error {
	p, err := t.ledger.preview(ctx, f)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	if c.Output == "" {
		if err := output.FilePreview(t.out, p.FilePreview, p.currency, p.names); err != nil {
			return err
		}
	}
	if err := c.writeRows(t.out, f, p.Failed); err != nil || p.Errors == 0 {
		return err
	}
	if err := c.writeFailed(t.out, f.Content, p.Failed); err != nil {
		return err
	}
	if p.Errors > len(p.Failed) {
		return fmt.Errorf("%d of %d rows would fail; a dry run lists the first %d", p.Errors, p.Records, len(p.Failed))
	}
	return fmt.Errorf("%d of %d rows would fail", p.Errors, p.Records)
}
