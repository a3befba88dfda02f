package webhook

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"syscall"
)

// Options configure how a [Notifier] reaches the receivers. The environment's proxies are not used,
// because they could reach addresses that the server must not.
type Options struct {
	// Allowed are the networks that may be reached although their addresses are not public.
	Allowed []netip.Prefix
	// Proxy, if not nil, is the URL of a proxy for all requests. It resolves the names of receivers,
	// and so it decides which addresses may be reached.
	Proxy *url.URL
}

// Loopback returns the networks of the machine itself.
func Loopback() []netip.Prefix {
	return prefixes("127.0.0.0/8", "::1/128")
}

// special lists the networks whose addresses are not public (IANA's registries of special-purpose
// addresses). Of IPv6, only the addresses in publicIPv6 that are not listed are public.
var special = []struct {
	kind     string
	networks []netip.Prefix
}{
	{"unspecified", prefixes("0.0.0.0/8", "::/128")},
	{"loopback", Loopback()},
	{"private", prefixes("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")},
	{"shared by a provider's customers", prefixes("100.64.0.0/10")},
	{"link-local", prefixes("169.254.0.0/16", "fe80::/10")},
	{"multicast", prefixes("224.0.0.0/4", "ff00::/8")},
	{"reserved", prefixes(
		"192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
		"168.63.129.16/32", // of Azure's own services within a virtual machine
	)},
}

var (
	publicIPv6 = netip.MustParsePrefix("2000::/3")
	// nat64 holds the addresses by which IPv6 networks reach IPv4 addresses, in the last four bytes.
	nat64 = netip.MustParsePrefix("64:ff9b::/96")
)

func prefixes(texts ...string) []netip.Prefix {
	list := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		list[i] = netip.MustParsePrefix(text)
	}
	return list
}

// contains reports whether one of the networks contains an address.
func contains(networks []netip.Prefix, a netip.Addr) bool {
	return slices.ContainsFunc(networks, func(n netip.Prefix) bool { return n.Contains(a) })
}

// kindOf returns the kind of an address that is not public, or "".
func kindOf(a netip.Addr) string {
	for _, s := range special {
		if contains(s.networks, a) {
			return s.kind
		}
	}
	if a.Is6() && !publicIPv6.Contains(a) {
		return "reserved"
	}
	return ""
}

// addressError is the error of an address that may not be reached.
type addressError struct {
	address netip.Addr
	kind    string
}

func (e *addressError) Error() string {
	return fmt.Sprintf("the address %s is not public (%s): allow it with trueup serve --webhook-allow %[1]s", e.address, e.kind)
}

// policy allows public addresses and those in some networks.
type policy []netip.Prefix

// check returns an error if an address may not be reached.
func (p policy) check(a netip.Addr) error {
	a = a.Unmap().WithZone("")
	if nat64.Contains(a) {
		b := a.As16()
		a = netip.AddrFrom4([4]byte(b[12:]))
	}
	if kind := kindOf(a); kind != "" && !contains(p, a) {
		return &addressError{a, kind}
	}
	return nil
}

// control is a [net.Dialer.ControlContext]. It checks the address that is dialed, which the resolver
// returned.
func (p policy) control(_ context.Context, _, address string, _ syscall.RawConn) error {
	a, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	return p.check(a.Addr())
}

// newDialer returns the dialer for the connections to receivers.
func newDialer(p policy) *net.Dialer {
	return &net.Dialer{Timeout: requestTimeout, ControlContext: p.control}
}

// newTransport returns the transport for all requests. It is used without an [http.Client],
// which would follow redirects to URLs that the account hasn't configured. A redirect doesn't
// acknowledge a delivery.
func newTransport(o Options) *http.Transport {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil
	if o.Proxy == nil {
		transport.DialContext = newDialer(o.Allowed).DialContext
	} else {
		transport.Proxy = http.ProxyURL(o.Proxy)
	}
	transport.MaxIdleConnsPerHost = maxPerNotification
	transport.MaxResponseHeaderBytes = maxResponseHeader
	return transport
}
