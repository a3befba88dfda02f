package batchfile

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/trueup-ledger/trueup/internal/store"
)

// MaxSize is the maximum size of a file in bytes.
const MaxSize = 32 << 20

// Other limits of a file.
const (
	maxRows       = 100_000
	maxColumns    = 2_000
	maxCells      = 2_000_000 // cells that are not empty; bounds the memory
	maxColumnName = 64        // bytes
)

// table holds the column names and the rows of a file.
type table struct {
	columns []string
	rows    []row
	// cells counts the cells of all rows.
	cells int
}

// row is a row without its empty cells.
type row struct {
	line  int
	cells []cell
	// problem is the reason why the row can't be read, or "".
	problem string
}

type cell struct {
	column int
	text   string
}

// addRow appends a row. It skips empty rows, which spreadsheets leave at the end.
func (t *table) addRow(r row) error {
	if len(r.cells) == 0 && r.problem == "" {
		return nil
	}
	if t.cells += len(r.cells); len(t.rows) == maxRows || t.cells > maxCells {
		return store.UnusableFileError("The file has more than 100,000 rows, or more than 2,000,000 cells: split it")
	}
	t.rows = append(t.rows, r)
	return nil
}

// addColumn validates and appends the name of a column.
func (t *table) addColumn(name string) error {
	name = strings.TrimSpace(name)
	switch {
	case len(t.columns) == maxColumns:
		return store.UnusableFileError("The file has more than 2,000 columns: split it")
	case len(name) > maxColumnName || !utf8.ValidString(name):
		return store.UnusableFileError("The name of a column is longer than 64 bytes or not UTF-8: save the file as UTF-8, with the names of the parameters in its first line")
	}
	t.columns = append(t.columns, name)
	return nil
}

// readTable parses XML if the content begins with "<", and CSV otherwise.
func readTable(content []byte) (*table, error) {
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	if bytes.HasPrefix(content, []byte("\xff\xfe")) || bytes.HasPrefix(content, []byte("\xfe\xff")) {
		return nil, store.UnusableFileError("The file is UTF-16: save it as UTF-8")
	}
	t := &table{}
	read := t.readCSV
	if bytes.HasPrefix(bytes.TrimSpace(content), []byte("<")) {
		read = t.readXML
	}
	if err := read(content); err != nil {
		return nil, err
	}
	if len(t.rows) == 0 {
		return nil, store.UnusableFileError("The file has no rows: the first line names the columns, and each line below is a row")
	}
	return t, nil
}

// readCSV parses CSV. The separator is a semicolon if the header has more of them than
// commas. A line that can't be parsed becomes a row with a problem.
func (t *table) readCSV(content []byte) error {
	r := csv.NewReader(bytes.NewReader(content))
	r.FieldsPerRecord, r.ReuseRecord = -1, true
	header, _, _ := bytes.Cut(content, []byte("\n"))
	if bytes.Count(header, []byte(";")) > bytes.Count(header, []byte(",")) {
		r.Comma = ';'
	}
	names, err := r.Read()
	if err != nil {
		return store.UnusableFileError("The first line must name the columns, as in ActionId,Sku,Quantity,Reason")
	}
	for _, name := range names {
		if err := t.addColumn(name); err != nil {
			return err
		}
	}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err := t.addRow(t.csvRow(r, cells, err)); err != nil {
			return err
		}
	}
}

// csvRow returns the row that r has read into cells, or could not parse because of err.
func (t *table) csvRow(r *csv.Reader, cells []string, err error) row {
	if parseErr := (*csv.ParseError)(nil); errors.As(err, &parseErr) {
		return row{line: parseErr.StartLine, problem: "A quote is misplaced or not closed: put quotes around the whole cell and double those inside"}
	}
	line, _ := r.FieldPos(0)
	parsed := row{line: line}
	for i, text := range cells {
		if strings.TrimSpace(text) == "" {
			continue
		}
		if i >= len(t.columns) {
			return row{line: line, problem: "The row has more cells than there are columns: put quotes around a cell with a comma in it"}
		}
		parsed.cells = append(parsed.cells, cell{i, text})
	}
	return parsed
}

// readXML parses the elements below the root as rows and their child elements as cells,
// named after the columns. The line of a row is its position, since XML may be a single
// line.
func (t *table) readXML(content []byte) error {
	d := xml.NewDecoder(bytes.NewReader(content))
	x := xmlRows{table: t, index: make(map[string]int)}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && x.depth == 0 {
			return nil
		}
		if err != nil {
			return store.UnusableFileError("The file is not well-formed XML in UTF-8")
		}
		if err := x.next(token); err != nil {
			return err
		}
	}
}

// xmlRows builds rows from XML tokens.
type xmlRows struct {
	*table
	// index maps column names to indexes of columns.
	index map[string]int
	// depth is the number of open elements.
	depth int
	// count is the number of rows so far.
	count int
	row   row
	// name and text are those of the current cell.
	name string
	text strings.Builder
}

// next processes a token.
func (x *xmlRows) next(token xml.Token) error {
	switch token := token.(type) {
	case xml.StartElement:
		x.depth++
		x.text.Reset()
		switch x.depth {
		case 2:
			x.count++
			x.row = row{line: x.count}
		case 3:
			x.name = token.Name.Local
		case 4:
			return store.UnusableFileError("The XML is nested too deeply: use one root, an element for each row, and in it one for each column")
		}
	case xml.CharData:
		if x.depth == 3 {
			x.text.Write(token)
		}
	case xml.EndElement:
		x.depth--
		switch x.depth {
		case 1:
			return x.addRow(x.row)
		case 2:
			return x.addCell()
		}
	}
	return nil
}

// addCell appends the current cell to the row.
func (x *xmlRows) addCell() error {
	i, known := x.index[x.name]
	if !known {
		i = len(x.columns)
		if err := x.addColumn(x.name); err != nil {
			return err
		}
		x.index[x.name] = i
	}
	if text := x.text.String(); strings.TrimSpace(text) != "" {
		if len(x.row.cells) == maxColumns {
			return store.UnusableFileError("A row has more than 2,000 cells: use one element for each column")
		}
		x.row.cells = append(x.row.cells, cell{i, text})
	}
	return nil
}
