package client

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"

	"github.com/trueup-ledger/trueup/client/internal/transport"
	"github.com/trueup-ledger/trueup/money"
)

// Upload is a batch file to submit: CSV or XML whose columns are named like the parameters of
// conversions, modifications or reversals.
type Upload struct {
	Name string
	// Content is read from its beginning for each attempt. An [*os.File], [*bytes.Reader] and
	// [*strings.Reader] are contents.
	Content io.ReaderAt
	// Size is the number of bytes. The default is that of Content, if it is one of these.
	Size int64
	// Decimal is the decimal separator of the file, a point or a comma. By default the server
	// detects it.
	Decimal string
	// Again accepts a file with the same bytes as an earlier one.
	Again bool

	WriteOptions
}

// size returns the number of bytes.
func (u Upload) size() (int64, error) {
	if u.Size > 0 {
		return u.Size, nil
	}
	switch content := u.Content.(type) {
	case interface{ Size() int64 }:
		return content.Size(), nil
	case interface{ Stat() (fs.FileInfo, error) }:
		info, err := content.Stat()
		if err != nil {
			return 0, err
		}
		return info.Size(), nil
	}
	return 0, errors.New("client: the size of the file is unknown: set Upload.Size")
}

// request returns the request of the upload.
func (u Upload) request(path string, dryRun bool) (transport.Request, error) {
	size, err := u.size()
	if err != nil {
		return transport.Request{}, err
	}
	fields := map[string]string{"Decimal": u.Decimal}
	if u.Again {
		fields["Again"] = "true"
	}
	if dryRun {
		fields["DryRun"] = "true"
	}
	r := transport.Request{Method: http.MethodPost, Path: path, Header: make(http.Header)}
	r.SetFile(fields, u.Name, u.Content, size)
	return r, nil
}

// Import submits a batch file. [Import.Wait] waits until its rows are applied. A file with the
// same bytes as an earlier one is an [*Error] with status 409.
func (c *Client) Import(ctx context.Context, u Upload) (*Import, error) {
	r, err := u.request(c.root+"/FTPFileSubmissions", false)
	if err != nil {
		return nil, err
	}
	c.addOptions(&r, u.WriteOptions)
	result, err := c.do(ctx, r)
	if err != nil {
		return nil, err
	}
	p, err := c.pending(result)
	if err != nil {
		return nil, err
	}
	h := result.Header
	format, decimal := h.Get("Trueup-File-Format"), h.Get("Trueup-Decimal-Separator")
	return &Import{FileID: p.SubmissionID, Ignored: p.Ignored, UnpricedLines: p.UnpricedLines, Format: format, DecimalSeparator: decimal, client: c}, nil
}

// Import is a batch file that the server has stored.
type Import struct {
	FileID string
	// Ignored names the columns that the server did not read.
	Ignored []string
	// UnpricedLines is the number of order lines without a price in orders without an amount.
	UnpricedLines            int
	Format, DecimalSeparator string // as the server understood the file; can be empty

	client *Client
}

// Wait waits until the rows of the file are applied or ctx is done. [File.TotalErrors] is the
// number of rows that failed; [Client.FileErrors] returns them.
func (i *Import) Wait(ctx context.Context) (*File, error) {
	for pause := firstPoll; ; pause = min(2*pause, lastPoll) {
		f, err := i.client.File(ctx, i.FileID)
		if err != nil || f.Status == StatusComplete {
			return f, err
		}
		if err := transport.Sleep(ctx, pause); err != nil {
			return nil, err
		}
	}
}

// FilePreview is the effect that a batch file would have.
type FilePreview struct {
	Type           string
	Format         string // of the file, as it was understood
	TotalRecords   int
	DecidedRecords int // the number of rows whose effect is known
	BlankRecords   int
	TotalErrors    int
	UnpricedLines  int
	MediaPartners  []PartnerEffect
	Errors         []RowError // the first 1,000
	Ignored        []string   `wire:"-"` // the columns that the server did not read
}

// PartnerEffect is the effect that a batch file would have on the actions of a partner.
type PartnerEffect struct {
	MediaPartnerID   int
	MediaPartnerName string
	Actions          int
	Amount           money.Decimal // of these actions at present
	NewAmount        money.Decimal // after the file
	DeltaAmount      money.Decimal
	Payout           money.Decimal
	NewPayout        money.Decimal
	DeltaPayout      money.Decimal
}

// RowError is the error of a row that would fail.
type RowError struct {
	Line          int
	Code, Message string
}

// DryRunFile returns the effect that a batch file would have, without accepting it.
func (c *Client) DryRunFile(ctx context.Context, u Upload) (*FilePreview, error) {
	if c.original {
		return nil, ErrNoDryRun
	}
	r, err := u.request(c.root+"/FTPFileSubmissions", true)
	if err != nil {
		return nil, err
	}
	r.Safe = true
	result, err := c.do(ctx, r)
	if err != nil {
		return nil, err
	}
	p := &FilePreview{Ignored: transport.Ignored(result.Header)}
	return p, unmarshal(result.Body, p, "")
}
