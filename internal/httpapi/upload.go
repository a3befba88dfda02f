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
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
)

const (
	// maxUploads is the maximum number of files in memory at the same time, and
	// maxUploadsEach that of one account, so that an account can't block the others.
	maxUploads, maxUploadsEach = 8, 2
	// uploadTime is the time that a caller has to send a file.
	uploadTime = 3 * time.Minute
	// maxFileName is the maximum length of a file name in characters.
	maxFileName = 255
)

// uploads counts the files in memory.
type uploads struct {
	mu        sync.Mutex
	total     int
	byAccount map[int64]int
}

// acquire reports whether another file of the account may be read, and counts it if so.
func (u *uploads) acquire(account int64) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.total == maxUploads || u.byAccount[account] == maxUploadsEach {
		return false
	}
	if u.byAccount == nil {
		u.byAccount = make(map[int64]int)
	}
	u.total++
	u.byAccount[account]++
	return true
}

// release undoes an acquire.
func (u *uploads) release(account int64) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.total--
	if u.byAccount[account]--; u.byAccount[account] == 0 {
		delete(u.byAccount, account)
	}
}

// acquireUpload reserves memory for a file until release is called. It checks the scope
// first, because the body of a forbidden request must not be read.
func (c *call) acquireUpload() (release func(), err error) {
	if scope := store.ResourceFiles.Write(); !c.token.Allows(scope) {
		return nil, forbidden("This token lacks the scope " + string(scope))
	}
	if !c.api.uploads.acquire(c.token.Account) {
		return nil, store.ErrBusy
	}
	return func() { c.api.uploads.release(c.token.Account) }, nil
}

// readUpload reads a form with a batch file and parameters.
func (c *call) readUpload() (err error) {
	err = http.NewResponseController(c.w).SetReadDeadline(time.Now().Add(uploadTime))
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if c.params, err = wire.ParseParams(c.r.URL.RawQuery, "", nil); err != nil {
		return err
	}
	_, parameters, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || parameters["boundary"] == "" {
		return &wire.Error{Status: http.StatusBadRequest, Message: "multipart/form-data needs a boundary"}
	}
	body := http.MaxBytesReader(c.w, c.r.Body, c.api.inbox.MaxSize()+wire.MaxBody)
	for r := multipart.NewReader(body, parameters["boundary"]); ; {
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
	media, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	return err == nil && media == "multipart/form-data" && c.r.Method == http.MethodPost && strings.HasSuffix(path, filesPath)
}
