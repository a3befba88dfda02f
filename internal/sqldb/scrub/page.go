package scrub

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/bits"
)

// Kinds of b-tree pages, by their first byte.
const (
	indexInterior = 2
	tableInterior = 5
	indexLeaf     = 10
	tableLeaf     = 13
)

// isBTree reports whether the first byte of a page is that of a b-tree page. That of an overflow
// page is part of a page number, which is smaller in a file of up to [maxPages] pages.
func isBTree(first byte) bool {
	return first == indexInterior || first == tableInterior || first == indexLeaf || first == tableLeaf
}

// headerSize is the length of the header of the database file, at the beginning of page 1.
const headerSize = 100

// Sizes of pages.
const (
	minPageSize = 512
	maxPageSize = 1 << 16
)

// chain is a chain of overflow pages that ends the payload of a cell.
type chain struct {
	first uint32
	// bytes is the number of bytes on the pages.
	bytes int64
}

var errMalformed = errors.New("malformed page")

// Clean zeroes the bytes of a page that no data use, if it is a page of a b-tree. The number of the
// first page, which begins with the header of the file, is 1.
func Clean(page []byte, number int64) {
	if _, ok := headerOf(page, number); ok {
		_, _, _ = clearBTree(page, number) // it leaves a page as it is that it doesn't understand
	}
}

// headerOf returns the offset of the header of a b-tree page, and reports whether it is one.
func headerOf(page []byte, number int64) (offset int, ok bool) {
	if number == 1 {
		offset = headerSize
	}
	return offset, len(page) >= minPageSize && len(page) <= maxPageSize && isBTree(page[offset])
}

// clearBTree zeroes the bytes of a b-tree page that no cell uses. It reports whether the page
// changed, and returns the overflow chains of its cells.
func clearBTree(page []byte, number int64) (changed bool, chains []chain, err error) {
	start, _ := headerOf(page, number)
	header := 8
	if kind := page[start]; kind == indexInterior || kind == tableInterior {
		header = 12
	}
	count := int(binary.BigEndian.Uint16(page[start+3:]))
	pointers := start + header
	content := pointers + 2*count
	var used bitmap
	if !used.mark(0, content, len(page)) || !used.markFreeBlocks(page, start) {
		return false, nil, errMalformed
	}
	for i := range count {
		at := int(binary.BigEndian.Uint16(page[pointers+2*i:]))
		if at < content || at >= len(page) {
			return false, nil, errMalformed
		}
		size, overflow, ok := cell(page[start], page[at:], len(page))
		if !ok || !used.mark(at, at+size, len(page)) {
			return false, nil, errMalformed
		}
		if overflow.first != 0 {
			chains = append(chains, overflow)
		}
	}
	return used.clearOthers(page), chains, nil
}

// bitmap has a bit for each byte of a page, which is set if the byte is used.
type bitmap [maxPageSize / 64]uint64

// mark sets the bits of a range, and reports whether the range is in the page.
func (b *bitmap) mark(from, to, size int) bool {
	if from < 0 || to > size || from > to {
		return false
	}
	for from < to {
		word, bit := from/64, from%64
		n := min(64-bit, to-from)
		b[word] |= (^uint64(0) >> (64 - n)) << bit
		from += n
	}
	return true
}

// markFreeBlocks marks the links and lengths of the free blocks of a page.
func (b *bitmap) markFreeBlocks(page []byte, start int) bool {
	last := 0
	for at := int(binary.BigEndian.Uint16(page[start+1:])); at != 0; {
		if at <= last || !b.mark(at, at+4, len(page)) { // they are in ascending order
			return false
		}
		last, at = at, int(binary.BigEndian.Uint16(page[at:]))
	}
	return true
}

// clearOthers zeroes the bytes that are not marked, and reports whether one changed.
func (b *bitmap) clearOthers(page []byte) (changed bool) {
	for i := 0; i < len(page); i += 64 {
		for free := ^b[i/64]; free != 0; {
			bit := bits.TrailingZeros64(free)
			n := bits.TrailingZeros64(^(free >> bit))
			if run := page[i+bit : i+bit+n]; !allZero(run) {
				clear(run)
				changed = true
			}
			if bit+n == 64 {
				break
			}
			free &= ^uint64(0) << (bit + n)
		}
	}
	return changed
}

var zeros [maxPageSize]byte

func allZero(b []byte) bool { return bytes.Equal(b, zeros[:len(b)]) }

// cell returns the length of the cell at the beginning of b, on a page of some size, and its
// overflow chain.
func cell(kind byte, b []byte, pageSize int) (size int, overflow chain, ok bool) {
	if kind == indexInterior || kind == tableInterior {
		size = 4 // the left child
	}
	payload := uint64(0)
	if kind != tableInterior {
		var n int
		if payload, n = varint(b, size); n == 0 {
			return 0, chain{}, false
		}
		size += n
	}
	if kind == tableLeaf || kind == tableInterior {
		_, n := varint(b, size) // the row id
		if n == 0 {
			return 0, chain{}, false
		}
		size += n
	}
	local := localBytes(kind, payload, pageSize)
	size += local
	if uint64(local) < payload {
		if size+4 > len(b) {
			return 0, chain{}, false
		}
		overflow = chain{binary.BigEndian.Uint32(b[size:]), int64(payload) - int64(local)}
		size += 4
	}
	if size = max(size, 4); size > len(b) {
		return 0, chain{}, false
	}
	return size, overflow, true
}

// localBytes returns the number of bytes of a payload that are on the page of the cell itself.
func localBytes(kind byte, payload uint64, pageSize int) int {
	if kind == tableInterior {
		return 0
	}
	largest := pageSize - 35
	if kind != tableLeaf {
		largest = (pageSize-12)*64/255 - 23
	}
	if payload <= uint64(largest) {
		return int(payload)
	}
	least := (pageSize-12)*32/255 - 23
	rest := least + int((payload-uint64(least))%uint64(pageSize-4))
	if rest <= largest {
		return rest
	}
	return least
}

// varint decodes the number at an offset of b, and returns its length, or 0.
func varint(b []byte, offset int) (value uint64, n int) {
	for n < 9 && offset+n < len(b) {
		c := b[offset+n]
		n++
		if n == 9 {
			return value<<8 | uint64(c), n
		}
		value = value<<7 | uint64(c&0x7f)
		if c < 0x80 {
			return value, n
		}
	}
	return 0, 0
}

// clearFrom zeroes a page from an offset on, and reports whether it changed.
func clearFrom(page []byte, offset int) (changed bool) {
	if offset >= len(page) || allZero(page[offset:]) {
		return false
	}
	clear(page[offset:])
	return true
}
