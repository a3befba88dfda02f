// Package forwarded finds the caller of a request that came through proxies.
package forwarded

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// Headers with which proxies forward the address of a caller.
const (
	XForwardedFor = "X-Forwarded-For"
	Forwarded     = "Forwarded" // RFC 7239
)

// Proxies are the proxies whose header is believed.
type Proxies struct {
	// Networks hold the addresses of the proxies.
	Networks []netip.Prefix
	// Header is the header that the proxies add to, [XForwardedFor] or [Forwarded]. The other
	// one may come from the caller and is ignored.
	Header string
}

// ParseNetworks parses CIDR networks and single addresses.
func ParseNetworks(texts []string) ([]netip.Prefix, error) {
	networks := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		text = strings.TrimSpace(text)
		if address, err := netip.ParseAddr(text); err == nil {
			address = address.Unmap().WithZone("")
			networks[i] = netip.PrefixFrom(address, address.BitLen())
			continue
		}
		network, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("%q must be an address or a network such as 10.0.0.0/8", text)
		}
		networks[i] = network.Masked()
	}
	return networks, nil
}

// Handler returns a handler that sets the RemoteAddr of each request to the address of its
// caller, with port 0 if that came from a header, and calls next. Without networks it returns
// next.
func (p Proxies) Handler(next http.Handler) http.Handler {
	if len(p.Networks) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if caller, found := p.caller(r); found {
			r2 := *r
			r2.RemoteAddr = netip.AddrPortFrom(caller, 0).String()
			r = &r2
		}
		next.ServeHTTP(w, r)
	})
}

// caller returns the address that the trusted proxies report, and whether there is one: the
// right-most that is not itself that of a trusted proxy. All others to its left may be made up.
func (p Proxies) caller(r *http.Request) (caller netip.Addr, found bool) {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !p.trusts(peer.Addr()) {
		return netip.Addr{}, false
	}
	hops := strings.Split(strings.Join(r.Header.Values(p.Header), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		address, ok := p.parse(hops[i])
		if !ok {
			break
		}
		caller, found = address, true
		if !p.trusts(address) {
			break
		}
	}
	return caller, found
}

// trusts reports whether an address is that of a trusted proxy.
func (p Proxies) trusts(address netip.Addr) bool {
	address = address.Unmap().WithZone("")
	for _, network := range p.Networks {
		if network.Contains(address) {
			return true
		}
	}
	return false
}

// parse returns the address of an element of the header.
func (p Proxies) parse(element string) (netip.Addr, bool) {
	text := strings.TrimSpace(element)
	if p.Header == Forwarded {
		text = forParameter(text)
	}
	if host, _, err := net.SplitHostPort(text); err == nil {
		text = host
	}
	text = strings.TrimSuffix(strings.TrimPrefix(text, "["), "]")
	address, err := netip.ParseAddr(text)
	return address.Unmap().WithZone(""), err == nil
}

// forParameter returns the value of the parameter "for" of an element of Forwarded, or "".
// Elements end at every comma, even in quotes: a caller could leave a quote open to hide what a
// proxy adds.
func forParameter(element string) string {
	for pair := range strings.SplitSeq(element, ";") {
		if name, value, _ := strings.Cut(strings.TrimSpace(pair), "="); strings.EqualFold(name, "for") {
			return strings.Trim(value, `"`)
		}
	}
	return ""
}
