package main

import (
	"archive/tar"
	"bytes"
	"crypto/x509"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/v1/mutate"
)

// example returns a program that the go command could have built.
func example(t *testing.T) *program {
	t.Helper()
	path := filepath.Join(t.TempDir(), "trueup")
	if err := os.WriteFile(path, []byte("program"), 0o755); err != nil {
		t.Fatal(err)
	}
	return &program{
		path: path,
		info: &debug.BuildInfo{
			GoVersion: "go1.26.8",
			Main:      debug.Module{Path: "example.com/trueup", Version: "v1.0.0"},
			Deps: []*debug.Module{
				{Path: "example.com/a", Version: "v1.2.0"},
				{Path: "example.com/b", Version: "v1.0.0", Replace: &debug.Module{Path: "example.com/fork", Version: "v1.1.0"}},
			},
		},
		settings: map[string]string{"GOARCH": "arm64", "vcs.revision": "abc"},
		time:     time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
	}
}

func TestImage(t *testing.T) {
	image, err := example(t).image([]byte("{}"))
	if err != nil {
		t.Fatal(err)
	}
	config, err := image.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	if config.Architecture != "arm64" || config.Config.User != "65532:65532" || len(config.RootFS.DiffIDs) != 2 {
		t.Errorf("got architecture %s, user %s, %d layers", config.Architecture, config.Config.User, len(config.RootFS.DiffIDs))
	}

	files, owners := make(map[string][]byte), make(map[string]int)
	content := mutate.Extract(image)
	defer content.Close()
	for r := tar.NewReader(content); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		owners[header.Name] = header.Uid
		if files[header.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	if string(files["etc/passwd"]) != "root:x:0:0:root:/:\ntrueup:x:65532:65532:trueup:/var/lib/trueup:\n" {
		t.Errorf("passwd is %q", files["etc/passwd"])
	}
	if string(files["usr/bin/trueup"]) != "program" || string(files["usr/share/sbom/trueup.cdx.json"]) != "{}" {
		t.Errorf("the image has the files %v", owners)
	}
	for name, owner := range owners {
		if want := map[string]int{"var/lib/trueup": 65532}[filepath.Clean(name)]; owner != want {
			t.Errorf("%s belongs to %d, want %d", name, owner, want)
		}
	}
	certificates := files["etc/ssl/certs/ca-certificates.crt"]
	if !x509.NewCertPool().AppendCertsFromPEM(certificates) || bytes.Count(certificates, []byte("BEGIN CERTIFICATE")) < 100 {
		t.Error("the root certificates can't be parsed, or are too few")
	}
}

func TestArchivesOfAProgramAreEqual(t *testing.T) {
	p := example(t)
	var archives [2][]byte
	for i := range archives {
		image, err := p.image(nil)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(t.TempDir(), "image.tar")
		if err := writeArchive(name, "1.0.0", image); err != nil {
			t.Fatal(err)
		}
		if archives[i], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(archives[0], archives[1]) {
		t.Error("two archives of one program differ")
	}
}

func TestBillOfMaterialsListsModules(t *testing.T) {
	sbom, err := example(t).sbom()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"example.com/trueup@v1.0.0", "std@1.26.8", "example.com/a@v1.2.0", "example.com/fork@v1.1.0"} {
		if !bytes.Contains(sbom, []byte(`"purl": "pkg:golang/`+want+`"`)) {
			t.Errorf("%s is missing in %s", want, sbom)
		}
	}
	if bytes.Contains(sbom, []byte("example.com/b")) {
		t.Error("a replaced module is listed")
	}
}
