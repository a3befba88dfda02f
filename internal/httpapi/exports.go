package httpapi

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/trueup-ledger/trueup/internal/export"
	"github.com/trueup-ledger/trueup/internal/fair"
	"github.com/trueup-ledger/trueup/internal/store"
)

const (
	exportsPath = "/Exports/"
	// maxExports is the maximum number of exports that run at the same time. An account may
	// use half of them.
	maxExports = 4
)

// exportRoutes returns a route for each resource of package export.
func exportRoutes() []route {
	var all []route
	for _, r := range export.Resources {
		all = append(all, route{http.MethodGet, exportsPath + r.Name, r.Scopes[0], func(c *call) error { return c.getExport(r) }})
	}
	return all
}

// getExport writes an export while it is read. The snapshot is open for that time, so the
// connection of a slow reader is closed.
func (c *call) getExport(resource export.Resource) error {
	x, err := resource.Decode(c.params, c.env())
	if err := cmp.Or(resource.Permit(c.token.Allows), err); err != nil {
		return err
	}
	w := fileWriter{c, export.MediaTypes[x.Format], x.Name}
	if c.r.Method == http.MethodHead {
		_, err := w.Write(nil)
		return err
	}
	return fair.Use(c.r.Context(), c.api.exports, c.token.Account, func() error {
		ctx, cancel := context.WithTimeout(c.r.Context(), export.MaxDuration)
		defer cancel()
		return c.api.store.Export(ctx, c.token.Account, func(r store.ExportReader) error {
			c.deadline = time.Now().Add(export.MaxDuration)
			return c.abort(x.Write(w, r, c.encoder()))
		})
	})
}

// fileWriter writes a response that is a file.
type fileWriter struct {
	*call
	mediaType, name string
}

// Write writes a chunk, after the header if that is not written yet.
func (w fileWriter) Write(b []byte) (int, error) {
	if !w.started {
		w.call.mediaType = w.mediaType
		w.call.w.Header().Set("Content-Disposition", "attachment; filename="+w.name)
		w.writeHeader(http.StatusOK)
	}
	return len(b), w.writeChunk(b)
}
