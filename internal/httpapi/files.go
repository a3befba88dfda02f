package httpapi

import (
	"context"
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

// Inbox puts batch files on disk, or answers why not: a store.UnusableFile or a
// *store.FileKnownError.
type Inbox interface {
	Accept(ctx context.Context, account int64, f store.NewFile) (file store.File, replayed bool, err error)
	// MaxSize answers how many bytes a file may have.
	MaxSize() int64
}

const (
	// maxUploads bounds how many files are held in memory at the same time, and
	// maxUploadsEach how many of one account: it cannot keep the others out.
	maxUploads, maxUploadsEach = 8, 2
	// uploadTime is how long a caller may take to send a file.
	uploadTime = 3 * time.Minute
	// maxFileName is in characters.
	maxFileName = 255
)

// filesPath is where batch files are handed in and listed.
const filesPath = "/FTPFileSubmissions"

// uploads counts the files that are held in memory.
type uploads struct {
	mu  sync.Mutex
	all int
	of  map[int64]int
}

func (u *uploads) enter(account int64) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.all == maxUploads || u.of[account] == maxUploadsEach {
		return false
	}
	if u.of == nil {
		u.of = make(map[int64]int)
	}
	u.all++
	u.of[account]++
	return true
}

func (u *uploads) leave(account int64) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.all--
	if u.of[account]--; u.of[account] == 0 {
		delete(u.of, account)
	}
}

// admitUpload makes room for a file in memory until it is released. Who may not
// write has none of it read.
func (c *call) admitUpload() (release func(), err error) {
	if scope := store.ResourceFiles.Write(); !c.token.May(scope) {
		return nil, forbidden("This token lacks the scope " + string(scope))
	}
	if !c.api.uploads.enter(c.token.Account) {
		return nil, store.ErrBusy
	}
	return func() { c.api.uploads.leave(c.token.Account) }, nil
}

// readUpload reads a batch file and the fields beside it.
func (c *call) readUpload() (err error) {
	deadline := http.NewResponseController(c.w).SetReadDeadline(time.Now().Add(uploadTime))
	if deadline != nil && !errors.Is(deadline, http.ErrNotSupported) {
		return deadline
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
			return c.unread(err)
		}
	}
}

// unread answers why a body could not be read.
func (c *call) unread(err error) error {
	told := (*wire.Error)(nil)
	tooLarge := (*http.MaxBytesError)(nil)
	switch {
	case errors.As(err, &told):
		return err
	case errors.As(err, &tooLarge):
		return c.fileTooLarge()
	default:
		return &wire.Error{Status: http.StatusBadRequest, Message: "The request's body ended early, or is no multipart/form-data"}
	}
}

func (c *call) fileTooLarge() error {
	return &wire.Error{
		Status:  http.StatusRequestEntityTooLarge,
		Message: "Send files of at most " + strconv.FormatInt(c.api.inbox.MaxSize()>>20, 10) + " MiB; split this one",
	}
}

// readPart takes the file, or a field.
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
	return c.params.Add(wire.FileField, hex.EncodeToString(sum[:]))
}

// fileName answers the last part of a name, as much of it as is kept.
func fileName(sent string) string {
	name := []rune(store.Text(path.Base(strings.ReplaceAll(sent, `\`, "/"))))
	return string(name[:min(len(name), maxFileName)])
}

// isUpload reports whether the request is a batch file in a form.
func (c *call) isUpload(path string) bool {
	media, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	return err == nil && media == "multipart/form-data" && c.r.Method == http.MethodPost && strings.HasSuffix(path, filesPath)
}

func (c *call) postFile() error {
	again, err := wire.DecodeUpload(c.params, c.env())
	if err != nil {
		return err
	}
	f := c.upload
	f.Again, f.Key = again, c.key
	file, replayed, err := c.api.inbox.Accept(c.r.Context(), c.token.Account, f)
	known := (*store.FileKnownError)(nil)
	if errors.As(err, &known) {
		return &wire.Error{Status: http.StatusConflict, Message: "The very same file was handed in before, see " +
			"/" + brand + "/" + c.token.SID + store.FileResource(known.First) + "; to have it taken once more send Again=true"}
	}
	if err != nil {
		return err
	}
	return c.queuedFile(string(file.ID), replayed)
}

// queuedFile answers a batch file that is on disk.
func (c *call) queuedFile(id string, replayed bool) error {
	c.replayed(replayed)
	return c.write(c.encoder().AppendQueuedFile(nil, id))
}

func (c *call) getFiles() error {
	q, err := wire.DecodeFileQuery(c.params, c.env())
	if err != nil {
		return err
	}
	return c.view(func(r store.Reader) error {
		found, files, err := r.Files(q.Filter, q.Page)
		if err != nil {
			return err
		}
		return list(c, wire.List{Collection: wire.Files, Filters: q.Filters, Page: q.Page, Found: found}, files, c.appendFile)
	})
}

func (c *call) getFile() error {
	var f store.File
	err := c.view(func(r store.Reader) (err error) {
		f, err = r.File(store.FileID(c.r.PathValue("file")))
		return err
	})
	if err != nil {
		return err
	}
	return c.object(func(e *wire.Encoder, dst []byte) []byte { return c.appendFile(e, dst, f) })
}

func (c *call) appendFile(e *wire.Encoder, dst []byte, f store.File) []byte {
	return e.AppendFile(dst, wire.File{
		ID: string(f.ID), Account: c.token.Account, Accepted: f.Accepted, Name: f.Name, Kind: f.Kind,
		Begun: f.Taken > 0, Records: f.Records, Errors: f.Errors, Completed: f.Completed,
	})
}

func (c *call) getErrorDetails() error {
	q, err := wire.DecodePageQuery(c.params, c.env())
	if err != nil {
		return err
	}
	id := store.FileID(c.r.PathValue("file"))
	return c.view(func(r store.Reader) error {
		found, details, err := r.FileErrors(id, q.Page)
		if err != nil {
			return err
		}
		return list(c, wire.List{Collection: wire.ErrorDetails, Filters: q.Filters, Page: q.Page, Found: found}, details,
			c.appendErrorDetail)
	})
}

func (c *call) getErrorDetail() error {
	line, err := strconv.Atoi(c.r.PathValue("line"))
	if err != nil {
		return errNoResource
	}
	var d store.FileError
	err = c.view(func(r store.Reader) (err error) {
		d, err = r.FileError(store.FileID(c.r.PathValue("file")), line)
		return err
	})
	if err != nil {
		return err
	}
	return c.object(func(e *wire.Encoder, dst []byte) []byte { return c.appendErrorDetail(e, dst, d) })
}

func (c *call) appendErrorDetail(e *wire.Encoder, dst []byte, f store.FileError) []byte {
	d := wire.ErrorDetail{File: c.r.PathValue("file"), Line: f.Line}
	if f.Fault == nil {
		o := f.Submission.Outcome
		d.RowName = wire.RowOf(c.shown(f.Submission), f.Item)
		d.Status, d.Reason, d.Message = string(o.ErrorType), string(o.Code), o.Message
		return e.AppendErrorDetail(dst, d)
	}
	d.RowName = wire.RowName{
		Campaign: f.Fault.Campaign, EventType: f.Fault.EventType, Partner: f.Fault.Partner, EventCode: f.Fault.EventCode,
		Order: f.Fault.Order, Category: f.Fault.Category, SKU: f.Fault.SKU,
	}
	d.Status, d.Reason, d.Message = string(store.ErrorValidation), string(f.Fault.Code), f.Fault.Message
	return e.AppendErrorDetail(dst, d)
}
