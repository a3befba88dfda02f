package operate

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/client/admin"
	"github.com/trueup-ledger/trueup/internal/cli"
)

func TestRetainCountsTheOrdersOfBridges(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"removed":{"bridge_orders":7}}`)
	}))
	t.Cleanup(server.Close)
	c, err := admin.New(admin.Options{BaseURL: server.URL, SID: "sid", Token: "token"})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	command := Retain{}
	command.Reason = "a test"
	if err := command.Do(t.Context(), &cli.Session{Streams: cli.Streams{Out: &out}, Admin: c, Account: 1}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "orders of bridges: 7.") {
		t.Errorf("output is %q", out.String())
	}
}
