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
	t := &textWriter{w: w, zone: zone}
	switch x.Format {
	case query.CSV:
		for i, c := range x.columns {
			if i > 0 {
				t.buf = append(t.buf, ',')
			}
			t.buf = append(t.buf, c.Name...)
		}
		t.buf = append(t.buf, '\n')
		t.appendRow = appendCSV
	case query.JSONLines:
		for _, c := range x.columns {
			t.keys = append(t.keys, `"`+c.Name+`":`)
		}
		t.appendRow = appendJSONLine
	case query.Parquet:
		return newParquetWriter(w, x.columns), nil
	default:
		return nil, fmt.Errorf("unknown format of an export: %q", x.Format)
	}
	return t, nil
}

// pieceSize is the number of bytes after which a piece is written.
const pieceSize = 64 << 10

// textWriter writes lines of text.
type textWriter struct {
	w    io.Writer
	zone *time.Location
	buf  []byte
	// keys are the keys of JSON objects, with the colon.
	keys      []string
	appendRow func(t *textWriter, row []encode.Field)
}

func (t *textWriter) write(row []encode.Field) error {
	t.appendRow(t, row)
	if len(t.buf) < pieceSize {
		return nil
	}
	return t.close()
}

// close writes the buffer.
func (t *textWriter) close() error {
	_, err := t.w.Write(t.buf)
	t.buf = t.buf[:0]
	return err
}

// appendJSONLine appends a JSON object in a line. Amounts are texts, because many readers
// round JSON numbers.
func appendJSONLine(t *textWriter, row []encode.Field) {
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
}

// appendCSV appends a line of RFC 4180.
func appendCSV(t *textWriter, row []encode.Field) {
	for i := range row {
		if i > 0 {
			t.buf = append(t.buf, ',')
		}
		if row[i].Kind == encode.TextField {
			t.buf = spreadsheet.AppendCell(t.buf, row[i].Text)
		} else {
			t.buf = row[i].AppendText(t.buf, t.zone)
		}
	}
	t.buf = append(t.buf, '\n')
}
