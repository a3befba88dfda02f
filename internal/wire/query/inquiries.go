package query

import (
	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/wire"
)

// DecodeInquiries decodes a GET of inquiries. A list without dates covers all of them.
func DecodeInquiries(p *wire.Params, env wire.Env) (List[search.InquiryFilter], error) {
	d := wire.NewDecoder(p, env)
	filter := search.InquiryFilter{
		Campaign: d.ID("CampaignId"),
		Partner:  d.ID("MediaPartnerId"),
		Order:    d.OrderID("OrderId", "Oid"),
		Status:   wire.OneOf(d, "ResolutionStatus", inquiry.Statuses...),
		Created:  d.OpenTimeRange("StartDate", "EndDate"),
		Date:     d.OpenTimeRange("TransactionDateStart", "TransactionDateEnd"),
	}
	if env.DocumentedLimits {
		d.Require("CampaignId")
	}
	return newList(d, filter)
}
