package wire

import (
	"net/url"
	"strings"

	"github.com/trueup-ledger/trueup/ledger"
)

// appendBase begins an object's Uri. Uris are paths, so that a client can put any host before.
func (e *Encoder) appendBase(dst []byte) []byte {
	return append(append(dst, "/Advertisers/"...), e.SID...)
}

// uri writes the object's own path: a collection, then what is in it.
func (o *object) uri(collection, id string) {
	const name = "Uri"
	o.begin(name)
	o.quote()
	o.buf = append(o.appendBase(o.buf), collection...)
	if o.Format == XML { // a Sku may have what is fine in a path, as "&"
		o.buf = appendXML(o.buf, id)
	} else {
		o.buf = append(o.buf, id...)
	}
	o.quote()
	o.end(name)
}

// actionURI writes a field with an action's path; one without a number has none.
func (o *object) actionURI(name string, id ledger.ActionID) {
	o.begin(name)
	o.quote()
	if id.Number != 0 {
		o.buf = append(o.appendBase(o.buf), "/Actions/"...)
		o.buf = appendActionID(o.buf, id)
	}
	o.quote()
	o.end(name)
}

// escapeSKU answers a Sku as a segment of a path. One that looks like an ending
// or like a step in a path has its dots encoded too.
func escapeSKU(sku string) string {
	segment := url.PathEscape(sku)
	_, _, ending := Suffix(segment)
	if ending || strings.Trim(segment, ".") == "" {
		segment = strings.ReplaceAll(segment, ".", "%2E")
	}
	return segment
}
