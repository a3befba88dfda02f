package httpapi

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"syscall"

	"github.com/trueup-ledger/trueup/internal/fair"
	"github.com/trueup-ledger/trueup/internal/httpapi/form"
	"github.com/trueup-ledger/trueup/internal/httpapi/spool"
	"github.com/trueup-ledger/trueup/internal/paced"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
)

const (
	// maxUploads is the maximum number of files in memory at the same time. maxUploadsEach is
	// the maximum number of files that an account may be sending or have in memory.
	maxUploads, maxUploadsEach = 8, 2
)

// uploads limits the uploads of each account, and lends slots for files in memory.
type uploads struct {
	quota  fair.Quota
	memory fair.Scheduler
	// folder is that of temporary files, or empty for that of the system.
	folder string
}

// SpoolTo sets the folder for the bodies of uploads that are being received. The default is
// the system's folder of temporary files. SpoolTo must be called before the first request.
func (a *API) SpoolTo(folder string) { a.uploads.folder = folder }

// serveUpload receives an upload and calls serve, which decodes and serves it. The file is in
// memory only then, so that slow senders can't use up the memory that is meant for files. It
// checks the scope first, because the body of a forbidden request must not be read.
func (c *call) serveUpload(serve func() error) error {
	if scope := store.ResourceFiles.Write(); !c.token.Allows(scope) {
		return forbidden("This token lacks the scope " + string(scope))
	}
	u := &c.api.uploads
	if !u.quota.Acquire(c.token.Account) {
		return store.ErrBusy
	}
	defer u.quota.Release(c.token.Account)
	body, err := c.spool()
	if err != nil {
		return err
	}
	defer func() {
		if err := body.Close(); err != nil {
			c.api.log.Warn("closing a temporary file failed", "request", c.id, "error", err)
		}
	}()
	c.form = body
	return fair.Use(c.r.Context(), u.memory, c.token.Account, serve)
}

// spool reads the body into a temporary file.
func (c *call) spool() (io.ReadCloser, error) {
	body := http.MaxBytesReader(c.w, c.r.Body, c.api.inbox.MaxSize()+wire.MaxBody)
	file, err := spool.Copy(c.api.uploads.folder, c.paced(body, uploadLimits))
	switch {
	case errors.As(err, new(spool.Error)):
		return nil, c.spoolError(err)
	case err != nil:
		return nil, c.uploadError(err)
	}
	return file, nil
}

// spoolError logs that a temporary file can't be written and returns the error for the
// caller.
func (c *call) spoolError(err error) error {
	message := "The server can't store the file; send it again later"
	if errors.Is(err, syscall.ENOSPC) {
		message = "The server's disk is full; send the file again later"
	}
	c.api.log.Error("receiving a file failed", "request", c.id, "error", err)
	c.w.Header().Set("Retry-After", "10")
	return &wire.Error{Status: http.StatusServiceUnavailable, Message: message}
}

// readUpload reads a form with a batch file and parameters.
func (c *call) readUpload() (err error) {
	if c.params, err = wire.ParseParams(c.r.URL.RawQuery, "", nil); err != nil {
		return err
	}
	if c.upload, err = form.Read(c.form, c.r.Header.Get("Content-Type"), c.params, c.api.inbox.MaxSize()); err != nil {
		return c.uploadError(err)
	}
	return nil
}

// uploadError returns the error for a form that can't be read.
func (c *call) uploadError(err error) error {
	wireError := (*wire.Error)(nil)
	tooLarge := (*http.MaxBytesError)(nil)
	switch {
	case errors.As(err, &wireError):
		return err
	case errors.As(err, &tooLarge):
		return form.TooLarge(c.api.inbox.MaxSize())
	case errors.Is(err, paced.ErrTooSlow):
		return c.bodyTooSlow()
	default:
		return &wire.Error{Status: http.StatusBadRequest, Message: "The request's body is incomplete, or not multipart/form-data"}
	}
}

// isUpload reports whether the request is a form with a batch file.
func (c *call) isUpload(path string) bool {
	if c.r.Method != http.MethodPost || !strings.HasSuffix(path, filesPath) {
		return false
	}
	media, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	return err == nil && media == form.MediaType
}
