package client_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/trueup-ledger/trueup/client"
)

func TestListsOfActionsAndUpdatesHaveNoMaximum(t *testing.T) {
	t.Parallel()
	asked := make(map[string]string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked[r.URL.Path] = r.URL.Query().Get("Total")
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"Actions":[],"ActionUpdates":[],"@nextpageuri":""}`)
	}))
	t.Cleanup(server.Close)
	c, err := client.New(client.Options{BaseURL: server.URL, SID: "sid", Token: "token"})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range c.Actions(t.Context(), client.ActionFilter{}) {
		t.Error(err)
	}
	for _, err := range c.Updates(t.Context(), client.UpdateFilter{}) {
		t.Error(err)
	}
	for _, list := range []string{"Actions", "ActionUpdates"} {
		if got := asked["/Advertisers/sid/"+list]; got != "false" {
			t.Errorf("%s: Total is %q", list, got)
		}
	}
}
