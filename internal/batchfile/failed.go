package batchfile

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/spreadsheet/dialect"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/ledger"
)

// ErrorColumn is the column of a file of failed rows that has the reasons. It is ignored when
// the file is imported.
const ErrorColumn = "ImportError"

func isErrorColumn(name string) bool { return strings.EqualFold(name, ErrorColumn) }

// Lines returns the line of each row of a file that isn't blank. The error is a
// [store.UnusableFileError].
func Lines(content store.FileContent) ([]int, error) {
	f, err := parse(content)
	if err != nil {
		return nil, err
	}
	lines := make([]int, len(f.rows))
	for i, r := range f.rows {
		lines[i] = r.line
	}
	return lines, nil
}

// Blank returns the number of blank rows of a file. The error is a [store.UnusableFileError].
func Blank(content store.FileContent) (int, error) {
	f, err := parse(content)
	if err != nil {
		return 0, err
	}
	return f.blank, nil
}

// MisplacedQuote returns the first line of a CSV file with a quote that is misplaced or not closed,
// or 0. The error is a [store.UnusableFileError].
func MisplacedQuote(content []byte) (line int, err error) {
	decoded, err := decode(content)
	if err != nil {
		return 0, err
	}
	t, err := readTable(decoded)
	if err != nil {
		return 0, err
	}
	for _, r := range t.rows {
		if r.problem == problemQuote {
			return r.line, nil
		}
	}
	return 0, nil
}

// Kind returns the kind of the rows of a file. The error is a [store.UnusableFileError].
func Kind(content store.FileContent) (ledger.Kind, error) {
	f, err := parse(content)
	if err != nil {
		return "", err
	}
	return f.kind, nil
}

// failedPage is the number of failed rows that are read at once.
const failedPage = 1_000

// FailedRows returns the rows of a complete file that failed, in the order of the file.
func FailedRows(ctx context.Context, st store.Snapshots, account int64, f store.File) (rows []encode.FailedRow, err error) {
	for page := (search.Page{Number: 1, Size: failedPage}); len(rows) < f.Errors; page.Number++ {
		before := len(rows)
		err := st.Read(ctx, account, func(r store.Reader) error {
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

// Reasons returns the reasons of failed rows by line, for [WriteFailed].
func Reasons(rows []encode.FailedRow) map[int]string {
	reasons := make(map[int]string, len(rows))
	for _, row := range rows {
		reasons[row.Line] = fmt.Sprintf("%s: %s", row.Code, row.Message)
	}
	return reasons
}

// WriteFailed writes the rows of a file that failed, with their reasons in the column
// [ErrorColumn], to be corrected and imported again. It writes CSV in the encoding of the file
// and with its separator; for XML and workbooks, UTF-8 with commas.
//
// A row whose cells can't be told apart is written as it is, and followed by its reason. The names
// of the columns precede the rows if header is set.
func WriteFailed(w io.Writer, content []byte, reasons map[int]string, header bool) error {
	decoded, err := decode(content)
	if err != nil {
		return err
	}
	t, err := readTable(decoded)
	if err != nil {
		return err
	}
	f := newFailedWriter(w, t, decoded.Text)
	if header {
		f.header()
	}
	for _, r := range t.rows {
		reason, failed := reasons[r.line]
		switch {
		case !failed:
		case r.problem != "" && t.dialect.Separator != "":
			f.source.skip(r.line - f.source.line)
			f.sourceLine(reason)
		default:
			f.row(r, reason)
		}
	}
	return f.Flush()
}

// failedWriter writes the lines of a file of failed rows.
type failedWriter struct {
	*bufio.Writer
	table              *table
	source             *csvReader
	encoding           dialect.Encoding
	separator, newline string
	// columns are the indexes of the columns without ErrorColumn.
	columns []int
	buf     []byte
}

func newFailedWriter(w io.Writer, t *table, text string) *failedWriter {
	f := &failedWriter{
		Writer: bufio.NewWriter(w), table: t, source: newCSVReader(dialect.File{Dialect: t.dialect, Text: text}),
		encoding: t.dialect.Encoding, separator: t.dialect.Separator, newline: t.dialect.Newline,
	}
	switch {
	case f.isConverted():
		f.encoding, f.separator, f.newline = dialect.UTF8, dialect.Separators[0], "\n"
	case strings.Contains(text, "\r\n"):
		f.newline = "\r\n"
	}
	for i, name := range t.columns {
		if !isErrorColumn(name) {
			f.columns = append(f.columns, i)
		}
	}
	return f
}

// isConverted reports whether the file was not CSV.
func (f *failedWriter) isConverted() bool {
	return f.table.dialect.Separator == "" || f.table.dialect.IsSheet()
}

// write writes a text in the encoding of the file. A failed write is reported by Flush.
func (f *failedWriter) write(text string) {
	f.buf = f.encoding.Append(f.buf[:0], text)
	_, _ = f.Write(f.buf)
}

func (f *failedWriter) header() {
	if f.table.dialect.BOM || f.isConverted() {
		f.write("\ufeff")
	}
	for _, i := range f.columns {
		f.write(dialect.Quote(f.table.columns[i], f.separator) + f.separator)
	}
	f.write(ErrorColumn + f.newline)
}

// row writes the cells of a row and the reason.
func (f *failedWriter) row(r row, reason string) {
	for _, i := range f.columns {
		if n := slices.IndexFunc(r.cells, func(c cell) bool { return c.column == i }); n >= 0 {
			f.write(dialect.Quote(r.cells[n].text, f.separator))
		}
		f.write(f.separator)
	}
	f.write(dialect.Quote(reason, f.separator) + f.newline)
}

// sourceLine writes the next line of the file, which is not a row, and the reason. The reason is
// in its column if the line has too few cells.
func (f *failedWriter) sourceLine(reason string) {
	line := f.source.trim(f.source.text[f.source.offset:f.source.lineEnd(f.source.offset)])
	f.write(line)
	cells := strings.Count(line, f.separator) + 1
	if split, problem := f.source.split(line); problem == "" {
		cells = len(split)
	}
	f.write(strings.Repeat(f.separator, max(len(f.columns)-cells, 0)+1))
	f.write(dialect.Quote(reason, f.separator) + f.newline)
}
