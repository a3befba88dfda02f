// Package cursor encodes the position of a page in a list as an opaque text.
package cursor

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"strings"
)

// Cursor is the position of a page in a list. Every page URI carries one, so that a
// client that appends a Page parameter of its own still gets the page of the URI.
type Cursor struct {
	// Page is the number of the page.
	Page int64
	// Side is the position of the page relative to the object with Number.
	Side Side
	// Number is the number of the object next to the page, or 0 for [Counted].
	Number int64
}

// Side is the position of a page relative to an object. Lists are in descending
// order of the objects' numbers.
type Side byte

// The sides of a cursor.
const (
	// Counted means that the page is found by counting pages.
	Counted Side = iota
	// Below means that the page begins with the next lower number.
	Below
	// Above means that the page ends with the next higher number.
	Above
)

// cursorSides maps sides to their characters in the text of a cursor.
const cursorSides = "nba"

// MaxPage is the largest number of a page. It keeps the number × the size of pages from
// overflowing.
const MaxPage = 999_999_999

// errInvalid is a message for the caller.
const errInvalid = parseError("Not a cursor of a page URI: follow the URIs as they are")

type parseError string

func (e parseError) Error() string { return string(e) }

// String returns the opaque text of the cursor.
func (c Cursor) String() string {
	b := []byte{cursorSides[c.Side]}
	b = binary.AppendUvarint(b, uint64(c.Page))
	b = binary.AppendUvarint(b, uint64(c.Number))
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	return base64.RawURLEncoding.EncodeToString(b)
}

// Parse parses the text of a cursor. The checksum detects texts that were
// truncated or edited. It isn't a secret: a cursor grants no access.
func Parse(s string) (Cursor, error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) < 1 {
		return Cursor{}, errInvalid
	}
	page, n := binary.Uvarint(b[1:])
	if n <= 0 {
		return Cursor{}, errInvalid
	}
	number, m := binary.Uvarint(b[1+n:])
	if m <= 0 {
		return Cursor{}, errInvalid
	}
	side := strings.IndexByte(cursorSides, b[0])
	if side < 0 || page < 1 || page > MaxPage {
		return Cursor{}, errInvalid
	}
	c := Cursor{Page: int64(page), Side: Side(side), Number: int64(number)}
	if (c.Side == Counted) != (c.Number == 0) || c.Number < 0 || c.String() != s {
		return Cursor{}, errInvalid
	}
	return c, nil
}
