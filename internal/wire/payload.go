package wire

import (
	"net/url"
	"strings"
)

// controlNames lists the parameters that control the processing of a request and are no
// part of its content.
var controlNames = map[string]bool{"_method": true, "irversion": true, "ir-version": true, "dryrun": true}

// Payload returns a query string of the parameters that were read, in the order and with
// the names that the caller sent. It leaves out ignored parameters, which may hold secrets,
// and replaces an IP address by its hash.
func (p *Params) Payload() string {
	return p.encodeRead(func(lower string) bool { return !controlNames[lower] })
}

// encodeRead returns a query string of the parameters that were read and for which include
// reports true.
func (p *Params) encodeRead(include func(lower string) bool) string {
	var b strings.Builder
	for i := range p.list {
		q := &p.list[i]
		if !q.read || !include(q.lower) {
			continue
		}
		value := q.text()
		if q.redacted != "" {
			value = q.redacted
		}
		writePair(&b, q.name, value)
	}
	return b.String()
}

// writePair appends a name and a value to a query string.
func writePair(b *strings.Builder, name, value string) {
	if b.Len() == 0 {
		b.Grow(usualPayload)
	} else {
		b.WriteByte('&')
	}
	b.WriteString(url.QueryEscape(name))
	b.WriteByte('=')
	b.WriteString(url.QueryEscape(value))
}

// usualPayload is the number of bytes that most payloads don't exceed.
const usualPayload = 128

// pair returns a name and a value as a part of a query string.
func pair(name, value string) string { return url.QueryEscape(name) + "=" + url.QueryEscape(value) }

// Ignored returns the names of the parameters that were not read, and then of ignored
// columns, separated by commas and escaped for a header. It truncates the list to about a
// kilobyte.
func (p *Params) Ignored(columns ...string) string {
	var names []string
	for _, q := range p.list {
		if !q.read && !controlNames[q.lower] {
			names = append(names, q.name)
		}
	}
	var b strings.Builder
	for _, name := range append(names, columns...) {
		name = url.QueryEscape(Excerpt(name))
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		if b.Len()+len(name) > maxIgnoredBytes {
			b.WriteString("...")
			break
		}
		b.WriteString(name)
	}
	return b.String()
}
