package main

import (
	"archive/tar"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// writeArchive writes an image as an OCI layout, with the manifest.json that docker load reads.
func writeArchive(name, version string, image v1.Image) (err error) {
	dir, err := os.MkdirTemp("", "pack-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	oci, err := layout.Write(dir, empty.Index)
	if err != nil {
		return err
	}
	err = oci.AppendImage(image, layout.WithAnnotations(map[string]string{"org.opencontainers.image.ref.name": version}))
	if err != nil {
		return err
	}
	manifest, err := dockerManifest("trueup:"+version, image)
	if err != nil {
		return err
	}
	if err := oci.WriteFile("manifest.json", manifest, 0o644); err != nil {
		return err
	}
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return writeTar(f, os.DirFS(dir))
}

// dockerManifest returns the manifest.json of an archive whose blobs are those of an OCI layout.
func dockerManifest(tag string, image v1.Image) ([]byte, error) {
	config, err := image.ConfigName()
	if err != nil {
		return nil, err
	}
	layers, err := image.Layers()
	if err != nil {
		return nil, err
	}
	m := tarball.Descriptor{Config: blob(config), RepoTags: []string{tag}}
	for _, layer := range layers {
		digest, err := layer.Digest()
		if err != nil {
			return nil, err
		}
		m.Layers = append(m.Layers, blob(digest))
	}
	return json.Marshal(tarball.Manifest{m})
}

func blob(digest v1.Hash) string { return path.Join("blobs", digest.Algorithm, digest.Hex) }

// writeTar writes the files of a folder in the order of their names, without times and owners.
func writeTar(f *os.File, files fs.FS) error {
	w := tar.NewWriter(f)
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(content))}); err != nil {
			return err
		}
		_, err = w.Write(content)
		return err
	})
	if err != nil {
		return err
	}
	return w.Close()
}
