package main

import (
	"bytes"
	"runtime/debug"
	"strings"
	"time"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// sbom returns the modules that the program is built from, in the JSON of CycloneDX.
func (p *program) sbom() ([]byte, error) {
	root := component(&p.info.Main)
	root.Type = cdx.ComponentTypeApplication
	std := component(&debug.Module{Path: "std", Version: strings.TrimPrefix(p.info.GoVersion, "go")})
	components, refs := []cdx.Component{std}, []string{std.BOMRef}
	for _, module := range p.info.Deps {
		if module.Replace != nil {
			module = module.Replace
		}
		c := component(module)
		components = append(components, c)
		refs = append(refs, c.BOMRef)
	}
	bom := cdx.NewBOM()
	bom.Metadata = &cdx.Metadata{Timestamp: p.time.Format(time.RFC3339), Component: &root}
	bom.Components = &components
	bom.Dependencies = &[]cdx.Dependency{{Ref: root.BOMRef, Dependencies: &refs}}
	var b bytes.Buffer
	err := cdx.NewBOMEncoder(&b, cdx.BOMFileFormatJSON).SetPretty(true).EncodeVersion(bom, cdx.SpecVersion1_6)
	return b.Bytes(), err
}

// component returns a module as a library.
func component(m *debug.Module) cdx.Component {
	url := "pkg:golang/" + m.Path + "@" + m.Version
	return cdx.Component{Type: cdx.ComponentTypeLibrary, BOMRef: url, Name: m.Path, Version: m.Version, PackageURL: url}
}
