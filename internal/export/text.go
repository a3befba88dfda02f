package export

import (
	"fmt"
	"io"
	"time"

	"github.com/trueup-ledger/trueup/internal/spreadsheet"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/query"
)

// MediaTypes are the media types of the formats.
var MediaTypes = map[query.ExportFormat]string{
	query.CSV: "text/csv", query.JSONLines: "application/x-ndjson", query.Parquet: "application/vnd.apache.parquet",
}

// rowWriter writes rows in a format.
type rowWriter interface {
	// write writes a row. It has a field for each column.
	write(row []encode.Field) error
	// close writes the rest.
	close() error
}

// writer returns a writer of the export's format. Times of texts are in the given zone.
func (x Export) writer(w io.Writer, zone *time.Location) (rowWriter, error) {
	switch x.Format {
	case query.CSV:
		names := make([]string, len(x.columns))
		for i, c := range x.columns {
			names[i] = c.Name
		}
		return csvWriter{spreadsheet.NewWriter(w, names), zone}, nil
	case query.JSONLines:
		lines := &lineWriter{w: w, zone: zone}
		for _, c := range x.columns {
			lines.keys = append(lines.keys, `"`+c.Name+`":`)
		}
		return lines, nil
	case query.Parquet:
		return newParquetWriter(w, x.columns), nil
	}
	return nil, fmt.Errorf("unknown format of an export: %q", x.Format)
}

// csvWriter writes rows as CSV.
type csvWriter struct {
	file *spreadsheet.Writer
	zone *time.Location
}

func (c csvWriter) write(row []encode.Field) error {
	for i := range row {
		if f := &row[i]; f.Kind == encode.TextField {
			c.file.Text(f.Text)
		} else {
			c.file.Put(f.AppendText(c.file.Cell(), c.zone))
		}
	}
	return c.file.EndLine()
}

func (c csvWriter) close() error { return c.file.Flush() }

// pieceSize is the number of bytes after which a piece is written.
const pieceSize = 64 << 10

// lineWriter writes rows as lines of JSON.
type lineWriter struct {
	w    io.Writer
	zone *time.Location
	buf  []byte
	// keys are the keys of JSON objects, with the colon.
	keys []string
}

// write writes a JSON object in a line. Amounts are texts, because many readers round JSON
// numbers.
func (t *lineWriter) write(row []encode.Field) error {
	for i := range row {
		separator := byte(',')
		if i == 0 {
			separator = '{'
		}
		t.buf = append(append(t.buf, separator), t.keys[i]...)
		switch f := &row[i]; {
		case f.Absent:
			t.buf = append(t.buf, "null"...)
		case f.Kind == encode.TextField:
			t.buf = append(encode.AppendJSON(append(t.buf, '"'), f.Text), '"')
		case f.Kind == encode.AmountField || f.Kind == encode.TimeField:
			t.buf = append(f.AppendText(append(t.buf, '"'), t.zone), '"')
		default:
			t.buf = f.AppendText(t.buf, t.zone)
		}
	}
	t.buf = append(t.buf, "}\n"...)
	if len(t.buf) < pieceSize {
		return nil
	}
	return t.close()
}

// close writes the buffer.
func (t *lineWriter) close() error {
	_, err := t.w.Write(t.buf)
	t.buf = t.buf[:0]
	return err
}
