package webhook_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/trueup-ledger/trueup/ledger/program"
)

// TestInvalidResponseIsNotAnAcknowledgement uses receivers that write raw bytes and leave
// the connection open.
func TestInvalidResponseIsNotAnAcknowledgement(t *testing.T) {
	for name, c := range map[string]struct{ response, want string }{
		"another protocol": {"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n", "101 response status 101"},
		"a redirect to an invalid URL": {
			"HTTP/1.1 302 Found\r\nLocation: http://[::1/?secret=hush\r\nContent-Length: 0\r\n\r\n", "302 response status 302",
		},
		"a status line that is not text": {"HTTP/1.1 \xff\x00\xfe OK\r\n\r\n", "0 net/http: HTTP/1.x transport connection broken"},
		"a long status line":             {"HTTP/1.1 " + strings.Repeat("é", 200) + " OK\r\n\r\n", "0 net/http: HTTP/1.x transport connection broken"},
	} {
		t.Run(name, func(t *testing.T) {
			receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				conn, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				t.Cleanup(func() { _ = conn.Close() })
				if _, err := conn.Write([]byte(c.response)); err != nil && !strings.Contains(err.Error(), net.ErrClosed.Error()) {
					t.Error(err)
				}
			}))
			t.Cleanup(receiver.Close)
			h := newHarness(t)
			h.notify(program.Notification{URL: receiver.URL + "/"})
			h.apply(order("O"))
			h.deliver()
			pending := h.pending()
			if !strings.HasPrefix(pending, "1 WAITING after 1: "+c.want) || !utf8.ValidString(pending) || strings.Contains(pending, "\x00") {
				t.Errorf("deliveries %q, want %q", pending, c.want)
			}
			if len(pending) > 250 || strings.Contains(pending+h.log.String(), "hush") {
				t.Errorf("deliveries %q, the log is %s", pending, h.log.String())
			}
		})
	}
}
