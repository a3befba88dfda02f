package client_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/trueup-ledger/trueup/client"
)

func TestListsOfActionsAndUpdatesHaveNoMaximum(t *testing.T) {
	t.Parallel()
	for name, original := range map[string]bool{"a Trueup server": false, "the Brand API": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requested := make(map[string][]string)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				requested[r.URL.Path] = r.URL.Query()["Total"]
				w.Header().Set("Content-Type", "application/json")
				_, _ = io.WriteString(w, `{"Actions":[],"ActionUpdates":[],"@nextpageuri":""}`)
			}))
			t.Cleanup(server.Close)
			c, err := client.New(client.Options{BaseURL: server.URL, SID: "sid", Token: "token", Original: original})
			if err != nil {
				t.Fatal(err)
			}
			for _, err := range c.Actions(t.Context(), client.ActionFilter{}) {
				t.Error(err)
			}
			for _, err := range c.Updates(t.Context(), client.UpdateFilter{}) {
				t.Error(err)
			}
			want := []string{"false"}
			if original { // it doesn't have the parameter
				want = nil
			}
			for _, list := range []string{"Actions", "ActionUpdates"} {
				if got, found := requested["/Advertisers/sid/"+list]; !found || !slices.Equal(got, want) {
					t.Errorf("%s: Total is %q, want %q", list, got, want)
				}
			}
		})
	}
}
