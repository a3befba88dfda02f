package browsertest_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/trueup-ledger/trueup/internal/console/browsertest"
)

// assets is the folder of the files that the console embeds.
const assets = "../assets/files"

// own are the assets that are part of this project.
var own = []string{"console.css", "console.js", "icon.svg"}

// vendored are the assets from npm packages, which tools/browser/package-lock.json pins.
var vendored = map[string]struct{ original, sha256 string }{
	"htmx-2.0.11.min.js": {"htmx.org/dist/htmx.min.js", "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"},
	"htmx-LICENSE.txt":   {"htmx.org/LICENSE", "d3d2456f76414f2456104660ebd65aff1c04cd7966b942bdabd63f3cdb316a38"},
}

func TestEveryAssetIsOursOrPinned(t *testing.T) {
	entries, err := os.ReadDir(assets)
	if err != nil {
		t.Fatal(err)
	}
	expected := len(own) + len(vendored)
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(assets, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		v, pinned := vendored[e.Name()]
		sum := sha256.Sum256(content)
		switch {
		case !pinned && !slices.Contains(own, e.Name()):
			t.Errorf("%s is neither in own nor in vendored", e.Name())
		case pinned && hex.EncodeToString(sum[:]) != v.sha256:
			t.Errorf("%s has the SHA-256 %x, want %s", e.Name(), sum, v.sha256)
		}
	}
	if len(entries) != expected {
		t.Errorf("the folder has %d files, want %d", len(entries), expected)
	}
}

func TestVendoredAssetsAreThoseOfTheirPackages(t *testing.T) {
	modules := browsertest.Modules(t)
	for name, v := range vendored {
		got, err := os.ReadFile(filepath.Join(assets, name))
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(filepath.Join(modules, filepath.FromSlash(v.original)))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s differs from %s", name, v.original)
		}
	}
}
