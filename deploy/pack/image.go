package main

import (
	"archive/tar"
	"bytes"
	"encoding/pem"
	"fmt"
	"io"
	"os"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"golang.org/x/crypto/x509roots/fallback/bundle"
)

const (
	source = "https://github.com/trueup-ledger/trueup"
	data   = "/var/lib/trueup"
	// user is the user and the group of the process. Images without root commonly use it.
	user = 65532
)

// image returns the image. Its first layer changes only with the root certificates.
func (p *program) image(sbom []byte) (v1.Image, error) {
	binary, err := os.ReadFile(p.path)
	if err != nil {
		return nil, err
	}
	base, err := layer([]file{
		{name: "etc/", mode: 0o755},
		{name: "etc/group", mode: 0o644, content: fmt.Appendf(nil, "root:x:0:\ntrueup:x:%d:\n", user)},
		{name: "etc/passwd", mode: 0o644, content: fmt.Appendf(nil, "root:x:0:0:root:/:\ntrueup:x:%d:%[1]d:trueup:%s:\n", user, data)},
		{name: "etc/ssl/", mode: 0o755},
		{name: "etc/ssl/certs/", mode: 0o755},
		{name: "etc/ssl/certs/ca-certificates.crt", mode: 0o644, content: rootCertificates()},
		{name: "tmp/", mode: 0o1777},
		{name: "var/", mode: 0o755},
		{name: "var/lib/", mode: 0o755},
		{name: "var/lib/trueup/", mode: 0o700, owner: user},
	})
	if err != nil {
		return nil, err
	}
	own, err := layer([]file{
		{name: "usr/", mode: 0o755},
		{name: "usr/bin/", mode: 0o755},
		{name: "usr/bin/trueup", mode: 0o755, content: binary},
		{name: "usr/share/", mode: 0o755},
		{name: "usr/share/sbom/", mode: 0o755},
		{name: "usr/share/sbom/trueup.cdx.json", mode: 0o644, content: sbom},
	})
	if err != nil {
		return nil, err
	}
	image := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	if image, err = mutate.AppendLayers(image, base, own); err != nil {
		return nil, err
	}
	config, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	config = config.DeepCopy()
	config.OS, config.Architecture, config.Created = "linux", p.settings["GOARCH"], v1.Time{Time: p.time}
	config.Config = v1.Config{
		Entrypoint: []string{"/usr/bin/trueup"},
		Cmd:        []string{"serve"},
		// The data folder, rather than TRUEUP_DATA, so that TRUEUP_STORE alone replaces the ledger.
		Env:          []string{"PATH=/usr/bin", "XDG_DATA_HOME=/var/lib", "TRUEUP_LISTEN=0.0.0.0:8080"},
		User:         fmt.Sprintf("%d:%[1]d", user), // Kubernetes can't see that a name isn't root's
		WorkingDir:   data,
		Volumes:      map[string]struct{}{data: {}},
		ExposedPorts: map[string]struct{}{"8080/tcp": {}},
		Labels: map[string]string{
			"org.opencontainers.image.title":         "Trueup",
			"org.opencontainers.image.description":   "Ledger of partner commissions",
			"org.opencontainers.image.licenses":      "Apache-2.0",
			"org.opencontainers.image.source":        source,
			"org.opencontainers.image.documentation": source + "/blob/main/docs/operations.md",
			"org.opencontainers.image.version":       p.info.Main.Version,
			"org.opencontainers.image.revision":      p.settings["vcs.revision"],
			"org.opencontainers.image.created":       p.time.Format(time.RFC3339),
		},
	}
	return mutate.ConfigFile(image, config)
}

// file is a file of a layer, or a folder if its name ends in a slash.
type file struct {
	name    string
	mode    int64
	owner   int // user and group
	content []byte
}

// layer returns a layer of files without times, so that the same files are the same layer.
func layer(files []file) (v1.Layer, error) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		header := &tar.Header{Name: f.name, Mode: f.mode, Uid: f.owner, Gid: f.owner, Size: int64(len(f.content))}
		if err := w.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := w.Write(f.content); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	open := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b.Bytes())), nil }
	return tarball.LayerFromOpener(open, tarball.WithMediaType(types.OCILayer), tarball.WithCompressedCaching)
}

// rootCertificates returns Mozilla's root certificates. Those with conditions that a file can't
// express are left out.
func rootCertificates() []byte {
	var b bytes.Buffer
	for root := range bundle.Roots() {
		if root.Constraint == nil {
			b.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Certificate}))
		}
	}
	return b.Bytes()
}
