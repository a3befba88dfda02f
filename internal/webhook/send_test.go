package webhook_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/trueup-ledger/trueup/ledger"
)

// TestAStrangeAnswerIsNoAcknowledgementAndHoldsNothingUp has receivers that answer bytes
// of their own and leave the connection open.
func TestAStrangeAnswerIsNoAcknowledgementAndHoldsNothingUp(t *testing.T) {
	for name, c := range map[string]struct{ answer, want string }{
		"another protocol": {"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n", "101 answered 101"},
		"a redirect to where nothing is": {
			"HTTP/1.1 302 Found\r\nLocation: http://[::1/?secret=hush\r\nContent-Length: 0\r\n\r\n", "302 answered 302",
		},
		"bytes that are no text": {"HTTP/1.1 \xff\x00\xfe OK\r\n\r\n", "0 net/http: HTTP/1.x transport connection broken"},
		"much of it":             {"HTTP/1.1 " + strings.Repeat("é", 200) + " OK\r\n\r\n", "0 net/http: HTTP/1.x transport connection broken"},
	} {
		t.Run(name, func(t *testing.T) {
			receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				conn, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				t.Cleanup(func() { _ = conn.Close() })
				if _, err := conn.Write([]byte(c.answer)); err != nil && !strings.Contains(err.Error(), net.ErrClosed.Error()) {
					t.Error(err)
				}
			}))
			t.Cleanup(receiver.Close)
			o := open(t)
			o.notify(ledger.Notification{URL: receiver.URL + "/"})
			o.apply(order("O"))
			o.tell()
			kept := o.kept()
			if !strings.HasPrefix(kept, "1 WAITING after 1: "+c.want) || !utf8.ValidString(kept) || strings.Contains(kept, "\x00") {
				t.Errorf("deliveries %q, want %q", kept, c.want)
			}
			if len(kept) > 250 || strings.Contains(kept+o.log.String(), "hush") {
				t.Errorf("deliveries %q, the log is %s", kept, o.log.String())
			}
		})
	}
}
