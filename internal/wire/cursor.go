package wire

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
)

// cursor says where a page of a list is. Every page URI carries one: a client
// that adds its own Page to such a URI still gets the URI's page.
type cursor struct {
	side   side
	page   int64
	number int64
}

// side says on which side of its number a cursor's page is.
type side byte

// A counted page has no number.
const (
	counted side = 'n'
	below   side = 'b'
	above   side = 'a'
)

const faultCursor = fault("Not a cursor of a page URI: follow the URIs as they are")

// String answers the cursor's opaque text.
func (c cursor) String() string {
	b := []byte{byte(c.side)}
	b = binary.AppendUvarint(b, uint64(c.page))
	b = binary.AppendUvarint(b, uint64(c.number))
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	return base64.RawURLEncoding.EncodeToString(b)
}

// parseCursor reads what String wrote. The sum finds texts that were cut or
// edited; a cursor gives no right to anything, so it need not be secret.
func parseCursor(s string) (cursor, error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) < 1 {
		return cursor{}, faultCursor
	}
	page, n := binary.Uvarint(b[1:])
	if n <= 0 {
		return cursor{}, faultCursor
	}
	number, m := binary.Uvarint(b[1+n:])
	if m <= 0 {
		return cursor{}, faultCursor
	}
	c := cursor{side(b[0]), int64(page), int64(number)}
	known := c.side == counted && c.number == 0 || (c.side == below || c.side == above) && c.number > 0
	if !known || c.page < 1 || c.page > maxPage || c.String() != s {
		return cursor{}, faultCursor
	}
	return c, nil
}
