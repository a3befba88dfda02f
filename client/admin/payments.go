package admin

import (
	"context"
	"iter"
	"strconv"

	"github.com/trueup-ledger/trueup/money"
)

// Payment describes the payment of an invoice.
type Payment struct {
	Date      Date   `wire:"date"` // required
	Reference string `wire:"reference"`
	// Amount must be the total of the invoice, which is the default. With an Amount, Currency is
	// required, and must be that of the invoice.
	Amount   *money.Amount  `wire:"amount"`
	Currency money.Currency `wire:"currency"`
}

// RecordPayment records the payment of an invoice and returns the invoice. It requires a reason.
func (c *Client) RecordPayment(ctx context.Context, account int, invoiceID string, p Payment, o WriteOptions) (*Invoice, error) {
	return post[Invoice](ctx, c, invoicesPath(account, invoiceID, "payment"), p, p.Currency, o)
}

// PaymentFile is a CSV file of bank transfers.
type PaymentFile struct {
	Content string `wire:"content"`
	// Decimal is the decimal separator, a point or a comma. By default it is detected.
	Decimal string `wire:"decimal"`
	// Dates is the order of dates such as 03/04/2026: DMY or MDY. By default it is detected.
	Dates string `wire:"dates"`
	// DryRun returns the result and records nothing.
	DryRun bool `wire:"dry_run"`
	// Partial records the payments that match although other rows have problems.
	Partial bool `wire:"partial"`
}

// ImportedPayments is the result of an import of payments.
type ImportedPayments struct {
	Recorded       int          `wire:"recorded"`        // payments
	RecordedBefore int          `wire:"recorded_before"` // rows that an earlier import recorded
	Problems       int          `wire:"problems"`        // rows with a problem
	Rows           []PaymentRow `wire:"rows"`
}

// PaymentRow is the result for a row of a [PaymentFile].
type PaymentRow struct {
	Line    int    `wire:"line"`
	Status  string `wire:"status"`  // MATCHED, RECORDED, UNMATCHED, MISMATCHED, DUPLICATE, ALREADY_PAID or INVALID
	Message string `wire:"message"` // the problem and its remedy
	Date    Date   `wire:"date"`    // of the transfer; empty if it can't be read

	// Invoice is the id of the invoice that the row names, or empty. Then the other fields are too.
	Invoice     string         `wire:"invoice"`
	Partner     int            `wire:"partner"`
	PartnerName string         `wire:"partner_name"`
	Currency    money.Currency `wire:"currency"`
	Total       money.Amount   `wire:"total"` // of the invoice
}

// ImportPayments records the payments of a file. It requires a reason. If a row has a problem, it
// records nothing and returns a [*client.Error] that names the rows, unless the file is Partial.
func (c *Client) ImportPayments(ctx context.Context, account int, f PaymentFile, o WriteOptions) (*ImportedPayments, error) {
	path := accountPath(account, "payments", "import")
	if f.DryRun {
		return repeat[ImportedPayments](ctx, c, path, f, o)
	}
	return post[ImportedPayments](ctx, c, path, f, "", o)
}

// Bonus is an amount that a partner gets besides its payouts.
type Bonus struct {
	Partner  int            `wire:"partner"`
	Campaign int            `wire:"campaign"`
	Amount   money.Amount   `wire:"amount"`   // below zero for a deduction
	Currency money.Currency `wire:"currency"` // required; must be that of the account
}

// RecordedEntry is an entry that an operator recorded.
type RecordedEntry struct {
	Kind     string         `wire:"kind"` // BONUS or WRITE_OFF
	ID       string         `wire:"id"`
	Partner  int            `wire:"partner"`
	Campaign int            `wire:"campaign"`
	Currency money.Currency `wire:"currency"`
	Amount   money.Amount   `wire:"amount"`
	Period   Month          `wire:"period"` // that of the invoice that will have the entry
}

// RecordBonus records a bonus or a deduction. It requires a reason.
func (c *Client) RecordBonus(ctx context.Context, account int, b Bonus, o WriteOptions) (*RecordedEntry, error) {
	return post[RecordedEntry](ctx, c, accountPath(account, "bonuses"), b, b.Currency, o)
}

// Balance is what an account owes a partner.
type Balance struct {
	Partner     int            `wire:"partner"`
	PartnerName string         `wire:"partner_name"`
	Currency    money.Currency `wire:"currency"`
	Pending     money.Amount   `wire:"pending"`  // payouts of actions that are not locked
	Locked      money.Amount   `wire:"locked"`   // locked and not cleared
	Cleared     money.Amount   `wire:"cleared"`  // entries of the open period
	Carried     money.Amount   `wire:"carried"`  // entries of closed periods that are on no invoice
	Invoiced    money.Amount   `wire:"invoiced"` // totals of all invoices
	Paid        money.Amount   `wire:"paid"`     // totals of paid invoices
	Owed        money.Amount   `wire:"owed"`     // Invoiced less Paid
	WrittenOff  money.Amount   `wire:"written_off"`
	Problem     string         `wire:"problem"` // the reason why there are no amounts, if their sums are too large
}

// Balances returns what an account owes its partners, by partner.
func (c *Client) Balances(ctx context.Context, account int) iter.Seq2[Balance, error] {
	return list[Balance](ctx, c, accountPath(account, "balances"), "balances", struct{}{})
}

// BalanceFilter selects balances.
type BalanceFilter struct {
	PageSize int `wire:"limit"` // 100 by default
}

// BalancePage returns a page of the balances of an account. The first one has number 1.
func (c *Client) BalancePage(ctx context.Context, account int, f BalanceFilter, number int) (Page[Balance], error) {
	return numbered[Balance](ctx, c, accountPath(account, "balances"), "balances", f, number)
}

// Balance returns what an account owes a partner.
func (c *Client) Balance(ctx context.Context, account, partner int) (*Balance, error) {
	return read[Balance](ctx, c, accountPath(account, "balances", strconv.Itoa(partner)))
}

// WriteOff writes the carried balance of a partner off and returns an entry for each campaign. It
// requires a reason.
func (c *Client) WriteOff(ctx context.Context, account, partner int, o WriteOptions) ([]RecordedEntry, error) {
	done, err := post[struct {
		Entries []RecordedEntry `wire:"entries"`
	}](ctx, c, accountPath(account, "balances", strconv.Itoa(partner), "write_off"), struct{}{}, "", o)
	if err != nil {
		return nil, err
	}
	return done.Entries, nil
}
