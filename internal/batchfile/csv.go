package batchfile

import (
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/internal/spreadsheet/dialect"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
)

// maxRecord is the maximum size of a row in bytes, which is that of a request.
const maxRecord = wire.MaxBody

// Problems of lines that are not rows.
const (
	problemQuote  = "A quote is misplaced or not closed: put quotes around the whole cell and double those inside"
	problemMore   = "The row has more cells than there are columns: put quotes around a cell with a separator in it"
	problemFewer  = "The row has fewer cells than there are columns: leave a cell empty, but keep its separator"
	problemLong   = "The row is longer than 1 MiB: split it"
	problemReturn = "The line has a carriage return outside quotes: end lines with a line feed, or with both"
	problemInside = "The line is inside a quoted cell that looks like several rows: close the quotes of each cell"
)

// csvReader splits a CSV file into records. A record is a line, or several lines if a
// quoted cell contains line ends.
type csvReader struct {
	text string
	// newline ends a line: a line feed, or a carriage return if the file has no line feed.
	newline, separator string
	// offset and line are the position of the next line.
	offset, line int
	// cells are those of the last record that was split.
	cells []string
}

// newCSVReader returns a reader of a file.
func newCSVReader(f dialect.File) *csvReader {
	return &csvReader{text: f.Text, newline: f.Newline, separator: f.Separator, line: 1}
}

// record is a record and the number of its lines.
type record struct {
	text  string
	lines int
	// closed reports whether all quotes are closed. If it is false, the record is a single
	// line.
	closed bool
}

// peek returns the next record without its line end. It ends at the first line end that an
// even number of quotes precedes.
//
// A reader that skips only the first line of a record still reads each line at most twice:
// the lines between the first and the last have an even number of quotes each, so none of
// them begins a record of several lines.
func (r *csvReader) peek() record {
	end, lines, quotes := r.offset, 0, 0
	for first := 0; end < len(r.text); {
		next := r.lineEnd(end)
		quotes += strings.Count(r.text[end:next], `"`)
		end, lines = next, lines+1
		if lines == 1 {
			first = end
		}
		if quotes%2 == 0 {
			break
		}
		if end == len(r.text) { // a quote is not closed
			return record{r.trim(r.text[r.offset:first]), 1, false}
		}
	}
	return record{r.trim(r.text[r.offset:end]), lines, true}
}

// lineEnd returns the offset of the line behind the one at from.
func (r *csvReader) lineEnd(from int) int {
	if i := strings.Index(r.text[from:], r.newline); i >= 0 {
		return from + i + len(r.newline)
	}
	return len(r.text)
}

// trim removes the line end.
func (r *csvReader) trim(line string) string {
	return strings.TrimRight(strings.TrimSuffix(line, r.newline), "\r")
}

// skip moves behind the next lines.
func (r *csvReader) skip(lines int) {
	for range lines {
		r.offset = r.lineEnd(r.offset)
		r.line++
	}
}

// split returns the cells of a record, or a problem. The next call overwrites the cells.
func (r *csvReader) split(text string) (cells []string, problem string) {
	r.cells = r.cells[:0]
	for {
		cell, rest, problem := r.cutCell(text)
		if problem != "" {
			return nil, problem
		}
		r.cells = append(r.cells, cell)
		if rest == "" {
			return r.cells, ""
		}
		var separated bool
		if text, separated = strings.CutPrefix(rest, r.separator); !separated {
			return nil, problemQuote
		}
	}
}

// cutCell returns the first cell of a record, and the rest of the record.
func (r *csvReader) cutCell(text string) (cell, rest, problem string) {
	if strings.HasPrefix(text, `"`) {
		cell, rest, closed := unquote(text)
		if !closed {
			return "", "", problemQuote
		}
		return cell, rest, ""
	}
	end := strings.Index(text, r.separator)
	if end < 0 {
		end = len(text)
	}
	switch cell = text[:end]; {
	case strings.Contains(cell, `"`):
		return "", "", problemQuote
	case strings.Contains(cell, "\r"):
		return "", "", problemReturn
	}
	return cell, text[end:], ""
}

// unquote returns the text of the quoted cell at the beginning of a record, and the rest of
// the record.
func unquote(text string) (cell, rest string, closed bool) {
	end := 1
	for {
		i := strings.IndexByte(text[end:], '"')
		if i < 0 {
			return "", "", false
		}
		if end += i + 1; !strings.HasPrefix(text[end:], `"`) {
			break
		}
		end++
	}
	cell = strings.ReplaceAll(text[1:end-1], `""`, `"`)
	return strings.ReplaceAll(cell, "\r\n", "\n"), text[end:], true
}

// readCSV parses CSV. Each line becomes part of a row, a row with a problem, or is blank.
func (t *table) readCSV(f dialect.File) error {
	r := newCSVReader(f)
	if err := t.readHeader(r); err != nil {
		return err
	}
	t.rows = make([]row, 0, min(maxRows, strings.Count(r.text[r.offset:], r.newline)+1))
	for r.offset < len(r.text) {
		rec := r.peek()
		rows, lines := t.parseRecord(r, rec)
		for _, parsed := range rows {
			if err := t.addRow(parsed); err != nil {
				return err
			}
		}
		r.skip(lines)
	}
	return nil
}

// readHeader reads the names of the columns. It skips blank lines before them.
func (t *table) readHeader(r *csvReader) error {
	for r.offset < len(r.text) {
		rec := r.peek()
		names, problem := r.split(rec.text)
		if !rec.closed || problem != "" {
			break
		}
		r.skip(rec.lines)
		if strings.TrimSpace(rec.text) == "" {
			t.blank++
			continue
		}
		for _, name := range names {
			if err := t.addColumn(name); err != nil {
				return err
			}
		}
		return nil
	}
	return store.UnusableFileError("The first line must name the columns, as in ActionId,Sku,Quantity,Reason")
}

// parseRecord returns the row of a record, and the number of lines that it read: one line
// if a quote is misplaced, so that reading goes on with the next line, else all lines.
func (t *table) parseRecord(r *csvReader, rec record) (rows []row, lines int) {
	cells, problem := r.split(rec.text)
	long := len(rec.text) > maxRecord
	switch {
	case !rec.closed, problem == problemQuote && !long:
		return []row{{line: r.line, lines: 1, problem: problemQuote}}, 1
	case long:
		return r.brokenLines(rec, problemLong), rec.lines
	case problem != "":
		return r.brokenLines(rec, problem), rec.lines
	case rec.lines > 1:
		wrong := len(cells) != len(t.columns)
		ends, inside := t.rowLike(r, rec)
		if wrong && ends { // two rows with a misplaced quote each, and perhaps rows between them
			return []row{{line: r.line, lines: 1, problem: problemQuote}}, 1
		}
		if wrong || ends || inside {
			return r.brokenLines(rec, problemInside), rec.lines
		}
	}
	return []row{t.newRow(r.line, rec.lines, cells)}, rec.lines
}

// brokenLines returns a row with a problem for each line of a record. Blank lines have no
// problem.
func (r *csvReader) brokenLines(rec record, problem string) []row {
	var rows []row
	for i, line := range strings.Split(rec.text, r.newline) {
		broken := row{line: r.line + i, lines: 1}
		if strings.TrimSpace(line) != "" {
			broken.problem = problem
		}
		rows = append(rows, broken)
	}
	return rows
}

// newRow returns the row with the cells, or with a problem if their number is wrong. A row
// may end with separators in excess, as spreadsheets write them. A row of a sheet ends with its
// last cell that isn't empty.
func (t *table) newRow(line, lines int, cells []string) row {
	parsed := row{line: line, lines: lines}
	filled := 0
	for _, text := range cells {
		if strings.TrimSpace(text) != "" {
			filled++
		}
	}
	parsed.cells = make([]cell, 0, min(filled, len(t.columns)))
	for i, text := range cells {
		if strings.TrimSpace(text) == "" {
			continue
		}
		if i >= len(t.columns) {
			return row{line: line, lines: lines, problem: problemMore}
		}
		parsed.cells = append(parsed.cells, cell{i, text})
	}
	if len(cells) < len(t.columns) && len(parsed.cells) > 0 && !t.dialect.IsSheet() {
		return row{line: line, lines: lines, problem: problemFewer}
	}
	return parsed
}

// rowLike reports whether the first and the last line of a record of several lines have as
// many cells as a row, and whether a line between them has. Then the quotes may belong to
// different rows. If the record is a row nevertheless, the lines inside are not carried
// out, because they may be a text that a customer wrote.
func (t *table) rowLike(r *csvReader, rec record) (ends, inside bool) {
	if len(t.columns) == 2 { // a single comma is frequent in texts
		return false, false
	}
	lines := strings.Split(rec.text, r.newline)
	complete := func(line string) bool { return strings.Count(line, r.separator)+1 == len(t.columns) }
	last := len(lines) - 1
	return complete(lines[0]) && complete(lines[last]), slices.ContainsFunc(lines[1:last], complete)
}
