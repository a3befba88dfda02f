package client

import (
	"context"
	"encoding/json"
	"io"
	"iter"
	"net/url"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/client/internal/transport"
)

// Actions returns the actions that match, newest first.
func (c *Client) Actions(ctx context.Context, f ActionFilter) iter.Seq2[Action, error] {
	return list[Action](ctx, c, "/Actions", "Actions", c.uncounted(query(f)))
}

// Action returns the action with an id.
func (c *Client) Action(ctx context.Context, id string) (*Action, error) {
	return read[Action](ctx, c, transport.Path("Actions", id), nil)
}

// ActionAsOf returns the action as of the end of a second in the past.
func (c *Client) ActionAsOf(ctx context.Context, id string, at time.Time) (*Action, error) {
	return read[Action](ctx, c, transport.Path("Actions", id), asOf(at))
}

// Items returns the items of an action in the order in which they were recorded.
func (c *Client) Items(ctx context.Context, actionID string) iter.Seq2[Item, error] {
	return list[Item](ctx, c, transport.Path("Actions", actionID, "Items"), "ActionItems", nil)
}

// ItemsAsOf returns the items of an action as of the end of a second in the past.
func (c *Client) ItemsAsOf(ctx context.Context, actionID string, at time.Time) iter.Seq2[Item, error] {
	return list[Item](ctx, c, transport.Path("Actions", actionID, "Items"), "ActionItems", asOf(at))
}

func asOf(at time.Time) url.Values { return url.Values{"AsOf": {at.Format(time.RFC3339)}} }

// Item returns an item of an action.
func (c *Client) Item(ctx context.Context, actionID, sku string) (*Item, error) {
	return read[Item](ctx, c, transport.Path("Actions", actionID, "Items", sku), nil)
}

// EffectiveAction returns a locked action with its adjustments.
func (c *Client) EffectiveAction(ctx context.Context, id string) (*Action, error) {
	return read[Action](ctx, c, transport.Path("Actions", id, "Effective"), nil)
}

// EffectiveItems returns the items of a locked action with its adjustments.
func (c *Client) EffectiveItems(ctx context.Context, actionID string) iter.Seq2[Item, error] {
	return list[Item](ctx, c, transport.Path("Actions", actionID, "Effective", "Items"), "ActionItems", nil)
}

// Updates returns the updates that match, newest first.
func (c *Client) Updates(ctx context.Context, f UpdateFilter) iter.Seq2[Update, error] {
	return list[Update](ctx, c, "/ActionUpdates", "ActionUpdates", c.uncounted(query(f)))
}

// uncounted asks for a list without a total, which a server of this repository doesn't limit.
func (c *Client) uncounted(values url.Values) url.Values {
	if !c.original {
		values.Set("Total", "false")
	}
	return values
}

// UpdatesOfAction returns the history of an action, newest first.
func (c *Client) UpdatesOfAction(ctx context.Context, actionID string) iter.Seq2[Update, error] {
	return list[Update](ctx, c, transport.Path("Actions", actionID, "Updates"), "ActionUpdates", nil)
}

// Update returns the update with an id.
func (c *Client) Update(ctx context.Context, id string) (*Update, error) {
	return read[Update](ctx, c, transport.Path("ActionUpdates", id), nil)
}

// Adjustments returns the adjustments that match, newest first.
func (c *Client) Adjustments(ctx context.Context, f AdjustmentFilter) iter.Seq2[Adjustment, error] {
	return list[Adjustment](ctx, c, "/Adjustments", "Adjustments", query(f))
}

// AdjustmentsOfAction returns the adjustments of an action, newest first.
func (c *Client) AdjustmentsOfAction(ctx context.Context, actionID string) iter.Seq2[Adjustment, error] {
	return list[Adjustment](ctx, c, transport.Path("Actions", actionID, "Adjustments"), "Adjustments", nil)
}

// Adjustment returns the adjustment with an id.
func (c *Client) Adjustment(ctx context.Context, id string) (*Adjustment, error) {
	return read[Adjustment](ctx, c, transport.Path("Adjustments", id), nil)
}

// Submissions returns the submissions that match, newest first.
func (c *Client) Submissions(ctx context.Context, f SubmissionFilter) iter.Seq2[Submission, error] {
	return list[Submission](ctx, c, "/APISubmissions", "APISubmission", query(f))
}

// Submission returns the submission with an id. That the rules rejected it is no error here.
func (c *Client) Submission(ctx context.Context, id string) (*Submission, error) {
	return read[Submission](ctx, c, transport.Path("APISubmissions", id), nil)
}

// Inquiries returns the inquiries that match, newest first.
func (c *Client) Inquiries(ctx context.Context, f InquiryFilter) iter.Seq2[Inquiry, error] {
	return list[Inquiry](ctx, c, "/ActionInquiries", "ActionInquiries", query(f))
}

// Inquiry returns the inquiry with an id.
func (c *Client) Inquiry(ctx context.Context, id int) (*Inquiry, error) {
	return read[Inquiry](ctx, c, transport.Path("ActionInquiries", strconv.Itoa(id)), nil)
}

// Files returns the batch files that match, newest first.
func (c *Client) Files(ctx context.Context, f FileFilter) iter.Seq2[File, error] {
	return list[File](ctx, c, "/FTPFileSubmissions", "FTPFileSubmissions", query(f))
}

// File returns the batch file with an id.
func (c *Client) File(ctx context.Context, id string) (*File, error) {
	return read[File](ctx, c, transport.Path("FTPFileSubmissions", id), nil)
}

// FileErrors returns the rows of a batch file that failed, in the order of the file.
func (c *Client) FileErrors(ctx context.Context, fileID string) iter.Seq2[FileError, error] {
	return list[FileError](ctx, c, transport.Path("FTPFileSubmissions", fileID, "ErrorDetails"), "ErrorDetail", nil)
}

// FileError returns the error of the row that begins at a line.
func (c *Client) FileError(ctx context.Context, fileID string, line int) (*FileError, error) {
	return read[FileError](ctx, c, transport.Path("FTPFileSubmissions", fileID, "ErrorDetails", strconv.Itoa(line)), nil)
}

// Invoices returns the invoices that match, those that were issued last first.
func (c *Client) Invoices(ctx context.Context, f InvoiceFilter) iter.Seq2[Invoice, error] {
	return list[Invoice](ctx, c, "/Invoices", "Invoices", query(f))
}

// Invoice returns the invoice with an id.
func (c *Client) Invoice(ctx context.Context, id string) (*Invoice, error) {
	return read[Invoice](ctx, c, transport.Path("Invoices", id), nil)
}

// InvoicePDF returns an invoice as a PDF. The caller must close it.
func (c *Client) InvoicePDF(ctx context.Context, id string) (io.ReadCloser, error) {
	return c.stream(ctx, transport.Path("Invoices", id, "Download"), nil)
}

// Balances returns what the account owes its partners, by partner.
func (c *Client) Balances(ctx context.Context) iter.Seq2[Balance, error] {
	return list[Balance](ctx, c, "/Balances", "Balances", nil)
}

// Balance returns what the account owes a partner.
func (c *Client) Balance(ctx context.Context, partnerID int) (*Balance, error) {
	return read[Balance](ctx, c, transport.Path("Balances", strconv.Itoa(partnerID)), nil)
}

// Collection returns the objects of a collection of the Brand API without a type of its own, such
// as "/Ads" with the array "Ads".
func (c *Client) Collection(ctx context.Context, path, key string, query url.Values) iter.Seq2[json.RawMessage, error] {
	return list[json.RawMessage](ctx, c, path, key, query)
}

// Object returns an object of the Brand API without a type of its own, such as "/Ads/1", as it was
// sent.
func (c *Client) Object(ctx context.Context, path string, query url.Values) (json.RawMessage, error) {
	r, err := c.do(ctx, c.get(path, query))
	return r.Body, err
}

// stream returns the body of a response. The caller must close it.
func (c *Client) stream(ctx context.Context, path string, query url.Values) (io.ReadCloser, error) {
	r := c.get(path, query)
	r.Stream = true
	result, err := c.do(ctx, r)
	return result.Stream, err
}
