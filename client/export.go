package client

import (
	"context"
	"fmt"
	"io"
	"iter"
	"net/url"

	"github.com/trueup-ledger/trueup/client/internal/codec"
	"github.com/trueup-ledger/trueup/client/internal/transport"
)

// Resources of exports.
const (
	ExportActions     = "Actions"
	ExportItems       = "Items"
	ExportUpdates     = "Updates"
	ExportAdjustments = "Adjustments"
	ExportInvoices    = "Invoices"
	ExportEntries     = "Entries"
	ExportPayouts     = "Payouts"
)

// Formats of exports.
const (
	CSV       = "CSV"
	JSONLines = "JSONL"
	Parquet   = "PARQUET"
)

// Filter selects the objects of a list or an export. It is the struct that the list takes, such
// as [ActionFilter].
type Filter interface {
	ActionFilter | UpdateFilter | AdjustmentFilter | InvoiceFilter | EntryFilter | SubmissionFilter
}

// Export is an export of everything that matches a filter. Without dates, it covers all times.
type Export struct {
	// Resource is a resource, such as ExportActions.
	Resource string
	// Format is CSV, JSONLines or Parquet. The default is CSV.
	Format string
	// Parameters are the parameters of the filter. [Parameters] returns them.
	Parameters url.Values
}

// Parameters returns the parameters of a filter for an [Export].
func Parameters[F Filter](filter F) url.Values {
	values := query(filter)
	values.Del("PageSize") // an export has no pages
	return values
}

// Export returns an export as it is read. The caller must close it. If the server fails in the
// middle, a read returns an error, and the rows so far are incomplete.
func (c *Client) Export(ctx context.Context, e Export) (io.ReadCloser, error) {
	values := make(url.Values)
	for name, v := range e.Parameters {
		values[name] = v
	}
	if e.Format != "" {
		values.Set("ResultFormat", e.Format)
	}
	return c.stream(ctx, transport.Path("Exports", e.Resource), values)
}

// Entries returns the amounts that are or will be invoiced, by partner and date.
func (c *Client) Entries(ctx context.Context, f EntryFilter) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		body, err := c.Export(ctx, Export{Resource: ExportEntries, Format: JSONLines, Parameters: Parameters(f)})
		if err != nil {
			yield(Entry{}, err)
			return
		}
		defer body.Close()
		for e, err := range codec.Lines[Entry](body) {
			if err != nil {
				err = fmt.Errorf("client: read the export: %w", err)
			}
			if !yield(e, err) {
				return
			}
		}
	}
}
