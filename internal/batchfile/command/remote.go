package command

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// remote is the account of a server.
type remote struct{ client *client.Client }

func upload(f store.NewFile) client.Upload {
	return client.Upload{Name: f.Name, Content: bytes.NewReader(f.Content), Decimal: f.DecimalSeparator, Again: f.Again}
}

func (r remote) accept(ctx context.Context, f store.NewFile) (batchfile.Accepted, error) {
	accepted, err := r.client.Import(ctx, upload(f))
	if err != nil {
		return batchfile.Accepted{}, fileError(err)
	}
	blank, _ := batchfile.Blank(store.FileContent{Bytes: f.Content, DecimalSeparator: f.DecimalSeparator}) // the server may read more
	file, err := r.file(ctx, store.FileID(accepted.FileID))
	if err != nil {
		return batchfile.Accepted{}, &acceptedError{store.FileID(accepted.FileID), err}
	}
	return batchfile.Accepted{
		File: file, Format: accepted.Format, IgnoredColumns: accepted.Ignored, DecimalSeparator: accepted.DecimalSeparator,
		Blank: blank, Unpriced: accepted.UnpricedLines,
	}, nil
}

// fileError returns the error of a store for the response of a server, if there is one: then it is
// printed alike.
func fileError(err error) error {
	response := (*client.Error)(nil)
	if !errors.As(err, &response) {
		return err
	}
	if response.Status == http.StatusConflict && response.Location != "" {
		return &store.DuplicateFileError{First: store.FileID(path.Base(response.Location))}
	}
	if response.Status == http.StatusBadRequest && len(response.Fields) == 1 && response.Fields[0].Field == wire.UploadField {
		return store.UnusableFileError(response.Fields[0].Message)
	}
	return err
}

// resume does nothing: a server imports each file that it has accepted.
func (remote) resume(context.Context) (string, error) { return "is still being imported", nil }

func (r remote) file(ctx context.Context, id store.FileID) (store.File, error) {
	f, err := r.client.File(ctx, string(id))
	if err != nil {
		return store.File{}, err
	}
	return store.File{
		ID: store.FileID(f.ID), Accepted: f.SubmissionDate, Name: f.FileName, Kind: ledger.Kind(f.Type),
		Records: f.TotalRecords, Errors: f.TotalErrors, Completed: f.CompletionDate,
	}, nil
}

// Pauses between two requests for the progress of a file. They double.
const (
	minPoll = 20 * time.Millisecond
	maxPoll = time.Second
)

func (r remote) finish(ctx context.Context, f store.File, _ int, progress func(applied int)) (store.File, error) {
	for pause := minPoll; ; pause = min(2*pause, maxPoll) {
		current, err := r.client.File(ctx, string(f.ID))
		if err != nil {
			return f, err
		}
		f.Errors, f.Completed = current.TotalErrors, current.CompletionDate
		if current.Status == client.StatusComplete {
			return f, nil
		}
		progress(current.AppliedRecords)
		if err := sleep(ctx, pause); err != nil {
			return f, err
		}
	}
}

func (r remote) failed(ctx context.Context, f store.File) (rows []encode.FailedRow, err error) {
	if f.Errors == 0 {
		return nil, nil
	}
	for row, err := range r.client.FileErrors(ctx, string(f.ID)) {
		if err != nil {
			return nil, err
		}
		rows = append(rows, encode.FailedRow{Line: row.Line, Code: rejection.Code(row.Reason), Message: row.ErrorMessage})
	}
	return rows, nil
}

func (r remote) preview(ctx context.Context, f store.NewFile) (preview, error) {
	p, err := r.client.DryRunFile(ctx, upload(f))
	if errors.Is(err, client.ErrNoDryRun) {
		return preview{}, cli.Usage("--dry-run: %w", err)
	}
	if err != nil {
		return preview{}, fileError(err)
	}
	company, err := r.client.Company(ctx)
	if err != nil {
		return preview{}, err
	}
	v := preview{
		FilePreview: encode.FilePreview{
			Kind: ledger.Kind(p.Type), Records: p.TotalRecords, Blank: p.BlankRecords, Decided: p.DecidedRecords, Errors: p.TotalErrors,
			Format: p.Format, IgnoredColumns: p.Ignored, Unpriced: p.UnpricedLines,
		},
		currency: company.Currency, names: make(map[int64]string),
	}
	for _, row := range p.Errors {
		v.Failed = append(v.Failed, encode.FailedRow{Line: row.Line, Code: rejection.Code(row.Code), Message: row.Message})
	}
	for _, e := range p.MediaPartners {
		v.names[int64(e.MediaPartnerID)] = strings.TrimSpace(e.MediaPartnerName)
		effect := encode.PartnerEffect{Partner: int64(e.MediaPartnerID), Actions: e.Actions}
		effect.Before.Amount, effect.Before.Payout = v.currency.Round(e.Amount), v.currency.Round(e.Payout)
		effect.Delta.Amount, effect.Delta.Payout = v.currency.Round(e.DeltaAmount), v.currency.Round(e.DeltaPayout)
		v.Partners = append(v.Partners, effect)
	}
	return v, nil
}

func (remote) limitMemory(context.Context) error { return nil }

func (remote) goesOn() string {
	return "the server goes on with what it has accepted, and the same command follows it; see: trueup file list"
}
