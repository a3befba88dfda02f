package forwarded_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/trueup-ledger/trueup/internal/forwarded"
)

func TestTheCallerIsTheLastAddressThatIsNoTrustedProxy(t *testing.T) {
	for name, c := range map[string]struct {
		trusted string
		peer    string
		header  string // the header that is believed; default X-Forwarded-For
		sent    http.Header
		want    string
	}{
		"a direct caller": {"10.0.0.0/8", "192.0.2.1:5", "", nil, "192.0.2.1:5"},
		"a direct caller can't pretend to be another": {"10.0.0.0/8", "192.0.2.1:5", "", http.Header{"X-Forwarded-For": {"198.51.100.7"}}, "192.0.2.1:5"},
		"one proxy":   {"10.0.0.0/8", "10.0.0.1:5", "", http.Header{"X-Forwarded-For": {"198.51.100.7"}}, "198.51.100.7:0"},
		"two proxies": {"10.0.0.0/8", "10.0.0.1:5", "", http.Header{"X-Forwarded-For": {"198.51.100.7, 10.0.0.2"}}, "198.51.100.7:0"},
		"addresses that the caller made up are left of it": {"10.0.0.0/8", "10.0.0.1:5", "", http.Header{"X-Forwarded-For": {"203.0.113.9, 198.51.100.7, 10.0.0.2"}}, "198.51.100.7:0"},
		"made-up trusted addresses are left of it too":     {"10.0.0.0/8", "10.0.0.1:5", "", http.Header{"X-Forwarded-For": {"10.9.9.9, 198.51.100.7"}}, "198.51.100.7:0"},
		"several lines of the header are one list":         {"10.0.0.0/8", "10.0.0.1:5", "", http.Header{"X-Forwarded-For": {"203.0.113.9", "198.51.100.7"}}, "198.51.100.7:0"},
		"a call within the network":                        {"10.0.0.0/8", "10.0.0.1:5", "", http.Header{"X-Forwarded-For": {"10.0.0.9"}}, "10.0.0.9:0"},
		"a proxy that sends no header":                     {"10.0.0.0/8", "10.0.0.1:5", "", nil, "10.0.0.1:5"},
		"an invalid address ends the list":                 {"10.0.0.0/8", "10.0.0.1:5", "", http.Header{"X-Forwarded-For": {"198.51.100.7, unknown, 10.0.0.2"}}, "10.0.0.2:0"},
		"an invalid last address":                          {"10.0.0.0/8", "10.0.0.1:5", "", http.Header{"X-Forwarded-For": {"<script>"}}, "10.0.0.1:5"},
		"an address with a port":                           {"10.0.0.0/8", "10.0.0.1:5", "", http.Header{"X-Forwarded-For": {"198.51.100.7:4711"}}, "198.51.100.7:0"},
		"a trusted address without a length":               {"10.0.0.1", "10.0.0.1:5", "", http.Header{"X-Forwarded-For": {"198.51.100.7"}}, "198.51.100.7:0"},
		"a neighbor of a trusted address":                  {"10.0.0.1", "10.0.0.2:5", "", http.Header{"X-Forwarded-For": {"198.51.100.7"}}, "10.0.0.2:5"},
		"IPv6":                                             {"fd00::/8", "[fd00::1]:5", "", http.Header{"X-Forwarded-For": {"2001:db8::7"}}, "[2001:db8::7]:0"},
		"an IPv4 address as IPv6":                          {"10.0.0.0/8", "[::ffff:10.0.0.1]:5", "", http.Header{"X-Forwarded-For": {"::ffff:198.51.100.7"}}, "198.51.100.7:0"},
		"the other header is ignored":                      {"10.0.0.0/8", "10.0.0.1:5", "", http.Header{"Forwarded": {"for=203.0.113.9"}, "X-Forwarded-For": {"198.51.100.7"}}, "198.51.100.7:0"},
		"Forwarded": {
			"10.0.0.0/8", "10.0.0.1:5", forwarded.Forwarded,
			http.Header{"Forwarded": {`for=203.0.113.9, For="198.51.100.7:4711";proto=https;by=10.0.0.2, for=10.0.0.2`}, "X-Forwarded-For": {"203.0.113.1"}},
			"198.51.100.7:0",
		},
		"Forwarded with IPv6": {"10.0.0.0/8", "10.0.0.1:5", forwarded.Forwarded, http.Header{"Forwarded": {`proto=https;for="[2001:db8::7]:4711"`}}, "[2001:db8::7]:0"},
		"Forwarded without an address": {
			"10.0.0.0/8", "10.0.0.1:5", forwarded.Forwarded, http.Header{"Forwarded": {`for=198.51.100.7, for=_hidden`}}, "10.0.0.1:5",
		},
		"a quote that the caller left open": {
			"10.0.0.0/8", "10.0.0.1:5", forwarded.Forwarded, http.Header{"Forwarded": {`for="203.0.113.9, for=198.51.100.7`}}, "198.51.100.7:0",
		},
	} {
		t.Run(name, func(t *testing.T) {
			networks, err := forwarded.ParseNetworks([]string{c.trusted})
			if err != nil {
				t.Fatal(err)
			}
			p := forwarded.Proxies{Networks: networks, Header: forwarded.XForwardedFor}
			if c.header != "" {
				p.Header = c.header
			}
			var got string
			handler := p.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.RemoteAddr }))
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
			r.RemoteAddr = c.peer
			if c.sent != nil {
				r.Header = c.sent
			}
			handler.ServeHTTP(httptest.NewRecorder(), r)
			if got != c.want {
				t.Errorf("the caller is %s, want %s", got, c.want)
			}
		})
	}
}

func TestHeadersAreIgnoredWithoutTrustedProxies(t *testing.T) {
	var got string
	handler := forwarded.Proxies{Header: forwarded.XForwardedFor}.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.RemoteAddr }))
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	r.RemoteAddr = "10.0.0.1:5"
	r.Header.Set("X-Forwarded-For", "198.51.100.7")
	handler.ServeHTTP(httptest.NewRecorder(), r)
	if got != "10.0.0.1:5" {
		t.Errorf("the caller is %s", got)
	}
}

func TestNetworksThatAreNoneAreErrors(t *testing.T) {
	for _, text := range []string{"", "proxy.example", "10.0.0.0/33", "10.0.0.1:80"} {
		if networks, err := forwarded.ParseNetworks([]string{"10.0.0.0/8", text}); err == nil {
			t.Errorf("%q is %v", text, networks)
		}
	}
}
