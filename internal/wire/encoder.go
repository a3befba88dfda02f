package wire

import (
	"time"

	"github.com/trueup-ledger/trueup/ledger"
)

// Encoder appends answers to a buffer. Objects are appended one by one, so that
// a list of any length needs a buffer for one:
//
//	buf = e.AppendListHead(buf, list)
//	for i, a := range actions {
//		if i > 0 {
//			buf = e.AppendNext(buf)
//		}
//		buf = e.AppendAction(buf, a)
//	}
//	buf = e.AppendListTail(buf, list)
//
// A single object stands between [Encoder.AppendHead] and [Encoder.AppendTail].
type Encoder struct {
	Format Format
	// Version is the wire's, 11 to 14.
	Version int
	// SID is the token's, with which Uris begin.
	SID string
	// Now is the instant for which states are computed.
	Now time.Time
	// Reference has the names and the zone; it must have been prepared. Answers of
	// writes and errors need none.
	Reference *ledger.Reference
}

const (
	xmlHead = `<?xml version="1.0" encoding="UTF-8"?><ImpactRadiusResponse>`
	xmlTail = `</ImpactRadiusResponse>`
)

// AppendHead begins an answer.
func (e *Encoder) AppendHead(dst []byte) []byte {
	if e.Format == JSON {
		return dst
	}
	return append(dst, xmlHead...)
}

// AppendTail ends an answer.
func (e *Encoder) AppendTail(dst []byte) []byte {
	if e.Format == JSON {
		return dst
	}
	return append(dst, xmlTail...)
}

// AppendNext stands between two objects of a list.
func (e *Encoder) AppendNext(dst []byte) []byte {
	if e.Format == JSON {
		return append(dst, ',')
	}
	return dst
}

// has reports whether the version has what came with another.
func (e *Encoder) has(version int) bool { return e.Version >= version }
