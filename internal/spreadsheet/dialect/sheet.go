package dialect

import (
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of a sheet.
const (
	maxSheetRows    = 1_048_576 // as in Excel
	maxSheetColumns = 16_384
)

// cellValue holds the parts of a cell.
type cellValue struct {
	Type    string  `xml:"t,attr"`
	Style   int     `xml:"s,attr"`
	Ref     string  `xml:"r,attr"`
	Value   string  `xml:"v"`
	Formula *string `xml:"f"`
}

// sheetReader writes the rows of a sheet as CSV.
type sheetReader struct {
	*workbook
	text strings.Builder
	// row is the number of the line that is being written. column is the number of columns that
	// are written, and next the index of a cell without a reference, behind empty cells too.
	row, column, next int
}

// readSheet returns a sheet as CSV. Row n is on line n, so a line end in a cell becomes a
// blank.
func (w *workbook) readSheet(part string) (string, error) {
	s := sheetReader{workbook: w}
	err := w.part(part, func(d *xml.Decoder, element xml.StartElement) error {
		switch element.Name.Local {
		case "row":
			return s.startRow(attribute(element, "r"))
		case "c":
			return s.readCell(d, element)
		}
		return nil
	})
	s.text.WriteByte('\n')
	return s.text.String(), err
}

// startRow ends the line before the row with a number.
func (s *sheetReader) startRow(number string) error {
	next := s.row + 1
	if number != "" {
		n, err := strconv.Atoi(number)
		if err != nil || n < next || n > maxSheetRows {
			return errDamaged
		}
		next = n
	}
	for s.row = max(s.row, 1); s.row < next; s.row++ {
		s.text.WriteByte('\n')
	}
	s.column, s.next = 0, 0
	return s.checkSize()
}

func (s *sheetReader) checkSize() error {
	if s.text.Len() > s.limit {
		return tooLarge(s.limit)
	}
	return nil
}

// readCell reads a cell and writes it.
func (s *sheetReader) readCell(d *xml.Decoder, element xml.StartElement) error {
	var (
		c    = cellValue{Type: attribute(element, "t"), Ref: attribute(element, "r")}
		text string
		err  error
	)
	c.Style, _ = strconv.Atoi(attribute(element, "s"))
	if c.Type == "inlineStr" {
		text, err = readText(d)
	} else if err = d.DecodeElement(&c, &element); err == nil && (c.Formula == nil || c.Value != "") {
		text, err = s.cellText(c)
	}
	if err != nil {
		return err
	}
	column := s.next
	if c.Ref != "" {
		column = columnOf(c.Ref)
	}
	if s.row == 0 || column < s.column || column >= maxSheetColumns {
		return errDamaged
	}
	s.next = column + 1
	if c.Formula != nil && c.Value == "" && c.Type != "str" { // written by a program that doesn't calculate
		return Error(fmt.Sprintf("Cell %s%d has a formula without a result: open the workbook in Excel and save it", columnName(column), s.row))
	}
	if text == "" { // many cells have a style only
		return nil
	}
	s.writeCell(column, text)
	return s.checkSize()
}

// writeCell writes the text of a cell in a column, after empty ones before it.
func (s *sheetReader) writeCell(column int, text string) {
	if s.column == 0 && column > 0 {
		s.column = 1 // the first cell has no separator before it
	}
	for ; s.column <= column && column > 0; s.column++ {
		s.text.WriteByte(',')
	}
	s.column = column + 1
	s.text.WriteString(Quote(strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ").Replace(text), ","))
}

// columnOf returns the index of the column in the name of a cell, such as 27 for AB12, or -1.
func columnOf(ref string) int {
	n := 0
	for i := range len(ref) {
		if ref[i] < 'A' || ref[i] > 'Z' || n > maxSheetColumns {
			break
		}
		n = n*26 + int(ref[i]-'A') + 1
	}
	return n - 1
}

// columnName returns the name of the column with an index.
func columnName(column int) (name string) {
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}

// cellText returns the value of a cell as the protocol has it.
func (s *sheetReader) cellText(c cellValue) (string, error) {
	switch c.Type {
	case "s":
		i, err := strconv.Atoi(c.Value)
		if err != nil || i < 0 || i >= len(s.strings) {
			return "", errDamaged
		}
		return s.strings[i], nil
	case "b":
		return strconv.FormatBool(c.Value == "1"), nil
	case "", "n":
		return s.number(c), nil
	}
	return c.Value, nil // the result of a formula, an error or a date in ISO 8601
}

// number returns a number or a time. It returns another text as it is.
func (s *sheetReader) number(c cellValue) string {
	number, err := strconv.ParseFloat(c.Value, 64)
	switch {
	case err != nil || math.IsInf(number, 0) || math.IsNaN(number):
		return c.Value
	case c.Style >= 0 && c.Style < len(s.times) && s.times[c.Style]:
		return s.time(number)
	}
	return formatNumber(number)
}

// formatNumber returns a number with the 15 digits that Excel shows. A cell with 19.99 can hold
// 19.989999999999998.
func formatNumber(number float64) string {
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(number, 'g', 15, 64), 64)
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

// time returns the date or the local time that a number of days stands for.
func (s *sheetReader) time(days float64) string {
	epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if s.date1904 {
		epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	const day = 24 * 60 * 60
	if days < 0 || days > 1e6 {
		return formatNumber(days)
	}
	seconds := int64(math.Round(days * day))
	at := epoch.AddDate(0, 0, int(seconds/day)).Add(time.Duration(seconds%day) * time.Second)
	if seconds%day == 0 {
		return at.Format("2006-01-02")
	}
	return at.Format("2006-01-02T15:04:05")
}

// readStyles reads which styles of cells are times.
func (w *workbook) readStyles() error {
	custom, cells := make(map[int]bool), false
	return w.part("xl/styles.xml", func(_ *xml.Decoder, element xml.StartElement) error {
		id, _ := strconv.Atoi(attribute(element, "numFmtId"))
		switch element.Name.Local {
		case "numFmt":
			if len(custom) == maxFormats {
				return errDamaged
			}
			custom[id] = isTimeFormat(attribute(element, "formatCode"))
		case "cellXfs":
			cells = true
		case "cellStyles":
			cells = false
		case "xf":
			if !cells {
				break
			}
			if len(w.times) == maxSheetRows {
				return errDamaged
			}
			times, known := custom[id]
			w.times = append(w.times, known && times || !known && isBuiltInTime(id))
		}
		return nil
	})
}

// isBuiltInTime reports whether a format that every workbook has is one of dates or times.
func isBuiltInTime(id int) bool {
	return id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 || id >= 50 && id <= 58
}

// isTimeFormat reports whether a format has a part of a date or time outside of quotation marks
// and brackets.
func isTimeFormat(code string) bool {
	var quoted, bracket bool
	for code = strings.ToLower(code); code != ""; {
		r, size := utf8.DecodeRuneInString(code)
		code = code[size:]
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '\\' || r == '_' || r == '*':
			_, size := utf8.DecodeRuneInString(code)
			code = code[size:]
		case r == '[':
			bracket = !strings.HasPrefix(code, "h") && !strings.HasPrefix(code, "m") && !strings.HasPrefix(code, "s")
		case r == ']':
			bracket = false
		case !bracket && strings.ContainsRune("ymdhs", r):
			return true
		}
	}
	return false
}
