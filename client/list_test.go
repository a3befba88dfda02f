package client_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/trueup-ledger/trueup/client"
)

func TestNextPageURIIsSentAsItIs(t *testing.T) {
	t.Parallel()
	var paths []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		paths = append(paths, r.URL.RequestURI())
		w.Header().Set("Content-Type", "application/json")
		next := map[bool]string{true: "/Brands/sid/Ads?Page=2"}[len(paths) == 1]
		_, _ = io.WriteString(w, `{"Ads":[],"@nextpageuri":"`+next+`"}`)
	}))
	t.Cleanup(server.Close)
	c, err := client.New(client.Options{BaseURL: server.URL, SID: "sid", Token: "token"})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range c.Collection(t.Context(), "/Ads", "Ads", nil) {
		t.Error(err)
	}
	if want := []string{"/Advertisers/sid/Ads", "/Brands/sid/Ads?Page=2"}; !slices.Equal(paths, want) {
		t.Errorf("requests are %q, want %q", paths, want)
	}
}
