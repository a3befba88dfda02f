package wire

import "github.com/trueup-ledger/trueup/internal/inquiry"

// DecodeClaim decodes a partner's claim, from which an inquiry is created. The
// parameters have the names of the fields of an inquiry. The error is an [*Error] that
// names every malformed parameter. [inquiry.Claim.Open] checks the claim against the
// reference data.
func DecodeClaim(p *Params, env Env) (inquiry.Claim, error) {
	d := NewDecoder(p, env)
	for _, name := range []string{"CampaignId", "MediaPartnerId", "OrderId", "TransactionDate"} {
		d.Require(name)
	}
	c := inquiry.Claim{
		Campaign:       d.ID("CampaignId"),
		Partner:        d.ID("MediaPartnerId"),
		Order:          d.OrderID("OrderId"),
		Amount:         d.amount("TransactionAmount"),
		ExpectedPayout: d.amount("ExpectedPayout"),
		TrackingLink:   d.textUpTo(maxLink, "TrackingLink"),
		Comment:        d.Text("Comment"),
	}
	c.Date, _ = d.Timestamp("TransactionDate")
	c.Deadline, _ = d.Timestamp("ResolutionDeadlineDate")
	c.AutoApproval, _ = d.Timestamp("AutoApprovalDate")
	c.Type = OneOf(d, "InquiryType", inquiry.Types...)
	if c.Type == "" {
		c.Type = inquiry.TypeUntracked
	}
	if err := d.Err(); err != nil {
		return inquiry.Claim{}, err
	}
	return c, nil
}
