// Package assets holds the style sheet, the scripts and the icon of the console. Their URLs contain
// a hash of their content, so that browsers can keep them forever.
package assets

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

//go:embed files
var files embed.FS

// Root is the path of all assets.
const Root = "/console/assets/"

type asset struct {
	content []byte
	kind    string
	// name has the hash of the content before its extension.
	name string
}

// byName holds the assets by file name, byURL by their name with the hash.
var byName, byURL = load()

func load() (byName, byURL map[string]asset) {
	entries, err := files.ReadDir("files")
	if err != nil {
		panic(err) // the folder is embedded
	}
	byName, byURL = make(map[string]asset), make(map[string]asset)
	for _, entry := range entries {
		content, err := files.ReadFile("files/" + entry.Name())
		if err != nil {
			panic(err)
		}
		hash := sha256.Sum256(content)
		extension := path.Ext(entry.Name())
		a := asset{
			content: content, kind: mime.TypeByExtension(extension),
			name: strings.TrimSuffix(entry.Name(), extension) + "." + base64.RawURLEncoding.EncodeToString(hash[:9]) + extension,
		}
		byName[entry.Name()], byURL[a.name] = a, a
	}
	return byName, byURL
}

// URL returns the path of the asset with a file name. It panics if there is none, which the first
// page would show.
func URL(name string) string {
	a, found := byName[name]
	if !found {
		panic("assets: no file " + name)
	}
	return Root + a.name
}

// Handler serves the assets below [Root].
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, found := byURL[strings.TrimPrefix(r.URL.Path, Root)]
		if !found {
			http.NotFound(w, r)
			return
		}
		header := w.Header()
		header.Set("Content-Type", a.kind)
		header.Set("Content-Length", strconv.Itoa(len(a.content)))
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
		if r.Method != http.MethodHead {
			_, _ = w.Write(a.content) // the caller may have disconnected
		}
	})
}
