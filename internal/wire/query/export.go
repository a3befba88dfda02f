package query

import (
	"cmp"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/wire"
)

// ExportFormat is the format of an export.
type ExportFormat string

// The formats of exports. CSV is the default.
const (
	CSV       ExportFormat = "CSV"
	JSONLines ExportFormat = "JSONL"
	Parquet   ExportFormat = "PARQUET"
)

// ExportFormats lists every ExportFormat.
var ExportFormats = []ExportFormat{CSV, JSONLines, Parquet}

// ResultFormat is the parameter with the format of an export.
const ResultFormat = "ResultFormat"

// Export is a request for all objects that match a filter.
type Export[Filter any] struct {
	Filter Filter
	Format ExportFormat
}

// DecodeActionExport decodes a GET of an export of actions, or of what belongs to them. The
// filter is that of their lists. An export without dates covers everything, and its ranges
// may be open and of any length.
func DecodeActionExport(p *wire.Params, env wire.Env) (Export[search.ActionFilter], error) {
	d := wire.NewDecoder(p, env)
	return newExport(d, actionFilter(d, env, d.OpenTimeRange))
}

// newExport returns the export with a filter that d has read. It reads the format.
func newExport[Filter any](d *wire.Decoder, filter Filter) (Export[Filter], error) {
	e := Export[Filter]{Filter: filter, Format: cmp.Or(wire.OneOf(d, ResultFormat, ExportFormats...), CSV)}
	if err := d.Err(); err != nil {
		return Export[Filter]{}, err
	}
	return e, nil
}
