package dialect

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
)

// workbookPath is the path of the part that lists the sheets of a workbook.
const workbookPath = "xl/workbook.xml"

// Bounds of the XML of a part of a workbook. The decoder holds an element with its attributes,
// and the names of all open elements.
const (
	expansion  = 4       // bounds a part, as a multiple of its text
	maxElement = 1 << 20 // of a cell or a shared text, or of a token elsewhere, in bytes
	maxDepth   = 64
	maxFormats = 65_536
)

// isWorkbook reports whether an archive is an Excel workbook.
func isWorkbook(archive *zip.Reader) bool {
	return slices.ContainsFunc(archive.File, func(f *zip.File) bool { return f.Name == workbookPath })
}

// workbook is a workbook whose sheet is being read.
type workbook struct {
	archive *zip.Reader
	// limit is the maximum size of the text of a part.
	limit int
	// strings are the texts that cells share.
	strings []string
	// times reports for each style whether its numbers are times. Those count days since
	// 1900 or, if date1904 is set, since 1904.
	times    []bool
	date1904 bool
}

// readWorkbook returns the first sheet of a workbook as CSV.
func readWorkbook(content []byte, limit int) (File, error) {
	archive, err := openArchive(content)
	if err != nil {
		return File{}, err
	}
	w := workbook{archive: archive, limit: limit}
	name, sheets, sheet, err := w.firstSheet()
	if err != nil {
		return File{}, err
	}
	if err := errors.Join(w.readStrings(), w.readStyles()); err != nil {
		return File{}, firstError(err)
	}
	text, err := w.readSheet(sheet)
	if err != nil {
		return File{}, firstError(err)
	}
	return File{Dialect{Sheet: name, Sheets: sheets}, text}, nil
}

// firstError returns the Error in err, or errDamaged.
func firstError(err error) error {
	if e := Error(""); errors.As(err, &e) {
		return e
	}
	return errDamaged
}

// part calls f with each start of an element in a part. A part that is missing has none. f can
// read the element's content.
func (w *workbook) part(name string, f func(*xml.Decoder, xml.StartElement) error) error {
	i := slices.IndexFunc(w.archive.File, func(f *zip.File) bool { return f.Name == name })
	if i < 0 {
		return nil
	}
	r, err := w.archive.File[i].Open()
	if err != nil {
		return errDamaged
	}
	defer r.Close()
	bounded := &io.LimitedReader{R: r, N: int64(expansion*w.limit) + 1}
	element := &io.LimitedReader{R: bounded}
	for d := xml.NewTokenDecoder(&tokenReader{raw: xml.NewDecoder(element)}); ; {
		element.N = maxElement
		token, err := d.Token()
		if errors.Is(err, io.EOF) && bounded.N > 0 && element.N > 0 {
			return nil
		}
		if start, is := token.(xml.StartElement); err == nil && is {
			err = f(d, start)
		}
		switch {
		case err == nil:
		case bounded.N <= 0:
			return tooLarge(w.limit)
		default:
			return firstError(err)
		}
	}
}

// tokenReader reads tokens of elements that are nested at most maxDepth deep.
type tokenReader struct {
	raw   *xml.Decoder
	depth int
}

// Token implements [xml.TokenReader].
func (r *tokenReader) Token() (xml.Token, error) {
	token, err := r.raw.RawToken()
	switch token.(type) {
	case xml.StartElement:
		r.depth++
	case xml.EndElement:
		r.depth--
	}
	if r.depth > maxDepth {
		return nil, errDamaged
	}
	return token, err
}

// attribute returns the value of an attribute, or "".
func attribute(element xml.StartElement, name string) string {
	for _, a := range element.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// isTrue reports whether the value of an attribute is true.
func isTrue(value string) bool { return value == "1" || value == "true" }

// firstSheet returns the name of the first visible sheet, the number of visible sheets, and the
// part of the first.
func (w *workbook) firstSheet() (name string, sheets int, part string, err error) {
	var id string
	err = w.part(workbookPath, func(_ *xml.Decoder, element xml.StartElement) error {
		switch element.Name.Local {
		case "workbookPr":
			w.date1904 = isTrue(attribute(element, "date1904"))
		case "sheet":
			if state := attribute(element, "state"); state != "" && state != "visible" {
				break
			}
			if sheets++; sheets > 1 {
				break
			}
			name, id = attribute(element, "name"), attribute(element, "id")
		}
		return nil
	})
	if err != nil {
		return "", 0, "", err
	}
	err = w.part("xl/_rels/workbook.xml.rels", func(_ *xml.Decoder, element xml.StartElement) error {
		if element.Name.Local == "Relationship" && attribute(element, "Id") == id {
			part = attribute(element, "Target")
		}
		return nil
	})
	if err == nil && (sheets == 0 || part == "") {
		err = Error("The workbook has no sheet: save it as .xlsx again")
	}
	if !strings.HasPrefix(part, "/") {
		part = "/xl/" + part
	}
	return name, sheets, strings.TrimPrefix(path.Clean(part), "/"), err
}

// readStrings reads the shared texts.
func (w *workbook) readStrings() error {
	size := 0
	return w.part("xl/sharedStrings.xml", func(d *xml.Decoder, element xml.StartElement) error {
		if element.Name.Local != "si" {
			return nil
		}
		text, err := readText(d)
		if size += len(text) + 16; size > w.limit {
			return tooLarge(w.limit)
		}
		w.strings = append(w.strings, text)
		return err
	})
}

// readText returns the text of an element that was started: its t elements, without the
// phonetic ones.
func readText(d *xml.Decoder) (string, error) {
	var text strings.Builder
	for depth, in := 1, false; depth > 0; {
		token, err := d.Token()
		if err != nil {
			return "", err
		}
		switch token := token.(type) {
		case xml.StartElement:
			if token.Name.Local == "rPh" {
				if err := d.Skip(); err != nil {
					return "", err
				}
				continue
			}
			depth, in = depth+1, token.Name.Local == "t"
		case xml.EndElement:
			depth, in = depth-1, false
		case xml.CharData:
			if in {
				text.Write(token)
			}
		}
	}
	return text.String(), nil
}
