package spreadsheet

// pieceSize is the number of bytes after which a piece is written.
const pieceSize = 64 << 10

// Writer writes a CSV file of RFC 4180 in pieces. It holds one piece in memory.
type Writer struct {
	w   interface{ Write(p []byte) (int, error) }
	buf []byte
	// begun reports whether the line has a cell.
	begun bool
}

// NewWriter returns a writer of a file whose first line has the names of the columns.
func NewWriter(w interface{ Write(p []byte) (int, error) }, columns []string) *Writer {
	f := &Writer{w: w}
	for _, name := range columns {
		f.Put(append(f.Cell(), name...))
	}
	f.endLine()
	return f
}

// Text writes a cell with a text. AppendCell escapes it.
func (f *Writer) Text(text string) { f.buf = AppendCell(f.Cell(), text) }

// Cell begins a cell of a value that needs no escapes. The caller appends the value to the
// result and passes it to Put.
func (f *Writer) Cell() []byte {
	if f.begun {
		f.buf = append(f.buf, ',')
	}
	f.begun = true
	return f.buf
}

// Put ends a cell that Cell began.
func (f *Writer) Put(buf []byte) { f.buf = buf }

// EndLine ends a line. It writes the piece if that is large enough.
func (f *Writer) EndLine() error {
	if f.endLine(); len(f.buf) < pieceSize {
		return nil
	}
	return f.Flush()
}

func (f *Writer) endLine() { f.buf, f.begun = append(f.buf, '\n'), false }

// Flush writes the rest of the file.
func (f *Writer) Flush() error {
	_, err := f.w.Write(f.buf)
	f.buf = f.buf[:0]
	return err
}
