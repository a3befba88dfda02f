package encode

import (
	"time"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Encoder appends responses to a buffer, as JSON or XML. It appends objects one by one,
// so that a list of any length can be streamed:
//
//	buf = e.AppendListHead(buf, list)
//	for i, a := range actions {
//		if i > 0 {
//			buf = e.AppendSeparator(buf)
//		}
//		buf = e.AppendAction(buf, a)
//	}
//	buf = e.AppendListTail(buf, list)
//
// A response with a single object is enclosed by [Encoder.AppendHead] and
// [Encoder.AppendTail].
type Encoder struct {
	Format wire.Format
	// Version is the version of the protocol, from [wire.OldestVersion] to
	// [wire.CurrentVersion].
	Version int
	// SID is the AccountSID of the caller's token. It is a part of URIs.
	SID string
	// Now is the time for which the states of actions and contracts are computed.
	Now time.Time
	// Reference holds the names and the time zone of the account. It must be prepared
	// ([program.Reference.Prepare]). AppendQueued, AppendQueuedFile, AppendOK and errors
	// don't need it.
	Reference *program.Reference
}

// Versions of the protocol that changed objects.
const (
	// versionEventCodes added EventCode, ClientCost and the names of event types.
	versionEventCodes = 12
	// versionNumbers uses JSON numbers where older versions use strings.
	versionNumbers = 14
)

const (
	xmlHead = `<?xml version="1.0" encoding="UTF-8"?><ImpactRadiusResponse>`
	xmlTail = `</ImpactRadiusResponse>`
)

// AppendHead appends the beginning of a response.
func (e *Encoder) AppendHead(dst []byte) []byte {
	if e.Format == wire.JSON {
		return dst
	}
	return append(dst, xmlHead...)
}

// AppendTail appends the end of a response.
func (e *Encoder) AppendTail(dst []byte) []byte {
	if e.Format == wire.JSON {
		return dst
	}
	return append(dst, xmlTail...)
}

// AppendSeparator appends the separator between two objects of a list.
func (e *Encoder) AppendSeparator(dst []byte) []byte {
	if e.Format == wire.JSON {
		return append(dst, ',')
	}
	return dst
}

// atLeast reports whether the version of the response is version or a later one.
func (e *Encoder) atLeast(version int) bool { return e.Version >= version }
