package transport_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/trueup-ledger/trueup/client/internal/transport"
)

func TestIgnoredNamesAreSplitAtCommas(t *testing.T) {
	t.Parallel()
	for header, want := range map[string][]string{
		"":             nil,
		"Colour":       {"Colour"},
		"Colour, Size": {"Colour", "Size"},
		"Colour,Size ": {"Colour", "Size"},
	} {
		if got := transport.Ignored(http.Header{"Trueup-Ignored-Parameters": {header}}); !slices.Equal(got, want) {
			t.Errorf("%q: names are %q, want %q", header, got, want)
		}
	}
}
