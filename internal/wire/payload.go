package wire

import (
	"net/url"
	"strings"
)

// reserved are names that steer the request and are no part of what it asks.
var reserved = map[string]bool{"_method": true, "irversion": true, "ir-version": true, "dryrun": true}

// Payload answers the parameters that were read as a query string, in the order
// sent, under the names sent. What nobody read is not kept, so that a stray
// secret is not either; an IP address is there as its hash.
func (p *Params) Payload() string {
	return p.query(func(lower string) bool { return !reserved[lower] })
}

// query answers the parameters that were read, and are wanted by their lower-case
// name, as a query string.
func (p *Params) query(wanted func(lower string) bool) string {
	var b strings.Builder
	for _, q := range p.list {
		if !q.read || !wanted(q.lower) {
			continue
		}
		value := q.text()
		if q.shown != "" {
			value = q.shown
		}
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(pair(q.name, value))
	}
	return b.String()
}

// pair answers a name and a value as a part of a query string.
func pair(name, value string) string { return url.QueryEscape(name) + "=" + url.QueryEscape(value) }

// FaultHeader names the rule that asked for what is wrong with an answer.
const FaultHeader = "Trueup-Fault"

// IgnoredHeader is the header that carries [Params.Ignored].
const IgnoredHeader = "Trueup-Ignored-Parameters"

// Ignored answers the names that nobody asked for, between commas, safe for a
// header and at most about a kilobyte; "" if there are none.
func (p *Params) Ignored() string {
	var b strings.Builder
	for _, q := range p.list {
		if q.read || reserved[q.lower] {
			continue
		}
		name := url.QueryEscape(shown(q.name))
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		if b.Len()+len(name) > maxIgnored {
			b.WriteString("...")
			break
		}
		b.WriteString(name)
	}
	return b.String()
}
