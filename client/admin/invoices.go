package admin

import (
	"context"
	"io"
	"iter"
	"time"

	"github.com/trueup-ledger/trueup/money"
)

// Invoice is the amount that an account owes a partner for a month.
type Invoice struct {
	ID          string         `wire:"id"`
	Partner     int            `wire:"partner"`
	PartnerName string         `wire:"partner_name"` // at the end of the period
	Period      Month          `wire:"period"`
	Currency    money.Currency `wire:"currency"`
	Created     Date           `wire:"created"`
	Due         Date           `wire:"due"`
	Status      string         `wire:"status"` // PENDING, PAID or OVERDUE
	Forced      bool           `wire:"forced"` // an operator issued it below the minimum
	Net         money.Amount   `wire:"net"`
	VAT         money.Amount   `wire:"vat"`
	Total       money.Amount   `wire:"total"`
	VATRate     money.Decimal  `wire:"vat_rate"`  // in percent
	Converted   *Converted     `wire:"converted"` // the total in the partner's currency, or nil
	Payment     *Paid          `wire:"payment"`   // nil unless the invoice is paid
	Lines       []InvoiceLine  `wire:"lines"`
}

// InvoiceLine is a line of an [Invoice].
type InvoiceLine struct {
	Campaign     int          `wire:"campaign"`
	CampaignName string       `wire:"campaign_name"`
	Description  string       `wire:"description"` // MEDIA_PAYOUT or BONUS
	Month        Month        `wire:"month"`
	Actions      int          `wire:"actions"`
	Net          money.Amount `wire:"net"`
	VAT          money.Amount `wire:"vat"`
	Total        money.Amount `wire:"total"`
}

// Converted is a total in the currency of a partner.
type Converted struct {
	Currency money.Currency `wire:"currency"`
	Rate     money.Rate     `wire:"rate"` // the units of Currency that one unit of the invoice's is worth
	Total    money.Amount   `wire:"total"`
}

// Paid is the payment of an [Invoice].
type Paid struct {
	Date      Date   `wire:"date"`
	Reference string `wire:"reference"`
}

// InvoiceFilter selects invoices.
type InvoiceFilter struct {
	Partner  int    `wire:"partner"`
	Status   string `wire:"status"` // PENDING, PAID or OVERDUE
	Month    Month  `wire:"month"`
	PageSize int    `wire:"limit"` // 100 by default
}

// Invoices returns the invoices that match, those that were issued last first.
func (c *Client) Invoices(ctx context.Context, account int, f InvoiceFilter) iter.Seq2[Invoice, error] {
	return list[Invoice](ctx, c, invoicesPath(account), "invoices", f)
}

// InvoicePage returns a page of the invoices that match. The first one has number 1.
func (c *Client) InvoicePage(ctx context.Context, account int, f InvoiceFilter, number int) (Page[Invoice], error) {
	return numbered[Invoice](ctx, c, invoicesPath(account), "invoices", f, number)
}

func invoicesPath(account int, segments ...string) string {
	return accountPath(account, append([]string{"invoices"}, segments...)...)
}

// Invoice returns the invoice with an id.
func (c *Client) Invoice(ctx context.Context, account int, id string) (*Invoice, error) {
	return read[Invoice](ctx, c, invoicesPath(account, id))
}

// InvoicePDF returns an invoice as a PDF. The caller must close it.
func (c *Client) InvoicePDF(ctx context.Context, account int, id string) (io.ReadCloser, error) {
	return download(ctx, c, invoicesPath(account, id, "pdf"), struct{}{})
}

// InvoiceExport selects the invoices and the format of an export.
type InvoiceExport struct {
	Partner int    `wire:"partner"`
	Status  string `wire:"status"` // PENDING, PAID or OVERDUE
	Month   Month  `wire:"month"`
	// Format says what has a row: invoices for their lines, which is the default, entries, or xero
	// for bills.
	Format string `wire:"format"`
	// AccountCode and TaxType are required for xero: the code of the expense account, and the tax
	// rate as Xero displays it.
	AccountCode string `wire:"account_code"`
	TaxType     string `wire:"tax_type"`
	// MonthFirst is for xero: dates begin with the month.
	MonthFirst bool `wire:"month_first"`
}

// ExportInvoices returns invoices as CSV. The caller must close it. If the server fails in the
// middle, a read returns an error, and the rows so far are incomplete.
func (c *Client) ExportInvoices(ctx context.Context, account int, e InvoiceExport) (io.ReadCloser, error) {
	return download(ctx, c, invoicesPath(account, "export"), e)
}

// Issued is the result of issuing invoices.
type Issued struct {
	Currency money.Currency `wire:"currency"`
	// Invoices are the ids of the invoices that were issued.
	Invoices []string `wire:"invoices"`
	// More reports whether the time did not suffice for all: call IssueInvoices again.
	More bool `wire:"more"`
	// Queued is the number of submissions that hold up the invoices of the last period.
	Queued int `wire:"queued"`
	// Carried are the balances below the minimum of their partner.
	Carried []CarriedBalance `wire:"carried"`
	// Open is the open period, or nil for the invoice of one partner.
	Open *OpenPeriod `wire:"open"`
}

// CarriedBalance is a balance that is carried to a later invoice.
type CarriedBalance struct {
	Partner     int          `wire:"partner"`
	PartnerName string       `wire:"partner_name"`
	Carried     money.Amount `wire:"carried"`
	Minimum     money.Amount `wire:"minimum"`
	Problem     string       `wire:"problem"` // the reason why there is no amount, if its sum is too large
}

// OpenPeriod is a period whose invoices are not due.
type OpenPeriod struct {
	Period Month     `wire:"period"`
	Until  time.Time `wire:"until"` // from then on, its invoices are issued
}

// IssueInvoices issues the invoices that are due, as a server does by itself.
func (c *Client) IssueInvoices(ctx context.Context, account int) (*Issued, error) {
	return repeat[Issued](ctx, c, invoicesPath(account, "issue"), struct{}{}, WriteOptions{})
}

// ForceInvoice issues the invoice of a partner for the last period, although it is below the
// partner's minimum. It requires a reason.
func (c *Client) ForceInvoice(ctx context.Context, account, partner int, o WriteOptions) (*Issued, error) {
	return post[Issued](ctx, c, invoicesPath(account, "issue"), struct {
		Force   bool `wire:"force"`
		Partner int  `wire:"partner"`
	}{true, partner}, "", o)
}
