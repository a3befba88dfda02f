// Package dialect reads the files that people save from spreadsheets and databases: text in
// several encodings, compressed or not, and Excel workbooks.
package dialect

import (
	"bytes"
	"fmt"
	"strings"
)

// Dialect describes how a file is written.
type Dialect struct {
	// Container is "gzip" or "zip" for a compressed file, or empty.
	Container string
	// Sheet is the name of the sheet of an Excel workbook, and Sheets the number of sheets, or
	// 0 for other files.
	Sheet  string
	Sheets int
	// Encoding is that of the text. A sheet has none.
	Encoding Encoding
	// BOM reports whether the text begins with a byte order mark.
	BOM bool
	// Separator separates the cells of CSV. Newline ends its lines.
	Separator, Newline string
}

// Separators are the texts that separate cells of CSV. If two are equally frequent in the
// first line, the first one in the list is that of the file.
var Separators = []string{",", ";", "\t", "|"}

// separatorNames are the names of Separators.
var separatorNames = map[string]string{",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}

// IsSheet reports whether the file is a sheet of a workbook.
func (d Dialect) IsSheet() bool { return d.Sheets > 0 }

// String describes the dialect in words, as in "semicolons, Windows-1252".
func (d Dialect) String() string {
	var words []string
	if d.Container != "" {
		words = append(words, d.Container)
	}
	if d.IsSheet() {
		sheet := fmt.Sprintf("Excel sheet %q", d.Sheet)
		if d.Sheets > 1 {
			sheet += fmt.Sprintf(", the first of %d", d.Sheets)
		}
		return strings.Join(append(words, sheet), ", ")
	}
	if name := separatorNames[d.Separator]; name != "" {
		words = append(words, name)
	}
	encoding := d.Encoding.String()
	if d.BOM {
		encoding += " with byte order mark"
	}
	return strings.Join(append(words, encoding), ", ")
}

// File is a file in UTF-8.
type File struct {
	Dialect
	// Text is the file without its byte order mark. A byte that its encoding doesn't have is
	// invalid UTF-8. A sheet is CSV with commas, whose lines have the numbers of its rows.
	Text string
}

// Error is the reason why a file can't be read, as a sentence for its sender without a final
// period.
type Error string

func (e Error) Error() string { return string(e) }

// Decode detects how a file is written. The decoded text has at most limit bytes. The
// error is an [Error].
func Decode(content []byte, limit int) (File, error) {
	content, container, err := unpack(content, limit)
	if err != nil {
		return File{}, err
	}
	var f File
	switch {
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		f, err = readWorkbook(content, limit)
	case bytes.HasPrefix(content, []byte("\xd0\xcf\x11\xe0")):
		err = Error("The file is a workbook of Excel 97 to 2003: save it as .xlsx or CSV")
	default:
		f, err = decodeText(content, limit)
	}
	if err != nil {
		return File{}, err
	}
	f.Container = container
	if f.Separator, f.Newline = detectLines(f.Text); f.IsSheet() {
		f.Separator = Separators[0]
	}
	return f, nil
}

// decodeText returns a text in UTF-8.
func decodeText(content []byte, limit int) (f File, err error) {
	f.Encoding, f.BOM = detectEncoding(content)
	f.Text = f.Encoding.decode(content)
	if f.BOM {
		f.Text = strings.TrimPrefix(f.Text, "\ufeff")
	}
	if len(f.Text) > limit {
		return File{}, tooLarge(limit)
	}
	return f, nil
}

// detectLines returns the separator of CSV, which is the most frequent one in the first line
// that isn't blank, and its line end: a carriage return only if the file has no line feed.
func detectLines(text string) (separator, newline string) {
	newline = "\n"
	if !strings.Contains(text, "\n") {
		newline = "\r"
	}
	header, _, _ := strings.Cut(strings.TrimSpace(text), newline)
	separator = Separators[0]
	for _, s := range Separators[1:] {
		if strings.Count(header, s) > strings.Count(header, separator) {
			separator = s
		}
	}
	return separator, newline
}

func tooLarge(limit int) error {
	return Error(fmt.Sprintf("The file has more than %d MiB of text: split it", limit>>20))
}

// Quote returns a cell of CSV, in quotation marks if it needs them.
func Quote(text, separator string) string {
	if !strings.ContainsAny(text, "\"\r\n") && !strings.Contains(text, separator) {
		return text
	}
	return `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
}
