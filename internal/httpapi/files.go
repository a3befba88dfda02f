package httpapi

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/query"
	"github.com/trueup-ledger/trueup/ledger/rejection"
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
		return &wire.Error{Status: http.StatusConflict, Message: "A file with the same content was submitted before, see " +
			"/" + brand + "/" + c.token.SID + store.FilePath(duplicate.First) + "; send Again=true to process it again"}
	}
	if err != nil {
		return err
	}
	c.setFileHeaders(file.IgnoredColumns, file.Unpriced, file.DecimalSeparator)
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
	c.setFileHeaders(p.IgnoredColumns, p.Unpriced, p.DecimalSeparator)
	return c.writeBody(c.encoder().AppendFilePreview(nil, p))
}

// setFileHeaders sets the headers that say how a file was understood.
func (c *call) setFileHeaders(ignoredColumns []string, unpriced int, decimal string) {
	c.ignoredColumns = ignoredColumns
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
	q, err := query.DecodeFiles(c.params, c.env())
	if err != nil {
		return err
	}
	return c.readStore(func(r store.Reader) error {
		info, files, err := r.BatchFiles().Files(q.Filter, q.Page)
		if err != nil {
			return err
		}
		return writeList(c, encode.List{Collection: encode.Files, Filters: q.Filters, Page: q.Page, Info: info}, files, c.appendFile)
	})
}

func (c *call) getFile() error {
	var f store.File
	err := c.readStore(func(r store.Reader) (err error) {
		f, err = r.BatchFiles().File(store.FileID(c.r.PathValue("file")))
		return err
	})
	if err != nil {
		return err
	}
	return c.writeObject(func(e *encode.Encoder, dst []byte) []byte { return c.appendFile(e, dst, f) })
}

func (c *call) appendFile(e *encode.Encoder, dst []byte, f store.File) []byte {
	return e.AppendFile(dst, encode.File{
		ID: string(f.ID), Account: c.token.Account, Accepted: f.Accepted, Name: f.Name, Kind: f.Kind,
		Begun: f.Processed > 0, Records: f.Records, Errors: f.Errors, Completed: f.Completed,
	})
}

func (c *call) getErrorDetails() error {
	q, err := query.DecodePage(c.params, c.env())
	if err != nil {
		return err
	}
	id := store.FileID(c.r.PathValue("file"))
	return c.readStore(func(r store.Reader) error {
		info, details, err := r.BatchFiles().FileErrors(id, q.Page)
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
	var d store.FailedRow
	err = c.readStore(func(r store.Reader) (err error) {
		d, err = r.BatchFiles().FileError(store.FileID(c.r.PathValue("file")), line)
		return err
	})
	if err != nil {
		return err
	}
	return c.writeObject(func(e *encode.Encoder, dst []byte) []byte { return c.appendErrorDetail(e, dst, d) })
}

func (c *call) appendErrorDetail(e *encode.Encoder, dst []byte, f store.FailedRow) []byte {
	d := encode.ErrorDetail{File: c.r.PathValue("file"), Line: f.Line}
	if f.Cause == nil {
		o := f.Submission.Outcome
		d.Subject = encode.RowSubject(c.wireSubmission(f.Submission), f.Item)
		d.Status, d.Reason, d.Message = string(o.ErrorType), string(o.Code), o.Message
		return e.AppendErrorDetail(dst, d)
	}
	d.Subject = wire.Subject{
		Campaign: f.Cause.Campaign, EventType: f.Cause.EventType, Partner: f.Cause.Partner, EventCode: f.Cause.EventCode,
		Order: f.Cause.Order, Category: f.Cause.Category, SKU: f.Cause.SKU,
	}
	d.Status, d.Reason, d.Message = string(rejection.ErrorValidation), string(f.Cause.Code), f.Cause.Message
	return e.AppendErrorDetail(dst, d)
}
