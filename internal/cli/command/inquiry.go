package command

import (
	"context"
	"encoding/json"
	"net/url"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/cli/render"
)

var (
	inquiries = collection{path: "/ActionInquiries", key: "ActionInquiries", columns: render.Columns(
		"Id", "CreationDate:Created", "ResolutionStatus:Status", "InquiryType:Type", "MediaPartnerName:Partner", "OrderId:Order", "ActionId:Action", "LastComment:Last Comment")}
	inquiryColumns = render.Columns(
		"Id:Inquiry", "CreationDate:Created", "InquiryType:Type", "ResolutionStatus:Status", "ResolutionDate:Resolved", "RejectReason:Reject Reason",
		"CampaignId:Campaign", "CampaignName:Campaign Name", "MediaPartnerId:Partner", "MediaPartnerName:Partner Name", "OrderId:Order", "TransactionDate:Date",
		"TransactionAmount:Amount", "ExpectedPayout:Expected Payout", "FinalPayout:Payout", "ActionId:Action", "TrackingLink:Tracking Link",
		"ResolutionDeadlineDate:Deadline", "AutoApprovalDate:Auto-approval", "Comments")
)

// InquiryList lists inquiries.
type InquiryList struct {
	listing
	period
	Status   string `enum:",UNRESOLVED,VALID,DECLINED,INCOMPLETE" default:"" placeholder:"STATUS" help:"Select the inquiries with a status: UNRESOLVED, VALID, DECLINED or INCOMPLETE."`
	Campaign int64  `placeholder:"ID" help:"Select those about orders of a campaign."`
	Partner  int64  `placeholder:"ID" help:"Select those of a partner."`
	Order    string `placeholder:"ID" help:"Select those about an order."`
}

// Do lists the inquiries, newest first.
func (c InquiryList) Do(ctx context.Context, s *cli.Session) error {
	p := cli.Parameters{}
	p.Set("ResolutionStatus", c.Status)
	p.Set("CampaignId", c.Campaign)
	p.Set("MediaPartnerId", c.Partner)
	p.Set("OrderId", c.Order)
	if err := c.setOpen(ctx, s, p, "StartDate", "EndDate"); err != nil {
		return err
	}
	list := inquiries
	if c.Output == render.Table && len(c.Columns) == 0 {
		list.prepare = addLastComment
	}
	return c.list(ctx, s, list, url.Values(p))
}

// addLastComment adds the field LastComment to an inquiry, for the table.
func addLastComment(object json.RawMessage) (json.RawMessage, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(object, &fields); err != nil {
		return nil, err
	}
	var comments []struct{ Comment string }
	if err := json.Unmarshal(fields["Comments"], &comments); err != nil || len(comments) == 0 {
		return object, err
	}
	text, err := json.Marshal(comments[len(comments)-1].Comment)
	if err != nil {
		return nil, err
	}
	fields["LastComment"] = text
	return json.Marshal(fields)
}

// InquiryGet shows an inquiry.
type InquiryGet struct {
	showing
	Inquiry string `arg:"" help:"Id of the inquiry."`
}

// Do shows the inquiry.
func (c InquiryGet) Do(ctx context.Context, s *cli.Session) error {
	return c.show(ctx, s, cli.Path("ActionInquiries", c.Inquiry), inquiryColumns)
}
