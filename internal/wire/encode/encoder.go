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
// A single object stands between [Encoder.AppendHead] and [Encoder.AppendTail].
type Encoder struct {
	Format wire.Format
	// Version is the version of the protocol, from [wire.OldestVersion] to
	// [wire.CurrentVersion].
	Version int
	// SID is the AccountSID of the caller's token, which URIs contain.
	SID string
	// Now is the time for which the states of actions and contracts are computed.
	Now time.Time
	// Reference holds the names and the time zone. It must be prepared. Responses to
	// writes and errors don't need it.
	Reference *program.Reference
}

// Versions of the protocol that changed objects.
const (
	// versionEventCodes added EventCode, ClientCost and the names of event types.
	versionEventCodes = 12
	// versionCampaignType added the Type of campaigns.
	versionCampaignType = 14
	// versionNumbers writes numbers in JSON where older versions write strings.
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

// AppendSeparator appends the separator of two objects of a list.
func (e *Encoder) AppendSeparator(dst []byte) []byte {
	if e.Format == wire.JSON {
		return append(dst, ',')
	}
	return dst
}

// atLeast reports whether the response has the version or a later one.
func (e *Encoder) atLeast(version int) bool { return e.Version >= version }
