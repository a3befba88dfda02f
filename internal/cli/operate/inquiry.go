package operate

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/internal/cli"
)

// InquiryCreate creates an inquiry of a partner.
type InquiryCreate struct {
	account
	Campaign       string `required:"" placeholder:"ID" help:"Campaign of the order."`
	Partner        string `required:"" placeholder:"ID" help:"Partner that makes the inquiry."`
	Order          string `required:"" placeholder:"ID" help:"Order id."`
	Date           string `required:"" placeholder:"DATE" help:"Date of the order: a timestamp with an offset, or a date in the account's time zone."`
	Amount         string `placeholder:"AMOUNT" help:"Amount of the order."`
	Type           string `default:"UNTRACKED" placeholder:"TYPE" help:"Type: UNTRACKED, INCORRECT or DECLINED (default: ${default})."`
	ExpectedPayout string `placeholder:"AMOUNT" help:"Payout that the partner expects."`
	Comment        string `placeholder:"TEXT" help:"Comment of the partner."`
	TrackingLink   string `placeholder:"URL" help:"Tracking link that the customer followed."`
	Deadline       string `placeholder:"DATE" help:"Resolution deadline; for information only."`
	AutoApproval   string `placeholder:"DATE" help:"Auto-approval date; for information only."`
}

// Do creates the inquiry and prints its id. The flags are sent as texts: the server knows the time
// zone and the currency of the account.
func (c InquiryCreate) Do(ctx context.Context, s *cli.Session) error {
	claim := map[string]string{
		"CampaignId": c.Campaign, "MediaPartnerId": c.Partner, "OrderId": c.Order, "TransactionDate": c.Date,
		"TransactionAmount": c.Amount, "InquiryType": c.Type, "ExpectedPayout": c.ExpectedPayout, "Comment": c.Comment,
		"TrackingLink": c.TrackingLink, "ResolutionDeadlineDate": c.Deadline, "AutoApprovalDate": c.AutoApproval,
	}
	for name, value := range claim {
		if value == "" {
			delete(claim, name)
		}
	}
	body, err := s.Admin.Call(ctx, client.Request{Method: http.MethodPost, Path: fmt.Sprintf("/accounts/%d/inquiries", s.Account), Body: claim})
	if err != nil {
		return err
	}
	var created struct {
		ID int `json:"id"`
	}
	if err := json.Unmarshal(body, &created); err != nil {
		return fmt.Errorf("read the response: %w", err)
	}
	s.Printf("%d\n", created.ID)
	return nil
}
