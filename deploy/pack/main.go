// Pack writes the container image of a program for Linux and its bill of materials.
//
//	pack -version VERSION -image FILE -sbom FILE PROGRAM
//
// The image has no base: it holds the program, root certificates and two folders. It is an archive
// that docker load and podman load read, and an OCI layout for other tools. Versions and times are
// those that the go command recorded in the program, so that the files are reproducible.
package main

import (
	"debug/buildinfo"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"time"
)

func main() {
	version := flag.String("version", "latest", "tag of the image")
	imageFile := flag.String("image", "", "file of the image")
	sbomFile := flag.String("sbom", "", "file of the bill of materials, in the JSON of CycloneDX")
	flag.Parse()
	if flag.NArg() != 1 || *imageFile == "" || *sbomFile == "" {
		flag.Usage()
		os.Exit(2)
	}
	if err := pack(flag.Arg(0), *version, *imageFile, *sbomFile); err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
}

func pack(path, version, imageFile, sbomFile string) error {
	p, err := readProgram(path)
	if err != nil {
		return err
	}
	sbom, err := p.sbom()
	if err != nil {
		return err
	}
	if err := os.WriteFile(sbomFile, sbom, 0o644); err != nil { //nolint:gosec // everyone may read a release
		return err
	}
	image, err := p.image(sbom)
	if err != nil {
		return err
	}
	return writeArchive(imageFile, version, image)
}

// program is a program for Linux, with the build information that the go command recorded in it.
type program struct {
	path     string
	info     *debug.BuildInfo
	settings map[string]string
	time     time.Time // of the commit
}

func readProgram(path string) (*program, error) {
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return nil, err
	}
	p := &program{path: path, info: info, settings: make(map[string]string)}
	for _, s := range info.Settings {
		p.settings[s.Key] = s.Value
	}
	if p.settings["GOOS"] != "linux" || p.settings["CGO_ENABLED"] != "0" {
		return nil, errors.New("the program is not a static one for Linux: build it with GOOS=linux CGO_ENABLED=0")
	}
	p.time, err = time.Parse(time.RFC3339, p.settings["vcs.time"])
	if err != nil {
		return nil, fmt.Errorf("the program doesn't record its commit: build it with -buildvcs=true: %w", err)
	}
	return p, nil
}
