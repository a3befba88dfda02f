// Package scrub zeroes the bytes of a SQLite database file that hold no data any more: SQLite
// leaves deleted and moved rows in the free space of pages.
//
// SQLite never reads these bytes, so that readers don't notice. The database file must not be
// written by anything else at the same time, nor may the WAL have pages that are newer than those
// of the file.
package scrub

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// File is a database file.
type File interface {
	ReadAt(p []byte, offset int64) (int, error)
	WriteAt(p []byte, offset int64) (int, error)
}

// maxPages bounds the files that can be scrubbed: in larger ones, an overflow page can look like a
// page of a b-tree. With pages of 4 KiB it is 128 GiB.
const maxPages = 1 << 25

// ErrTooLarge reports a file with too many pages.
var ErrTooLarge = errors.New("the database file is too large to be scrubbed")

// Scrubber scrubs a file page by page.
type Scrubber struct {
	file  File
	size  int // of a page
	pages int64
	// free are the leaves of the list of free pages, and trunks its trunks.
	free, trunks map[uint32]bool
	buffer       []byte
	// Cleared is the number of pages that were changed.
	Cleared int64
}

// New returns a scrubber of a file as it is now.
func New(file File) (*Scrubber, error) {
	header := make([]byte, headerSize)
	if _, err := file.ReadAt(header, 0); err != nil {
		return nil, err
	}
	s := &Scrubber{file: file, pages: int64(binary.BigEndian.Uint32(header[28:]))}
	s.size = int(binary.BigEndian.Uint16(header[16:]))
	if s.size == 1 {
		s.size = maxPageSize
	}
	reserved, pointerMap := header[20], binary.BigEndian.Uint32(header[52:])
	if s.size < minPageSize || reserved != 0 || pointerMap != 0 {
		return nil, errors.New("the database file has an unknown layout")
	}
	if s.pages > maxPages {
		return nil, ErrTooLarge
	}
	s.buffer = make([]byte, s.size)
	return s, s.readFreePages(binary.BigEndian.Uint32(header[32:]))
}

// Pages returns the number of pages of the file.
func (s *Scrubber) Pages() int64 { return s.pages }

func (s *Scrubber) readFreePages(trunk uint32) error {
	s.free, s.trunks = make(map[uint32]bool), make(map[uint32]bool)
	for trunk != 0 {
		if s.trunks[trunk] || int64(trunk) > s.pages {
			return fmt.Errorf("list of free pages: %w", errMalformed)
		}
		s.trunks[trunk] = true
		if err := s.read(int64(trunk)); err != nil {
			return err
		}
		next, count := binary.BigEndian.Uint32(s.buffer), int(binary.BigEndian.Uint32(s.buffer[4:]))
		if count > s.size/4-2 {
			return fmt.Errorf("list of free pages: %w", errMalformed)
		}
		for i := range count {
			s.free[binary.BigEndian.Uint32(s.buffer[8+4*i:])] = true
		}
		trunk = next
	}
	return nil
}

// Page scrubs the page with the number, from 1, and the overflow pages of its cells.
func (s *Scrubber) Page(number int64) error {
	if err := s.read(number); err != nil {
		return err
	}
	var chains []chain
	changed := false
	_, tree := headerOf(s.buffer, number)
	switch key := uint32(number); {
	case s.free[key]:
		changed = clearFrom(s.buffer, 0)
	case s.trunks[key]:
		changed = clearFrom(s.buffer, 8+4*int(binary.BigEndian.Uint32(s.buffer[4:])))
	case tree:
		var err error
		if changed, chains, err = clearBTree(s.buffer, number); err != nil {
			return fmt.Errorf("page %d: %w", number, err)
		}
	}
	if changed {
		if err := s.write(number); err != nil {
			return err
		}
	}
	for _, c := range chains {
		if err := s.chain(c); err != nil {
			return err
		}
	}
	return nil
}

// chain scrubs the end of the last page of an overflow chain.
func (s *Scrubber) chain(c chain) error {
	link := make([]byte, 4)
	page, each := c.first, int64(s.size-4)
	for ; c.bytes > each; c.bytes -= each {
		if page == 0 || int64(page) > s.pages {
			return fmt.Errorf("overflow page %d: %w", page, errMalformed)
		}
		if _, err := s.file.ReadAt(link, s.offset(int64(page))); err != nil {
			return err
		}
		page = binary.BigEndian.Uint32(link)
	}
	if page == 0 || int64(page) > s.pages {
		return fmt.Errorf("overflow page %d: %w", page, errMalformed)
	}
	if err := s.read(int64(page)); err != nil {
		return err
	}
	if clearFrom(s.buffer, 4+int(c.bytes)) {
		return s.write(int64(page))
	}
	return nil
}

func (s *Scrubber) offset(number int64) int64 { return (number - 1) * int64(s.size) }

func (s *Scrubber) read(number int64) error {
	_, err := s.file.ReadAt(s.buffer, s.offset(number))
	return err
}

func (s *Scrubber) write(number int64) error {
	s.Cleared++
	_, err := s.file.WriteAt(s.buffer, s.offset(number))
	return err
}
