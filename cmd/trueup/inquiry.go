package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"text/tabwriter"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

type inquiryCommands struct {
	Create inquiryCreate `cmd:"" help:"Create an inquiry: what a partner misses of an order."`
	List   inquiryList   `cmd:"" help:"List an account's inquiries, newest first."`
}

type inquiryCreate struct {
	dataFlag
	Account        int64  `required:"" placeholder:"ID" help:"The account."`
	Campaign       string `required:"" placeholder:"ID" help:"The campaign of the order."`
	Partner        string `required:"" placeholder:"ID" help:"The partner who asks."`
	Order          string `required:"" placeholder:"ID" help:"The order's id."`
	Date           string `required:"" help:"When the order was made: a timestamp with an offset, or a date in the account's zone."`
	Amount         string `help:"What the order came to."`
	Type           string `default:"UNTRACKED" help:"UNTRACKED, INCORRECT or DECLINED (default: ${default})."`
	ExpectedPayout string `placeholder:"AMOUNT" help:"What the partner expects for it."`
	Comment        string `help:"What the partner says."`
	TrackingLink   string `placeholder:"URL" help:"The link that the customer followed."`
	Deadline       string `placeholder:"DATE" help:"When it should be resolved; nothing happens then."`
	AutoApproval   string `placeholder:"DATE" help:"When it would be approved elsewhere; nothing is approved then."`
}

// Run creates an inquiry and prints its id.
func (c inquiryCreate) Run(ctx context.Context, s streams) error {
	return c.use(ctx, ledgerFolder, func(st *sqlstore.Store) error {
		reference, err := referenceOf(ctx, st, c.Account)
		if err != nil {
			return err
		}
		now := time.Now()
		claim, err := c.claim(wire.Env{Now: now, Zone: reference.Zone()})
		if err != nil {
			return err
		}
		q, err := st.CreateInquiry(ctx, c.Account, now, claim, byUser(store.OperationCreateInquiry, ""))
		if err != nil {
			return err
		}
		s.printf("%d\n", q.Number)
		return nil
	})
}

// claim reads the flags as the fields of the protocol that they stand for.
func (c inquiryCreate) claim(env wire.Env) (ledger.Claim, error) {
	values := url.Values{
		"CampaignId": {c.Campaign}, "MediaPartnerId": {c.Partner}, "OrderId": {c.Order}, "TransactionDate": {c.Date},
		"TransactionAmount": {c.Amount}, "InquiryType": {c.Type}, "ExpectedPayout": {c.ExpectedPayout}, "Comment": {c.Comment},
		"TrackingLink": {c.TrackingLink}, "ResolutionDeadlineDate": {c.Deadline}, "AutoApprovalDate": {c.AutoApproval},
	}
	params, err := wire.ParseParams(values.Encode(), "", nil)
	if err != nil {
		return ledger.Claim{}, err
	}
	return wire.DecodeClaim(params, env)
}

// referenceOf answers the account's newest reference data.
func referenceOf(ctx context.Context, st *sqlstore.Store, account int64) (*ledger.Reference, error) {
	reference, err := st.Reference(ctx, account, store.Latest)
	if errors.Is(err, ledger.ErrNotFound) {
		return nil, fmt.Errorf("--account %d: no such account; record it with: trueup apply -f FILE", account)
	}
	return reference, err
}

type inquiryList struct {
	dataFlag
	Account int64  `required:"" placeholder:"ID" help:"The account."`
	Status  string `enum:",UNRESOLVED,VALID,DECLINED,INCOMPLETE" default:"" help:"Only those of this status: UNRESOLVED, VALID, DECLINED or INCOMPLETE."`
	Limit   int    `default:"100" help:"At most so many (default: ${default})."`
}

// Run lists the inquiries.
func (c inquiryList) Run(ctx context.Context, s streams) error {
	if c.Limit < 1 {
		return fmt.Errorf("--limit %d: must be at least 1", c.Limit)
	}
	return c.use(ctx, ledgerFolder, func(st *sqlstore.Store) error { return c.list(ctx, st, s) })
}

func (c inquiryList) list(ctx context.Context, st *sqlstore.Store, s streams) error {
	reference, err := referenceOf(ctx, st, c.Account)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tCREATED\tSTATUS\tTYPE\tPARTNER\tORDER\tACTION\tLAST COMMENT")
	err = st.Read(ctx, c.Account, func(r store.Reader) error {
		_, inquiries, err := r.Inquiries(ledger.InquiryFilter{Status: ledger.InquiryStatus(c.Status)}, ledger.Page{Size: c.Limit, Number: 1})
		if err != nil {
			return err
		}
		for q, err := range inquiries {
			if err != nil {
				return err
			}
			last := ""
			if said := q.AllComments(); len(said) > 0 {
				last = said[len(said)-1].Text
			}
			fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%q\t%s\t%q\n", q.Number, q.Created.In(reference.Zone()).Format(time.RFC3339),
				q.Status, q.Type, reference.Partners[q.Partner].Name, q.Order, q.Outcome.Action, last)
		}
		return nil
	})
	return errors.Join(err, table.Flush())
}
