package batchfile

import (
	"strings"
	"unicode/utf8"

	"github.com/trueup-ledger/trueup/internal/spreadsheet/dialect"
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
	dialect dialect.Dialect
	columns []string
	rows    []row
	// cells counts the cells of all rows.
	cells int
	// blank counts the rows without cells, which spreadsheets leave at the end.
	blank int
}

// row is a row without its empty cells.
type row struct {
	// line is the number of its first line, and lines the number of its lines. In XML, line
	// is the number of its element.
	line, lines int
	cells       []cell
	// problem is the reason why the row can't be read, or "".
	problem string
}

type cell struct {
	column int
	text   string
}

// addRow appends a row, or counts it if it is blank.
func (t *table) addRow(r row) error {
	if len(r.cells) == 0 && r.problem == "" {
		t.blank++
		return nil
	}
	if t.cells += len(r.cells); len(t.rows) == maxRows || t.cells > maxCells {
		return ErrTooManyRows
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
	case len(name) > maxColumnName || !utf8.ValidString(name) || strings.ContainsRune(name, 0):
		return store.UnusableFileError("The name of a column is longer than 64 bytes or not UTF-8: save the file as UTF-8, with the names of the parameters in its first line")
	}
	t.columns = append(t.columns, name)
	return nil
}

// decode returns a file in UTF-8. The error is a [store.UnusableFileError].
func decode(content []byte) (dialect.File, error) {
	f, err := dialect.Decode(content, MaxSize)
	if err != nil {
		return dialect.File{}, store.UnusableFileError(err.Error())
	}
	return f, nil
}

// Errors of files with too few or too many rows.
const (
	ErrNoRows      = store.UnusableFileError("The file has no rows: the first line names the columns, and each line below is a row")
	ErrTooManyRows = store.UnusableFileError("The file has more than 100,000 rows, or more than 2,000,000 cells: split it")
)

// readTable parses XML if the text begins with "<", and CSV otherwise.
func readTable(f dialect.File) (*table, error) {
	t := &table{dialect: f.Dialect}
	read := t.readCSV
	if !f.IsSheet() && strings.HasPrefix(strings.TrimSpace(f.Text), "<") {
		t.dialect.Separator = ""
		read = t.readXML
	}
	if err := read(f); err != nil {
		return nil, err
	}
	if len(t.rows) == 0 {
		return nil, ErrNoRows
	}
	return t, nil
}
