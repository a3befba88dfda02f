package operate

import (
	"context"
	"fmt"
	"strconv"

	"github.com/trueup-ledger/trueup/client/admin"
	"github.com/trueup-ledger/trueup/internal/bankfile"
	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/cli/render"
	"github.com/trueup-ledger/trueup/internal/output"
)

// Bonus records a bonus or a deduction.
type Bonus struct {
	operation
	Partner  int64  `required:"" placeholder:"ID" help:"Partner."`
	Campaign int64  `required:"" placeholder:"ID" help:"Campaign of the invoice line."`
	Amount   string `required:"" placeholder:"AMOUNT" help:"Amount in the account's currency. Below zero it is a deduction, as in --amount=-12.50."`
}

// Do records the bonus.
func (c Bonus) Do(ctx context.Context, s *cli.Session) error {
	o, err := c.options()
	if err != nil {
		return err
	}
	unit, err := currency(ctx, s)
	if err != nil {
		return err
	}
	value, err := amount(c.Amount, unit)
	switch {
	case err != nil:
		return err
	case value == 0:
		return cli.Usage("--amount: Must not be 0")
	}
	if err := check(ctx, s, "partner", admin.Partners, c.Partner); err != nil {
		return err
	}
	if err := check(ctx, s, "campaign", admin.Campaigns, c.Campaign); err != nil {
		return err
	}
	e, err := s.Admin.RecordBonus(ctx, s.Account, admin.Bonus{Partner: int(c.Partner), Campaign: int(c.Campaign), Amount: value, Currency: unit}, o)
	if err != nil {
		return operands{}.locate(err)
	}
	s.Printf("Recorded %s %s for partner %d, for the invoice of %s.\n", e.Currency.Format(e.Amount), e.Currency, e.Partner, e.Period)
	return nil
}

// BalanceList lists balances.
type BalanceList struct {
	account
	listing
	Page int64 `default:"1" help:"Page of the list, from 1. Each has as many partners as --limit says (default: ${default})."`
}

var balanceColumns = render.Columns("partner", "partner_name:Name", "currency", "pending", "locked", "cleared", "carried", "invoiced", "paid", "owed",
	"written_off:Written off", "problem")

// Do lists the balances by partner.
func (c BalanceList) Do(ctx context.Context, s *cli.Session) error {
	query := cli.Parameters{}
	switch {
	case c.Page < 1:
		return cli.Usage("--page %d: must be at least 1", c.Page)
	case c.Page > 1 && (c.Limit < 1 || c.Limit > cli.MaxPage):
		return cli.Usage("--limit %d: must be from 1 to %d with --page", c.Limit, cli.MaxPage)
	case c.Page > 1:
		query.Set("page", c.Page)
	}
	list := collection{path: path(s, "balances"), key: "balances", columns: balanceColumns, exact: c.Page > 1}
	return operands{}.locate(c.list(ctx, s, list, query))
}

// BalanceGet shows a balance.
type BalanceGet struct {
	account
	cli.ShowFlags
	Partner int64 `arg:"" help:"Id of the partner."`
}

// Do prints the balance of the partner.
func (c BalanceGet) Do(ctx context.Context, s *cli.Session) error {
	if c.Output == render.Table && len(c.Columns) == 0 {
		v, err := s.Admin.Balance(ctx, s.Account, int(c.Partner))
		if err != nil {
			return err
		}
		return output.Balance(s.Out, v)
	}
	v, err := s.Admin.Object(ctx, path(s, "balances", strconv.FormatInt(c.Partner, 10)))
	if err != nil {
		return err
	}
	return c.Print(s, v, balanceColumns)
}

// WriteOff writes a balance off.
type WriteOff struct {
	operation
	Partner int64 `arg:"" help:"Id of the partner."`
}

// Do writes the carried balance off.
func (c WriteOff) Do(ctx context.Context, s *cli.Session) error {
	o, err := c.options()
	if err != nil {
		return err
	}
	entries, err := s.Admin.WriteOff(ctx, s.Account, int(c.Partner), o)
	for _, e := range entries {
		s.Printf("Recorded %s %s for partner %d and campaign %d.\n", e.Currency.Format(e.Amount), e.Currency, e.Partner, e.Campaign)
	}
	return err
}

// PaymentRecord records the payment of an invoice.
type PaymentRecord struct {
	operation
	Invoice   InvoiceID `arg:"" help:"Id of the invoice, such as 10001-7."`
	Date      string    `required:"" placeholder:"DATE" help:"Date of the payment, such as 2026-12-31."`
	Reference string    `placeholder:"TEXT" help:"Reference of the payment at the bank."`
	Amount    string    `placeholder:"AMOUNT" help:"Amount that was paid, which must be the total of the invoice (default: the total)."`
}

// Do records the payment.
func (c PaymentRecord) Do(ctx context.Context, s *cli.Session) error {
	o, err := c.options()
	if err != nil {
		return err
	}
	p := admin.Payment{Date: admin.Date(c.Date), Reference: c.Reference}
	if c.Amount != "" {
		if p.Currency, err = currency(ctx, s); err != nil {
			return err
		}
		value, err := amount(c.Amount, p.Currency)
		if err != nil {
			return err
		}
		p.Amount = &value
	}
	v, err := s.Admin.RecordPayment(ctx, s.Account, c.Invoice.String(), p, o)
	if err != nil {
		return operands{}.locate(err)
	}
	s.Printf("Invoice %s of %s %s is paid.\n", v.ID, v.Currency.Format(v.Total), v.Currency)
	return nil
}

// PaymentImport imports payments.
type PaymentImport struct {
	operation
	DryRun  bool   `help:"Print the result and record nothing."`
	Partial bool   `help:"Record the payments that match, although other rows have problems."`
	Decimal string `placeholder:"SEPARATOR" help:"Decimal separator of the file, . or , (default: detected, if the numbers leave no doubt)."`
	Dates   string `placeholder:"ORDER" help:"Order of dates such as 03/04/2026: DMY or MDY (default: detected, if the dates leave no doubt)."`
	File    string `arg:"" type:"existingfile" help:"CSV file with headings such as date, amount, currency, and reference or invoice."`
}

// Do records the payments of the file. A dry run shows the rows of a file of which nothing is recorded
// because of a problem.
func (c PaymentImport) Do(ctx context.Context, s *cli.Session) error {
	o, err := c.options()
	if err != nil {
		return err
	}
	content, err := output.ReadFile(c.File, bankfile.MaxSize)
	if err != nil {
		return err
	}
	file := admin.PaymentFile{Content: string(content), Decimal: c.Decimal, Dates: c.Dates, DryRun: true, Partial: c.Partial}
	imported, err := s.Admin.ImportPayments(ctx, s.Account, file, o)
	if err == nil && !c.DryRun && (imported.Problems == 0 || c.Partial) {
		file.DryRun = false
		imported, err = s.Admin.ImportPayments(ctx, s.Account, file, o)
	}
	if err != nil {
		return operands{"content": c.File}.locate(err)
	}
	output.ImportedPayments(s.Out, imported, c.DryRun)
	return importError(imported, c.DryRun)
}

// importError returns an error if a row has a problem.
func importError(i *admin.ImportedPayments, dryRun bool) error {
	matched := 0
	for _, r := range i.Rows {
		if bankfile.Status(r.Status) == bankfile.Matched {
			matched++
		}
	}
	switch rows := len(i.Rows); {
	case i.Problems == 0:
		return nil
	case dryRun:
		return fmt.Errorf("%d of %d rows have a problem", i.Problems, rows)
	case i.Recorded > 0:
		return fmt.Errorf("%d of %d rows have a problem; the others were recorded", i.Problems, rows)
	case matched > 0:
		return fmt.Errorf("%d of %d rows have a problem; nothing was recorded: correct them, or record the others with --partial", i.Problems, rows)
	default:
		return fmt.Errorf("%d of %d rows have a problem; nothing was recorded", i.Problems, rows)
	}
}
