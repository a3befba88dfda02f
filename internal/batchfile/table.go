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
	MaxSize       = 32 << 20 // bytes
	MaxRows       = 100_000
	MaxColumns    = 2_000
	maxCells      = 2_000_000 // cells that are not empty; bounds the memory
	maxColumnName = 64        // bytes
)

// table holds the column names and the rows of a file.
type table struct {
	columns []string
	rows    []row
	cells   int
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

// add appends a row. It skips empty rows, which spreadsheets leave at the end.
func (t *table) add(r row) error {
	if len(r.cells) == 0 && r.problem == "" {
		return nil
	}
	if t.cells += len(r.cells); len(t.rows) == MaxRows || t.cells > maxCells {
		return store.UnusableFile("The file has more than 100,000 rows, or more than 2,000,000 cells: split it")
	}
	t.rows = append(t.rows, r)
	return nil
}

// column validates and appends the name of a column.
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

// readTable parses CSV, or XML if the content begins with "<".
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
		return nil, store.UnusableFile("The file has no rows: the first line names the columns, and each line below is a row")
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
		return row{line: parse.StartLine, problem: "A quote is misplaced or not closed: put quotes around the whole cell and double those inside"}
	}
	line, _ := r.FieldPos(0)
	found := row{line: line}
	for i, text := range cells {
		if strings.TrimSpace(text) == "" {
			continue
		}
		if i >= len(t.columns) {
			return row{line: line, problem: "The row has more cells than there are columns: put quotes around a cell with a comma in it"}
		}
		found.cells = append(found.cells, cell{i, text})
	}
	return found
}

// readXML parses the elements below the root as rows and their child elements as cells,
// named after the columns. The line of a row is its position, since XML may be a single
// line.
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
		if err := x.next(token); err != nil {
			return err
		}
	}
}

// xmlRows builds rows from XML tokens.
type xmlRows struct {
	*table
	// of maps a column name to its index.
	of    map[string]int
	depth int
	count int
	row   row
	text  strings.Builder
	name  string
}

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

// cell appends the current cell to the row.
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
