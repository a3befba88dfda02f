package main

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/internal/output"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

type inquiryCommands struct {
	Create inquiryCreate `cmd:"" help:"Create an inquiry of a partner about an order."`
	List   inquiryList   `cmd:"" help:"List the inquiries of an account, newest first."`
}

type inquiryCreate struct {
	cli.StoreFlags
	Account        int64  `required:"" placeholder:"ID" help:"Account."`
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

// Run creates an inquiry and prints its id.
func (c inquiryCreate) Run(ctx context.Context, s cli.Streams) error {
	return c.WriteAccount(ctx, c.Account, func(st *sqlstore.Store) error {
		reference, err := currentReference(ctx, st, c.Account)
		if err != nil {
			return err
		}
		now := time.Now()
		claim, err := c.claim(wire.Env{Now: now, Zone: reference.Zone()})
		if err != nil {
			return err
		}
		q, err := st.CreateInquiry(ctx, c.Account, now, claim, cli.UserEvent(store.OperationCreateInquiry, ""))
		if err != nil {
			return err
		}
		s.Printf("%d\n", q.Number)
		return nil
	})
}

// claim decodes the flags as the fields of the protocol.
func (c inquiryCreate) claim(env wire.Env) (inquiry.Claim, error) {
	values := url.Values{
		"CampaignId": {c.Campaign}, "MediaPartnerId": {c.Partner}, "OrderId": {c.Order}, "TransactionDate": {c.Date},
		"TransactionAmount": {c.Amount}, "InquiryType": {c.Type}, "ExpectedPayout": {c.ExpectedPayout}, "Comment": {c.Comment},
		"TrackingLink": {c.TrackingLink}, "ResolutionDeadlineDate": {c.Deadline}, "AutoApprovalDate": {c.AutoApproval},
	}
	params, err := wire.ParseParams(values.Encode(), "", nil)
	if err != nil {
		return inquiry.Claim{}, err
	}
	return wire.DecodeClaim(params, env)
}

// currentReference returns the account's current reference data.
func currentReference(ctx context.Context, st *sqlstore.Store, account int64) (*program.Reference, error) {
	reference, err := st.CurrentReference(ctx, account)
	if errors.Is(err, ledger.ErrNotFound) {
		return nil, cli.NoAccount(account)
	}
	return reference, err
}

type inquiryList struct {
	cli.StoreFlags
	Account int64  `required:"" placeholder:"ID" help:"Account."`
	Status  string `enum:",UNRESOLVED,VALID,DECLINED,INCOMPLETE" default:"" placeholder:"STATUS" help:"List only inquiries with this status: UNRESOLVED, VALID, DECLINED or INCOMPLETE."`
	Limit   int    `default:"100" help:"Maximum number of inquiries (default: ${default})."`
}

// Run lists the inquiries.
func (c inquiryList) Run(ctx context.Context, s cli.Streams) error {
	if err := cli.CheckPage(c.Limit, 0); err != nil {
		return err
	}
	return c.Use(ctx, func(st *sqlstore.Store) error { return c.list(ctx, st, s) })
}

func (c inquiryList) list(ctx context.Context, st *sqlstore.Store, s cli.Streams) error {
	reference, err := currentReference(ctx, st, c.Account)
	if err != nil {
		return err
	}
	table := output.NewInquiries(s.Out, reference)
	err = st.Read(ctx, c.Account, func(r store.Reader) error {
		_, inquiries, err := r.Inquiries(search.InquiryFilter{Status: inquiry.Status(c.Status)}, search.Page{Size: c.Limit, Number: 1})
		if err != nil {
			return err
		}
		for q, err := range inquiries {
			if err != nil {
				return err
			}
			table.Add(q)
		}
		return nil
	})
	return errors.Join(err, table.Flush())
}
