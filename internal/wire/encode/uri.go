package encode

import (
	"net/url"
	"strings"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// appendBase appends the path of the account. URIs are paths, and therefore valid on every
// host.
func (e *Encoder) appendBase(dst []byte) []byte {
	return append(append(dst, "/Advertisers/"...), e.SID...)
}

// uri writes the path of the object: that of its collection, followed by its escaped id.
func (o *objectWriter) uri(collection, id string) { o.uriAs("Uri", collection, id) }

// uriAs is like uri for a field with the name.
func (o *objectWriter) uriAs(name, collection, id string) {
	if o.fields != nil {
		return
	}
	o.begin(name)
	o.quote()
	o.buf = append(o.appendBase(o.buf), collection...)
	if o.Format == wire.XML { // a path may have an "&"
		o.buf = AppendXML(o.buf, id)
	} else {
		o.buf = append(o.buf, id...)
	}
	o.quote()
	o.end(name)
}

// actionURI writes the path of an action. It writes "" for an id without a number.
func (o *objectWriter) actionURI(name string, id ids.ActionID) {
	if o.fields != nil {
		return
	}
	o.begin(name)
	o.quote()
	if id.Number != 0 {
		o.buf = append(o.appendBase(o.buf), "/Actions/"...)
		o.buf = appendActionID(o.buf, id)
	}
	o.quote()
	o.end(name)
}

// escapeSegment returns an id, such as a Sku, as a path segment. It escapes the dots of an id
// that ends in a format suffix or consists of dots.
func escapeSegment(id string) string {
	segment := url.PathEscape(id)
	_, _, hasSuffix := wire.CutFormatSuffix(segment)
	if hasSuffix || strings.Trim(segment, ".") == "" {
		segment = strings.ReplaceAll(segment, ".", "%2E")
	}
	return segment
}
