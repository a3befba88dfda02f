package wal

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
)

// Sizes and values of SQLite's WAL format (https://sqlite.org/fileformat2.html#walformat).
const (
	headerSize      = 32
	frameHeaderSize = 24
	magic           = 0x377f0682 // the lowest bit is set if checksums are big-endian
	version         = 3007000
	minPageSize     = 512
	maxPageSize     = 65536
	scanBuffer      = 1 << 20
)

// Salt identifies a generation of a WAL: SQLite changes it when it reuses the file.
type Salt [8]byte

// Contents describes what a WAL holds.
type Contents struct {
	// HeaderDamaged reports whether SQLite ignores the WAL although it holds data.
	HeaderDamaged bool
	// Salt is that of the header. Frames of other salts are left from earlier generations.
	Salt Salt
	// Frames is the number of frames up to the last commit that SQLite recovers, and Commits
	// the number of these commits.
	Frames, Commits int64
	// IntactBehind is the number of commits of the same generation behind the first invalid
	// frame whose own checksum is valid, and DamagedBehind the number of those whose own is
	// not. SQLite drops both.
	IntactBehind, DamagedBehind int64
}

// Scan reads a WAL as SQLite does when it recovers one, and then the rest of it. It
// changes nothing.
//
// SQLite's checksums are cumulative: it recovers frames until the first one whose checksum
// is wrong. After a crash, such a frame is normally the rest of a transaction that was not
// committed. But frames that follow it, belong to the same generation and commit a
// transaction were written after it: then it was valid once, unless all of them are part
// of the last transaction, whose pages a power failure may have stored in any order.
func Scan(wal io.Reader) (c Contents, err error) {
	input := bufio.NewReaderSize(wal, scanBuffer)
	header := make([]byte, headerSize)
	if _, err := io.ReadFull(input, header); err != nil {
		return c, ignoreEnd(err)
	}
	order, pageSize, valid := parseHeader(header)
	if !valid {
		c.HeaderDamaged, err = hasData(input)
		return c, err
	}
	copy(c.Salt[:], header[16:24])
	s := scanner{Contents: c, order: order, sum: stored(header[24:]), chained: true}
	frame := make([]byte, frameHeaderSize+pageSize)
	for {
		if _, err := io.ReadFull(input, frame); err != nil {
			return s.Contents, ignoreEnd(err)
		}
		s.add(frame)
	}
}

// ignoreEnd returns nil for the end of a file, which can be in the middle of a frame.
func ignoreEnd(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

// parseHeader returns the byte order of checksums and the page size, and whether SQLite
// accepts the header.
func parseHeader(header []byte) (order binary.ByteOrder, pageSize int, valid bool) {
	order = binary.LittleEndian
	first := binary.BigEndian.Uint32(header)
	if first&1 != 0 {
		order = binary.BigEndian
	}
	size := binary.BigEndian.Uint32(header[8:])
	valid = first&^1 == magic && binary.BigEndian.Uint32(header[4:]) == version &&
		size >= minPageSize && size <= maxPageSize && size&(size-1) == 0 &&
		checksum{}.add(order, header[:24]) == stored(header[24:])
	return order, int(size), valid
}

// hasData reports whether any byte is not zero.
func hasData(r *bufio.Reader) (bool, error) {
	for {
		b, err := r.ReadByte()
		if err != nil || b != 0 {
			return err == nil, ignoreEnd(err)
		}
	}
}

type scanner struct {
	Contents
	order binary.ByteOrder
	// sum is the checksum that the previous frame states.
	sum checksum
	// chained reports whether all frames so far are valid, and frames is their number.
	chained bool
	frames  int64
}

func (s *scanner) add(frame []byte) {
	current := Salt(frame[8:16]) == s.Salt
	before := s.sum
	s.sum = stored(frame[16:24])
	if !current && !s.chained {
		return
	}
	intact := current && binary.BigEndian.Uint32(frame) != 0 &&
		before.add(s.order, frame[:8]).add(s.order, frame[frameHeaderSize:]) == s.sum
	s.chained = s.chained && intact
	commits := binary.BigEndian.Uint32(frame[4:]) != 0
	switch {
	case s.chained:
		s.frames++
		if commits {
			s.Frames, s.Commits = s.frames, s.Commits+1
		}
	case commits && intact:
		s.IntactBehind++
	case commits && current:
		s.DamagedBehind++
	}
}

// checksum is SQLite's checksum of two words.
type checksum [2]uint32

// stored returns the checksum that a header states.
func stored(b []byte) checksum {
	return checksum{binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])}
}

// add returns the checksum with more bytes, the number of which is a multiple of eight.
func (c checksum) add(order binary.ByteOrder, data []byte) checksum {
	a, b := c[0], c[1]
	if order == binary.ByteOrder(binary.LittleEndian) { // without calls of an interface
		for ; len(data) >= 8; data = data[8:] {
			a += binary.LittleEndian.Uint32(data) + b
			b += binary.LittleEndian.Uint32(data[4:]) + a
		}
		return checksum{a, b}
	}
	for ; len(data) >= 8; data = data[8:] {
		a += order.Uint32(data) + b
		b += order.Uint32(data[4:]) + a
	}
	return checksum{a, b}
}
