package batchfile

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/trueup-ledger/trueup/internal/spreadsheet/dialect"
	"github.com/trueup-ledger/trueup/internal/store"
)

// xmlInstance is the namespace of attributes such as xsi:type, which are no cells.
const xmlInstance = "http://www.w3.org/2001/XMLSchema-instance"

// Problems of elements that are not rows.
const (
	problemText  = "The row contains text outside its cells: use an element or an attribute for each column"
	problemValue = "An element has attributes but no text: put the value between its tags"
)

// readXML parses the elements below the root as rows. Their attributes and child elements
// are cells, named after the columns. The line of a row is its position, since XML may be
// a single line.
func (t *table) readXML(f dialect.File) error {
	d := xml.NewDecoder(strings.NewReader(f.Text))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // the text is decoded
	x := xmlRows{table: t, index: make(map[string]int)}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && x.depth == 0 {
			return nil
		}
		if err != nil {
			return store.UnusableFileError("The file is not well-formed XML")
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
	// name and text are those of the current cell, and hasAttributes reports whether its
	// element has attributes.
	name          string
	text          strings.Builder
	hasAttributes bool
}

// next processes a token.
func (x *xmlRows) next(token xml.Token) error {
	switch token := token.(type) {
	case xml.StartElement:
		return x.start(token)
	case xml.CharData:
		return x.addText(token)
	case xml.EndElement:
		x.depth--
		switch x.depth {
		case 1:
			return x.addRow(x.row)
		case 2:
			return x.endCell()
		}
	}
	return nil
}

// start processes the start of an element.
func (x *xmlRows) start(element xml.StartElement) error {
	x.depth++
	attributes := cellAttributes(element)
	switch x.depth {
	case 2:
		x.count++
		x.row = row{line: x.count, lines: 1}
		for _, a := range attributes {
			if err := x.addCell(a.Name.Local, a.Value); err != nil {
				return err
			}
		}
	case 3:
		x.name, x.hasAttributes = element.Name.Local, len(attributes) > 0
		x.text.Reset()
	case 4:
		return store.UnusableFileError("The XML is nested too deeply: use one root, an element for each row, and in it one for each column")
	}
	return nil
}

// cellAttributes returns the attributes of an element without those of XML itself.
func cellAttributes(element xml.StartElement) []xml.Attr {
	var attributes []xml.Attr
	for _, a := range element.Attr {
		if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" && a.Name.Space != xmlInstance && a.Name.Space != "xml" {
			attributes = append(attributes, a)
		}
	}
	return attributes
}

// addText adds text to the current cell. Other text, which could be a row in another
// format, must not be dropped.
func (x *xmlRows) addText(text xml.CharData) error {
	switch {
	case x.depth == 3:
		x.text.Write(text)
	case len(bytes.TrimSpace(text)) == 0:
	case x.depth == 2:
		x.row.problem = problemText
	default:
		return store.UnusableFileError("The XML contains text outside its rows: use one root, an element for each row, and in it one for each column")
	}
	return nil
}

// endCell appends the current cell to the row.
func (x *xmlRows) endCell() error {
	text := x.text.String()
	if x.hasAttributes && strings.TrimSpace(text) == "" {
		x.row.problem = problemValue
	}
	return x.addCell(x.name, text)
}

// addCell appends a cell to the row.
func (x *xmlRows) addCell(name, text string) error {
	i, known := x.index[name]
	if !known {
		i = len(x.columns)
		if err := x.addColumn(name); err != nil {
			return err
		}
		x.index[name] = i
	}
	if strings.TrimSpace(text) != "" {
		if len(x.row.cells) == maxColumns {
			return store.UnusableFileError("A row has more than 2,000 cells: use one element for each column")
		}
		x.row.cells = append(x.row.cells, cell{i, text})
	}
	return nil
}
