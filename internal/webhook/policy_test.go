package webhook_test

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/webhook"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// resolver resolves every name to 127.0.0.1.
var resolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	go respond(theirs)
	return ours, nil
}}

// respond reads a DNS query and writes its response. Each has its length in front of it.
func respond(conn net.Conn) {
	defer conn.Close()
	var length [2]byte
	if _, err := io.ReadFull(conn, length[:]); err != nil {
		return
	}
	message := make([]byte, binary.BigEndian.Uint16(length[:]))
	if _, err := io.ReadFull(conn, message); err != nil {
		return
	}
	question := 12
	for message[question] != 0 { // the labels of the name
		question += int(message[question]) + 1
	}
	isAddress := message[question+2] == 1 // type A; the response to others is empty
	message = message[:question+5]
	message[2], message[3] = message[2]|0x80, 0x80 // a response, from a recursive server
	copy(message[6:12], []byte{0, 0, 0, 0, 0, 0})  // no records, except
	if isAddress {
		message[7] = 1
		message = slices.Concat(message, []byte{0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1})
	}
	_, _ = conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(message))), message...))
}

// port returns the port of the receiver.
func (h *harness) port() string {
	h.Helper()
	u, err := url.Parse(h.url)
	if err != nil {
		h.Fatal(err)
	}
	return u.Port()
}

func TestAddressesThatAreNotPublicAreRefused(t *testing.T) {
	for host, kind := range map[string]string{
		"127.0.0.1": "loopback", "[::ffff:127.0.0.1]": "loopback", "localhost": "loopback", "receiver.example": "loopback",
		"0.0.0.0": "unspecified", "169.254.169.254": "link-local", "10.255.255.1": "private", "[fd00::1]": "private",
	} {
		t.Run(host, func(t *testing.T) {
			h := newHarness(t)
			h.SetPolicy(nil, resolver)
			h.notify(program.Notification{URL: "http://" + host + ":" + h.port() + "/?secret=hush"})
			h.apply(order("O"))
			h.want(h.deliverURIs(), "", "requests")
			pending := h.pending()
			if !strings.HasPrefix(pending, "1 WAITING after 1: 0 the address ") || !strings.Contains(pending, "is not public ("+kind+"): allow it with trueup serve --webhook-allow ") {
				t.Errorf("deliveries: %s", pending)
			}
			if strings.Contains(pending+h.log.String(), "hush") {
				t.Errorf("deliveries %q, the log is %s", pending, h.log.String())
			}
		})
	}
}

func TestAllowedNamesAreReached(t *testing.T) {
	h := newHarness(t)
	h.SetPolicy(webhook.Loopback(), resolver)
	h.notify(program.Notification{URL: "http://receiver.example:" + h.port() + "/named"})
	h.apply(order("O"))
	h.want(h.deliverURIs(), "/named", "requests")
}

func TestRefusedEventsAreSentOnceTheAddressIsAllowed(t *testing.T) {
	h := newHarness(t)
	h.SetPolicy(nil, nil)
	h.notify(program.Notification{})
	h.apply(order("O"))
	h.want(h.deliverURIs(), "", "requests while the address is not allowed")
	h.SetPolicy(webhook.Loopback(), nil)
	h.advance(webhook.Backoff(1))
	h.want(h.deliverURIs(), tracked, "requests once it is")
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	h := newHarness(t)
	h.notify(program.Notification{URL: "/first"})
	h.respond(func(r received) int {
		if r.uri == "/first" {
			return http.StatusTemporaryRedirect
		}
		return http.StatusOK
	})
	h.apply(order("O"))
	h.want(h.deliverURIs(), "/first", "requests")
	h.want(h.pending(), "1 WAITING after 1: 307 response status 307", "deliveries")
}

func TestOnlyTheProxyOfTheOptionsIsUsed(t *testing.T) {
	var requested string
	proxy := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { requested = r.RequestURI }))
	t.Cleanup(proxy.Close)
	u, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	h := newHarness(t)
	h.notify(program.Notification{URL: "http://receiver.example/by-proxy"})
	h.SetTransport(webhook.Options{Proxy: u})
	h.apply(order("O"))
	h.deliver()
	h.want(requested, "http://receiver.example/by-proxy", "the proxy's request")
	h.want(h.pending(), "", "deliveries")
	if webhook.NewTransport(webhook.Options{}).Proxy != nil {
		t.Error("the environment selects a proxy")
	}
}
