package httpapi

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"strconv"
	"strings"
	"syscall"

	"github.com/trueup-ledger/trueup/internal/fair"
	"github.com/trueup-ledger/trueup/internal/httpapi/spool"
	"github.com/trueup-ledger/trueup/internal/paced"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
)

const (
	// maxUploads is the maximum number of files in memory at the same time. maxUploadsEach is
	// the maximum number of files that an account may be sending or have in memory.
	maxUploads, maxUploadsEach = 8, 2
	// maxFileName is the maximum length of a file name in characters.
	maxFileName = 255
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
	_, parameters, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || parameters["boundary"] == "" {
		return &wire.Error{Status: http.StatusBadRequest, Message: "multipart/form-data needs a boundary"}
	}
	for r := multipart.NewReader(c.form, parameters["boundary"]); ; {
		part, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = c.readPart(part)
		}
		if err != nil {
			return c.uploadError(err)
		}
	}
}

// uploadError returns the error for a form that can't be read.
func (c *call) uploadError(err error) error {
	wireError := (*wire.Error)(nil)
	tooLarge := (*http.MaxBytesError)(nil)
	switch {
	case errors.As(err, &wireError):
		return err
	case errors.As(err, &tooLarge):
		return c.fileTooLarge()
	case errors.Is(err, paced.ErrTooSlow):
		return c.bodyTooSlow()
	default:
		return &wire.Error{Status: http.StatusBadRequest, Message: "The request's body is incomplete, or not multipart/form-data"}
	}
}

// fileTooLarge returns the error for a file that is too large.
func (c *call) fileTooLarge() error {
	return &wire.Error{
		Status:  http.StatusRequestEntityTooLarge,
		Message: "Send files of at most " + strconv.FormatInt(c.api.inbox.MaxSize()>>20, 10) + " MiB; split this one",
	}
}

// readPart reads a part of the form: the file or a parameter.
func (c *call) readPart(part *multipart.Part) error {
	if part.FileName() == "" {
		value, err := io.ReadAll(part)
		if err != nil {
			return err
		}
		return c.params.Add(part.FormName(), string(value))
	}
	if c.upload.Content != nil {
		return &wire.Error{Status: http.StatusBadRequest, Message: "Send one file for each request"}
	}
	content, err := io.ReadAll(part)
	if err != nil {
		return err
	}
	if int64(len(content)) > c.api.inbox.MaxSize() {
		return c.fileTooLarge()
	}
	c.upload = store.NewFile{Name: fileName(part.FileName()), Content: content}
	sum := sha256.Sum256(content)
	return c.params.Add(wire.UploadField, hex.EncodeToString(sum[:]))
}

// fileName returns the last element of a path, cut to maxFileName.
func fileName(sent string) string {
	name := []rune(store.CleanText(path.Base(strings.ReplaceAll(sent, `\`, "/"))))
	return string(name[:min(len(name), maxFileName)])
}

// isUpload reports whether the request is a form with a batch file.
func (c *call) isUpload(path string) bool {
	if c.r.Method != http.MethodPost || !strings.HasSuffix(path, filesPath) {
		return false
	}
	media, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	return err == nil && media == "multipart/form-data"
}
