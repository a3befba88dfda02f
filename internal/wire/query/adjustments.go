package query

import (
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/wire"
)

// DecodeAdjustments decodes a GET of adjustments. A list without dates covers all of them.
func DecodeAdjustments(p *wire.Params, env wire.Env) (List[search.AdjustmentFilter], error) {
	d := wire.NewDecoder(p, env)
	return newList(d, adjustmentFilter(d))
}

// DecodeAdjustmentExport decodes a GET of an export of adjustments.
func DecodeAdjustmentExport(p *wire.Params, env wire.Env) (Export[search.AdjustmentFilter], error) {
	d := wire.NewDecoder(p, env)
	return newExport(d, adjustmentFilter(d))
}

func adjustmentFilter(d *wire.Decoder) search.AdjustmentFilter {
	return search.AdjustmentFilter{
		Campaign:  d.ID("CampaignId"),
		Partner:   d.ID("MediaPartnerId"),
		Action:    d.ActionID("ActionId"),
		Effective: d.OpenTimeRange("StartDate", "EndDate"),
	}
}
