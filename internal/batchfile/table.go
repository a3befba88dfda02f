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

// Limits of one file.
const (
	// MaxSize is in bytes.
	MaxSize = 32 << 20
	// MaxRows is how many rows a file may have, MaxColumns how many columns.
	MaxRows    = 100_000
	MaxColumns = 2_000
	// maxCells bounds the cells that are not empty, and so the memory.
	maxCells = 2_000_000
	// maxColumnName is in bytes.
	maxColumnName = 64
)

// table is a file's rows under the names of its columns.
type table struct {
	columns []string
	rows    []row
	cells   int
}

// row is a row with the cells that are not empty.
type row struct {
	line  int
	cells []cell
	// fault is why the row cannot be read, or "".
	fault string
}

type cell struct {
	column int
	text   string
}

// add adds a row, unless it is empty as those at the end of a spreadsheet are.
func (t *table) add(r row) error {
	if len(r.cells) == 0 && r.fault == "" {
		return nil
	}
	if t.cells += len(r.cells); len(t.rows) == MaxRows || t.cells > maxCells {
		return store.UnusableFile("The file has more than 100,000 rows, or more than 2,000,000 cells: split it")
	}
	t.rows = append(t.rows, r)
	return nil
}

// column checks and adds the name of a column.
func (t *table) column(name string) error {
	name = strings.TrimSpace(name)
	switch {
	case len(t.columns) == MaxColumns:
		return store.UnusableFile("The file has more than 2,000 columns: split it")
	case len(name) > maxColumnName || !utf8.ValidString(name):
		return store.UnusableFile("The name of a column is longer than 64 bytes or not UTF-8: save the file as UTF-8, with the names of the parameters in its first line")
	}
	t.columns = append(t.columns, name)
	return nil
}

// readTable reads CSV, or XML if that is what the file begins with.
func readTable(content []byte) (*table, error) {
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	if bytes.HasPrefix(content, []byte("\xff\xfe")) || bytes.HasPrefix(content, []byte("\xfe\xff")) {
		return nil, store.UnusableFile("The file is UTF-16: save it as UTF-8")
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
		return nil, store.UnusableFile("The file has no rows: the first line names the columns, those below it are the rows")
	}
	return t, nil
}

// readCSV reads lines between commas, or semicolons where the header has more of
// them. A line that cannot be read is a fault of its row.
func (t *table) readCSV(content []byte) error {
	r := csv.NewReader(bytes.NewReader(content))
	r.FieldsPerRecord, r.ReuseRecord = -1, true
	header, _, _ := bytes.Cut(content, []byte("\n"))
	if bytes.Count(header, []byte(";")) > bytes.Count(header, []byte(",")) {
		r.Comma = ';'
	}
	names, err := r.Read()
	if err != nil {
		return store.UnusableFile("The first line must name the columns, as in ActionId,Sku,Quantity,Reason")
	}
	for _, name := range names {
		if err := t.column(name); err != nil {
			return err
		}
	}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err := t.add(t.csvRow(r, cells, err)); err != nil {
			return err
		}
	}
}

func (t *table) csvRow(r *csv.Reader, cells []string, err error) row {
	if parse := (*csv.ParseError)(nil); errors.As(err, &parse) {
		return row{line: parse.StartLine, fault: "A quote stands where none may, or is not closed: put quotes around the whole cell and double those inside"}
	}
	line, _ := r.FieldPos(0)
	found := row{line: line}
	for i, text := range cells {
		if strings.TrimSpace(text) == "" {
			continue
		}
		if i >= len(t.columns) {
			return row{line: line, fault: "The row has more cells than there are columns: put quotes around a cell with a comma in it"}
		}
		found.cells = append(found.cells, cell{i, text})
	}
	return found
}

// readXML reads the elements below the root as rows, and what is in them as cells
// named as the columns. Lines are counted in rows: XML may all be in one line.
func (t *table) readXML(content []byte) error {
	d := xml.NewDecoder(bytes.NewReader(content))
	x := xmlRows{table: t, of: make(map[string]int)}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && x.depth == 0 {
			return nil
		}
		if err != nil {
			return store.UnusableFile("The file is not well-formed XML in UTF-8")
		}
		if err := x.take(token); err != nil {
			return err
		}
	}
}

// xmlRows are rows on their way from tokens.
type xmlRows struct {
	*table
	// of finds a column by its name.
	of    map[string]int
	depth int
	count int
	row   row
	text  strings.Builder
	name  string
}

func (x *xmlRows) take(token xml.Token) error {
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
			return store.UnusableFile("The XML is nested too deep: one root, an element for each row, and in it one for each column")
		}
	case xml.CharData:
		if x.depth == 3 {
			x.text.Write(token)
		}
	case xml.EndElement:
		x.depth--
		switch x.depth {
		case 1:
			return x.add(x.row)
		case 2:
			return x.cell()
		}
	}
	return nil
}

// cell ends a cell.
func (x *xmlRows) cell() error {
	i, known := x.of[x.name]
	if !known {
		i = len(x.columns)
		if err := x.column(x.name); err != nil {
			return err
		}
		x.of[x.name] = i
	}
	if text := x.text.String(); strings.TrimSpace(text) != "" {
		if len(x.row.cells) == MaxColumns {
			return store.UnusableFile("A row has more than 2,000 cells: one element for each column")
		}
		x.row.cells = append(x.row.cells, cell{i, text})
	}
	return nil
}
