package httpapi

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"strconv"

	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/httpapi/view"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/query"
)

// Inbox accepts batch files.
type Inbox interface {
	// Accept stores a file durably. It returns a store.UnusableFileError for a file that can't
	// be processed, and a *store.DuplicateFileError if a file with the same content was
	// accepted before.
	Accept(ctx context.Context, account int64, f store.NewFile) (batchfile.Accepted, error)
	// Preview returns the effect that Accept would have, and stores nothing.
	Preview(ctx context.Context, account int64, f store.NewFile) (encode.FilePreview, error)
	// MaxSize returns the maximum size of a file in bytes.
	MaxSize() int64
}

// filesPath is the path of batch files below an account.
const filesPath = "/FTPFileSubmissions"

func (c *call) postFile() error {
	again, decimal, err := wire.DecodeUpload(c.params, c.env())
	if err != nil {
		return err
	}
	f := c.upload
	f.Again, f.DecimalSeparator, f.Key = again, decimal, c.key
	if c.dryRun {
		return c.previewFile(f)
	}
	f.Event = c.auditEvent(store.OperationImport)
	file, err := c.api.inbox.Accept(c.r.Context(), c.token.Account, f)
	duplicate := (*store.DuplicateFileError)(nil)
	if errors.As(err, &duplicate) {
		first := "/" + brand + "/" + c.token.SID + store.FilePath(duplicate.First)
		c.w.Header().Set("Location", first)
		return &wire.Error{Status: http.StatusConflict, Message: "A file with the same content was submitted before, see " + first + "; send Again=true to process it again"}
	}
	if err != nil {
		return err
	}
	c.setFileHeaders(file.Format, file.IgnoredColumns, file.Unpriced, file.DecimalSeparator)
	return c.writeQueuedFile(string(file.ID), file.Replayed)
}

// previewFile writes the effect that a file would have.
func (c *call) previewFile(f store.NewFile) error {
	if err := c.mayPreview(store.ResourceActions, "the effect on actions"); err != nil {
		return err
	}
	p, err := c.api.inbox.Preview(c.r.Context(), c.token.Account, f)
	if err != nil {
		return err
	}
	c.setFileHeaders(p.Format, p.IgnoredColumns, p.Unpriced, p.DecimalSeparator)
	return c.writeBody(c.encoder().AppendFilePreview(nil, p))
}

// setFileHeaders sets the headers that say how a file was understood.
func (c *call) setFileHeaders(format string, ignoredColumns []string, unpriced int, decimal string) {
	c.ignoredColumns = ignoredColumns
	c.w.Header().Set(wire.FileFormatHeader, format)
	if unpriced > 0 {
		c.w.Header().Set(wire.UnpricedLinesHeader, strconv.Itoa(unpriced))
	}
	if decimal != "" {
		c.w.Header().Set(wire.DecimalSeparatorHeader, decimal)
	}
}

// writeQueuedFile writes the response for an accepted batch file.
func (c *call) writeQueuedFile(id string, replayed bool) error {
	c.setReplayed(replayed)
	return c.writeBody(c.encoder().AppendQueuedFile(nil, id))
}

func (c *call) getFiles() error {
	return serveList(c, encode.Files, query.DecodeFiles, func(r store.Reader, f search.FileFilter, p search.Page) (search.PageInfo, iter.Seq2[store.File, error], error) {
		return r.BatchFiles().Files(f, p)
	}, c.appendFile)
}

func (c *call) getFile() error {
	return serveObject(c, func(r store.Reader) (store.File, error) { return r.BatchFiles().File(c.fileID()) }, c.appendFile)
}

// fileID returns the id of the file in the path.
func (c *call) fileID() store.FileID { return store.FileID(c.r.PathValue("file")) }

func (c *call) appendFile(e *encode.Encoder, dst []byte, f store.File) []byte {
	return e.AppendFile(dst, view.File(c.token.Account, f))
}

func (c *call) getErrorDetails() error {
	q, err := query.DecodePage(c.params, c.env())
	if err != nil {
		return err
	}
	return c.readStore(func(r store.Reader) error {
		info, details, err := r.BatchFiles().FileErrors(c.fileID(), q.Page)
		if err != nil {
			return err
		}
		return writeList(c, encode.List{Collection: encode.ErrorDetails, Filters: q.Filters, Page: q.Page, Info: info}, details,
			c.appendErrorDetail)
	})
}

func (c *call) getErrorDetail() error {
	line, err := strconv.Atoi(c.r.PathValue("line"))
	if err != nil {
		return errNotFound
	}
	return serveObject(c, func(r store.Reader) (store.FailedRow, error) { return r.BatchFiles().FileError(c.fileID(), line) }, c.appendErrorDetail)
}

func (c *call) appendErrorDetail(e *encode.Encoder, dst []byte, f store.FailedRow) []byte {
	return e.AppendErrorDetail(dst, view.ErrorDetail(c.token.Account, string(c.fileID()), f))
}
