package wire

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
	Side CursorSide
	// Number is the number of the object next to the page, or 0 for [CursorCounted].
	Number int64
}

// CursorSide is the position of a page relative to an object. Lists are in descending
// order of the objects' numbers.
type CursorSide byte

// The sides of a cursor.
const (
	// CursorCounted means that the page is found by counting pages.
	CursorCounted CursorSide = iota
	// CursorBelow means that the page begins with the next lower number.
	CursorBelow
	// CursorAbove means that the page ends with the next higher number.
	CursorAbove
)

// cursorSides maps sides to their characters in the text of a cursor.
const cursorSides = "nba"

const errCursor = valueError("Not a cursor of a page URI: follow the URIs as they are")

// String returns the opaque text of the cursor.
func (c Cursor) String() string {
	b := []byte{cursorSides[c.Side]}
	b = binary.AppendUvarint(b, uint64(c.Page))
	b = binary.AppendUvarint(b, uint64(c.Number))
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	return base64.RawURLEncoding.EncodeToString(b)
}

// parseCursor parses the text of a cursor. The checksum detects texts that were
// truncated or edited. It isn't a secret: a cursor grants no access.
func parseCursor(s string) (Cursor, error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) < 1 {
		return Cursor{}, errCursor
	}
	page, n := binary.Uvarint(b[1:])
	if n <= 0 {
		return Cursor{}, errCursor
	}
	number, m := binary.Uvarint(b[1+n:])
	if m <= 0 {
		return Cursor{}, errCursor
	}
	side := strings.IndexByte(cursorSides, b[0])
	if side < 0 || page < 1 || page > maxPageNumber {
		return Cursor{}, errCursor
	}
	c := Cursor{Page: int64(page), Side: CursorSide(side), Number: int64(number)}
	if (c.Side == CursorCounted) != (c.Number == 0) || c.Number < 0 || c.String() != s {
		return Cursor{}, errCursor
	}
	return c, nil
}
