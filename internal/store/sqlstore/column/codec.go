package column

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// Instant scans a column of microseconds since 1970 in UTC. NULL is the zero time.
// [Micros] and [NullMicros] return the value to write.
type Instant time.Time

// Scan implements [database/sql.Scanner].
func (i *Instant) Scan(src any) error {
	switch value := src.(type) {
	case int64:
		*i = Instant(time.UnixMicro(value).UTC())
	case nil:
		*i = Instant{}
	default:
		return fmt.Errorf("cannot scan a %T as a time", src)
	}
	return nil
}

// Micros returns the value of a column that stores t.
func Micros(t time.Time) int64 { return t.UnixMicro() }

// NullMicros returns the value of a column that stores t, or NULL if t is zero.
func NullMicros(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

// MicrosUp returns the first stored time that is not before t.
func MicrosUp(t time.Time) int64 { return t.Add(time.Microsecond - 1).UnixMicro() }

// Truncate returns t with the precision of a column, in UTC.
func Truncate(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// MaxTime returns the later of t and u.
func MaxTime(t, u time.Time) time.Time {
	if u.After(t) {
		return u
	}
	return t
}

// Digest scans a column that stores a hash. NULL is the zero hash. [NullDigest]
// returns the value to write.
type Digest ids.Hash

// Scan implements [database/sql.Scanner].
func (d *Digest) Scan(src any) error {
	if src == nil {
		*d = Digest{}
		return nil
	}
	value, ok := src.([]byte)
	if !ok || len(value) != len(d) {
		return fmt.Errorf("cannot scan a %T of %d bytes as a hash", src, len(value))
	}
	copy(d[:], value)
	return nil
}

// NullDigest returns the value of a column that stores h, or NULL if h is zero.
func NullDigest(h ids.Hash) any {
	if h == (ids.Hash{}) {
		return nil
	}
	return h[:]
}

// Scopes scans a column that stores scopes, separated by spaces.
type Scopes []store.Scope

// Scan implements [database/sql.Scanner].
func (s *Scopes) Scan(src any) error {
	value, ok := textOf(src)
	if !ok {
		return fmt.Errorf("cannot scan a %T as a list of scopes", src)
	}
	*s = nil // a new slice: the previous row still refers to the old one
	for scope := range strings.FieldsSeq(value) {
		*s = append(*s, store.Scope(scope))
	}
	return nil
}

// numbers scans a column of [List] into its elements.
type numbers []int64

// Scan implements [database/sql.Scanner].
func (n numbers) Scan(src any) error {
	value, ok := textOf(src)
	if !ok {
		return fmt.Errorf("cannot scan a %T as a list of numbers", src)
	}
	return parseNumbers(value, n)
}

// trimZeros returns the numbers without the zeros at their end.
func trimZeros(n []int64) []int64 {
	for len(n) > 0 && n[len(n)-1] == 0 {
		n = n[:len(n)-1]
	}
	return n
}

// appendNumbers appends the numbers without the zeros at their end, separated by spaces.
func appendNumbers(dst []byte, n []int64) []byte {
	for i, number := range trimZeros(n) {
		if i > 0 {
			dst = append(dst, ' ')
		}
		dst = strconv.AppendInt(dst, number, 10)
	}
	return dst
}

// parseNumbers sets n to the numbers in the text, and the rest of it to 0.
func parseNumbers(text string, n []int64) error {
	clear(n)
	if text == "" {
		return nil
	}
	i := 0
	for part := range strings.SplitSeq(text, " ") {
		number, err := strconv.ParseInt(part, 10, 64)
		if err != nil || i == len(n) {
			return fmt.Errorf("%q is not a list of up to %d numbers", text, len(n))
		}
		n[i] = number
		i++
	}
	return nil
}

// textOf returns the text that a driver passes to a Scanner as a string or as bytes.
func textOf(src any) (string, bool) {
	if value, ok := src.([]byte); ok {
		return string(value), true
	}
	value, ok := src.(string)
	return value, ok
}

// Flag returns the value of a column that stores b as 0 or 1.
func Flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// Boolean scans a column that stores 0 or 1. [Flag] returns the value to write.
type Boolean bool

// Scan implements [database/sql.Scanner].
func (b *Boolean) Scan(src any) error {
	value, ok := src.(int64)
	if !ok {
		return fmt.Errorf("cannot scan a %T as a flag", src)
	}
	*b = value != 0
	return nil
}
