package command

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

	"github.com/trueup-ledger/trueup/internal/batchfile"
)

// Bounds of the parts of a large file. A part ends at the end of a row, unless a quote that isn't
// closed makes a row of more than maxRecord bytes.
const (
	maxLines  = 5_000
	partSize  = 512 << 10
	maxRecord = 1 << 20
)

// errLarge is the reason why a large file can't be imported in parts.
type errLarge string

func (e errLarge) Error() string {
	return fmt.Sprintf("%s, but files of more than %d MiB are imported in parts: split the file, or save it as CSV in UTF-8", string(e), batchfile.MaxSize>>20)
}

// source opens a file, and decompresses gzip.
func source(name string) (io.ReadCloser, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	r := bufio.NewReaderSize(file, 64<<10)
	if magic, _ := r.Peek(2); !bytes.Equal(magic, []byte("\x1f\x8b")) {
		return readCloser{r, file}, nil
	}
	unpacked, err := gzip.NewReader(r)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return readCloser{unpacked, file}, nil
}

// readCloser reads from a reader and closes what is below it.
type readCloser struct {
	io.Reader
	io.Closer
}

// part is a part of a file: its header and some of its rows.
type part struct {
	content []byte
	// rows is the number of lines below the header, and offset the difference between the
	// numbers of lines in the file and in the part.
	rows, offset int
	// first is the number of its first line below the header in the file.
	first int
	// open is the number of the line of the quote that isn't closed at its end, or 0.
	open int
}

// splitter splits a CSV file in UTF-8 into parts.
type splitter struct {
	r *bufio.Reader
	// header holds the lines up to the names of the columns, and headerLines their number.
	header      []byte
	headerLines int
	// maxLines is the maximum number of lines of a part below its header.
	maxLines int
	// line is the number of lines that were read.
	line int
	// content is the buffer of the parts, and long that of lines that don't fit into r.
	content, long []byte
}

// newSplitter returns a splitter that has read the header.
func newSplitter(r io.Reader) (*splitter, error) {
	s := &splitter{r: bufio.NewReaderSize(r, 64<<10), maxLines: maxLines}
	for named, open := false, false; ; {
		line, err := s.readLine()
		if err != nil {
			return nil, err
		}
		s.header = append(s.header, line...)
		text := bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\ufeff")))
		open = open != (bytes.Count(line, []byte(`"`))%2 == 1)
		switch {
		case !named && (bytes.HasPrefix(text, []byte("<")) || bytes.HasPrefix(text, []byte("PK\x03\x04"))):
			return nil, errLarge("the file is not CSV")
		case len(line) == 0:
			return nil, errLarge("the file has no rows")
		case len(s.header) > maxRecord:
			return nil, errLarge("the names of the columns don't end in the first MiB")
		}
		if named = named || len(text) > 0; named && !open {
			s.headerLines = s.line
			return s, nil
		}
	}
}

// readLine returns the next line with its line end, or nothing at the end of the file. The next
// call overwrites the line.
func (s *splitter) readLine() (line []byte, err error) {
	s.long = s.long[:0]
	for {
		line, err = s.r.ReadSlice('\n')
		if full := errors.Is(err, bufio.ErrBufferFull); full || len(s.long) > 0 {
			s.long = append(s.long, line...)
			line = s.long
		}
		switch {
		case len(line) > maxRecord:
			return nil, errLarge(fmt.Sprintf("line %d is longer than 1 MiB", s.line+1))
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && !errors.Is(err, io.EOF):
			return nil, err
		}
		break
	}
	if !utf8.Valid(line) {
		return nil, errLarge(fmt.Sprintf("line %d is not UTF-8", s.line+1))
	}
	if len(line) > 0 {
		s.line++
	}
	return line, nil
}

// next returns the next part, or one without rows at the end of the file. The next call overwrites
// its content.
func (s *splitter) next() (p part, err error) {
	defer func() { s.content = p.content }()
	p = part{content: append(s.content[:0], s.header...), offset: s.line - s.headerLines, first: s.line + 1}
	for {
		size := len(p.content) - len(s.header)
		full := p.rows >= s.maxLines || size >= partSize
		if full && (p.open == 0 || size >= partSize+maxRecord) {
			return p, nil
		}
		line, err := s.readLine()
		if err != nil || len(line) == 0 {
			return p, err
		}
		p.content, p.rows = append(p.content, line...), p.rows+1
		switch {
		case bytes.Count(line, []byte(`"`))%2 == 0:
		case p.open == 0:
			p.open = s.line
		default:
			p.open = 0
		}
	}
}

// checkQuotes refuses a part that can end inside a quoted cell. The next one would begin there, so
// that lines of a text that a customer wrote would be carried out as rows.
func (p part) checkQuotes() error {
	line := p.open
	if line == 0 {
		misplaced, err := batchfile.MisplacedQuote(p.content)
		if errors.Is(err, batchfile.ErrNoRows) {
			return nil
		}
		if err != nil || misplaced == 0 {
			return err
		}
		line = misplaced + p.offset
	}
	return errLarge(fmt.Sprintf("line %d has a quote that is misplaced or not closed", line))
}

// countLines returns the number of lines below the header. If the file can't be imported in
// parts of at most limit lines, it returns the reason.
func countLines(name string, limit int) (lines int, err error) {
	r, err := source(name)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	s, err := newSplitter(r)
	if err != nil {
		return 0, err
	}
	s.maxLines = limit
	for {
		p, err := s.next()
		if err != nil || p.rows == 0 {
			return s.line - s.headerLines, err
		}
		if err := p.checkQuotes(); err != nil {
			return 0, err
		}
	}
}
