package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime/debug"

	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/output"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/ledger"
)

// isLarge reports whether a file is imported in parts.
func isLarge(name string) (bool, error) {
	r, err := source(name)
	if err != nil {
		return false, err
	}
	defer r.Close()
	n, err := io.Copy(io.Discard, io.LimitReader(r, batchfile.MaxSize+1))
	return n > batchfile.MaxSize, err
}

// Bounds of the memory of a large import: the amount beyond which garbage is collected early, the
// size of the page cache of SQLite, which is no part of it, and the submissions of a transaction,
// which keeps the pages that it changes in that cache, whatever its size. The program collects
// garbage rarely otherwise, and caches more, which suits a server.
const (
	memoryLimit = 18 << 20
	cacheSize   = 2 << 20
	batchLimit  = 200
)

// errAgain refuses --again for a file in parts: after an interruption, the same command would
// apply the finished parts once more.
var errAgain = fmt.Errorf("--again: can't be used with a file that is imported in parts: split it into files of at most %d MiB and 100,000 rows, and import each with --again", batchfile.MaxSize>>20)

// totals sums up the parts of a file.
type totals struct{ rows, failed, parts, repeated int }

// errNoFailures removes the file of failed rows before it gets its name.
var errNoFailures = errors.New("no row failed")

// runLarge imports a large file in parts. Each is a file of its own, so that an interrupted
// import continues behind the last part. A part that was imported before is not imported again.
func (c Import) runLarge(ctx context.Context, t target) error {
	if c.Again {
		return fmt.Errorf("%s: %w", c.File, errAgain)
	}
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(memoryLimit))
	lines, err := countLines(c.File, cmp.Or(t.partLines, maxLines))
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", c.File, err)
	case c.Decimal == "":
		return fmt.Errorf("%s: the file is imported in parts, which may differ: name its decimal separator with --decimal", c.File)
	case c.DryRun || c.Output != "":
		return fmt.Errorf("%s: %w", c.File, errLarge("--dry-run and -o need the whole file"))
	}
	var sum totals
	if c.Errors == "" {
		err = c.importParts(ctx, t, lines, io.Discard, &sum)
	} else if err = output.File(c.Errors, func(w io.Writer) error { return c.importParts(ctx, t, lines, w, &sum) }); errors.Is(err, errNoFailures) {
		err = nil
	}
	switch {
	case err != nil && !errors.Is(err, errNoFailures):
		return fmt.Errorf("%s: %w", c.File, err)
	case sum.parts == sum.repeated && sum.parts > 0 && sum.failed == 0:
		return fmt.Errorf("%s: all parts of the file were imported before", c.File)
	}
	fmt.Fprintf(t.out, "%d rows, %d errors\n", sum.rows, sum.failed)
	if sum.repeated > 0 {
		fmt.Fprintf(t.out, "%d of %d parts were imported before\n", sum.repeated, sum.parts)
	}
	if sum.failed > 0 {
		return fmt.Errorf("%d of %d rows failed; the others were applied", sum.failed, sum.rows)
	}
	return nil
}

// importParts imports the parts and writes the failed rows to w. Without failed rows, it returns
// errNoFailures.
func (c Import) importParts(ctx context.Context, t target, lines int, w io.Writer, sum *totals) error {
	if err := t.ledger.limitMemory(ctx); err != nil {
		return err
	}
	r, err := source(c.File)
	if err != nil {
		return err
	}
	defer r.Close()
	s, err := newSplitter(r)
	if err != nil {
		return err
	}
	s.maxLines = cmp.Or(t.partLines, maxLines)
	progress := output.NewProgress(t.err, "rows", lines)
	defer progress.End()
	for done := 0; ; {
		p, err := s.next()
		if err != nil {
			return err
		}
		if p.rows == 0 {
			break
		}
		sum.parts++
		if err := c.importPart(ctx, t, p, w, sum); err != nil {
			return err
		}
		done += p.rows
		progress.Set(done)
	}
	if sum.failed == 0 {
		return errNoFailures
	}
	return nil
}

// maxPartSuffix is the maximum length of the text behind the file's name in that of a part.
const maxPartSuffix = len(", part 9999999")

// partName returns the name of a part in the form in which servers store it: another one would look
// like that of another file. A long name is cut, so that parts keep different names.
func partName(file string, part int) string {
	name := []rune(store.FileName(filepath.Base(file)))
	return fmt.Sprintf("%s, part %d", string(name[:min(len(name), store.MaxFileName-maxPartSuffix)]), part)
}

// importPart imports a part.
func (c Import) importPart(ctx context.Context, t target, p part, w io.Writer, sum *totals) error {
	kind, err := batchfile.Kind(store.FileContent{Bytes: p.content, DecimalSeparator: c.Decimal})
	switch {
	case errors.Is(err, batchfile.ErrNoRows):
		return nil
	case err != nil:
		return err
	case kind == ledger.KindConversion:
		return errLarge("the rows of an order belong together")
	}
	name := partName(c.File, sum.parts)
	accepted, err := c.accept(ctx, t, store.NewFile{Name: name, Content: p.content, DecimalSeparator: c.Decimal, Event: t.event})
	if duplicate := (*store.DuplicateFileError)(nil); errors.As(err, &duplicate) {
		sum.repeated++
		accepted.File, err = t.ledger.file(ctx, duplicate.First)
	}
	if err != nil {
		return err
	}
	if accepted.Name != name {
		return fmt.Errorf("part %d, from line %d, has the same rows as %s, %q: import these rows as a file of their own with --again, and the others without them, or give the file its earlier name to continue an import", sum.parts, p.first, accepted.ID, accepted.Name)
	}
	file, err := t.ledger.finish(ctx, accepted.File, batchLimit, func(int) {})
	if err != nil {
		return &acceptedError{accepted.ID, err}
	}
	failures, err := t.ledger.failed(ctx, file)
	if err != nil {
		return &acceptedError{accepted.ID, err}
	}
	if sum.parts == 1 && accepted.Format != "" {
		output.FileFormat(t.out, accepted.Format, accepted.IgnoredColumns)
	}
	sum.rows, sum.failed = sum.rows+file.Records, sum.failed+len(failures)
	return c.reportPart(t, p, w, failures, sum.failed-len(failures))
}

// reportPart prints the failed rows of a part, of which before rows failed in earlier ones, and
// writes them to w.
func (c Import) reportPart(t target, p part, w io.Writer, failures []encode.FailedRow, before int) error {
	if len(failures) == 0 {
		return nil
	}
	for i, row := range failures {
		if before+i < maxShown {
			fmt.Fprintf(t.out, "line %d: %s: %s\n", row.Line+p.offset, row.Code, row.Message)
		}
	}
	return batchfile.WriteFailed(w, p.content, batchfile.Reasons(failures), before == 0)
}
