package client

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/client/internal/transport"
	"github.com/trueup-ledger/trueup/money"
)

// WriteOptions are options of a write. They are for Trueup servers; the Brand API ignores them.
type WriteOptions struct {
	// IdempotencyKey identifies the write, so that to send it again has no further effect, not
	// even after a restart of the caller. The default is a random key for each call.
	IdempotencyKey string `wire:"-"`
	// MaxWait is the time, at most 30 s, for which the server delays its response until the
	// write is applied. It saves [Pending.Wait] its requests.
	MaxWait time.Duration `wire:"-"`
}

// Command is a write of the ledger: a [Conversion], [Modification], [Reversal], [Reset], [Undo]
// or [Resolution].
type Command interface {
	// route returns the method, the path below the account and the parameters.
	route() (method, path string, form url.Values, err error)
}

// formType is the content type of a form.
const formType = "application/x-www-form-urlencoded"

// write returns the request of a write.
func (c *Client) write(method, path string, form url.Values, o WriteOptions) transport.Request {
	r := transport.Request{Method: method, Path: c.root + path, Header: make(http.Header)}
	r.SetBody(form.Encode(), formType)
	c.addOptions(&r, o)
	return r
}

// addOptions adds the headers of options. A request with an idempotency key is safe.
func (c *Client) addOptions(r *transport.Request, o WriteOptions) {
	if o.MaxWait > 0 {
		r.Header.Set("Prefer", "wait="+strconv.Itoa(max(int(o.MaxWait/time.Second), 1)))
	}
	if c.original {
		return
	}
	key := o.IdempotencyKey
	if key == "" {
		key = rand.Text()
	}
	r.Header.Set("Idempotency-Key", key)
	r.Safe = true
}

// queue sends a command that the server queues.
func (c *Client) queue(ctx context.Context, command Command, o WriteOptions) (*Pending, error) {
	method, path, form, err := command.route()
	if err != nil {
		return nil, err
	}
	result, err := c.do(ctx, c.write(method, path, form, o))
	if err != nil {
		return nil, err
	}
	return c.pending(result)
}

// pending returns the handle for a response.
func (c *Client) pending(r transport.Response) (*Pending, error) {
	var queued struct {
		QueuedURI  string
		Submission *Submission
	}
	if err := unmarshal(r.Body, &queued, ""); err != nil {
		return nil, err
	}
	if queued.QueuedURI == "" {
		return nil, errors.New("client: the response has no QueuedUri, so it is unknown whether the write is stored")
	}
	p := &Pending{client: c, SubmissionID: path.Base(queued.QueuedURI), Replayed: r.Header.Get("Idempotency-Replayed") != "", submission: queued.Submission}
	p.Ignored = transport.Ignored(r.Header)
	p.UnpricedLines, _ = strconv.Atoi(r.Header.Get("Trueup-Unpriced-Lines")) // usually absent
	return p, nil
}

// Conversion reports an order. CampaignID, OrderID, an action tracker and something that
// identifies the partner are required.
type Conversion struct {
	CampaignID      int
	ActionTrackerID int
	// EventTypeCode identifies the action tracker in place of ActionTrackerID.
	EventTypeCode string
	// EventDate is the time of the order. The default is now.
	EventDate time.Time
	// OrderID identifies the order. The server generates the id for "IR_AN_64_TS".
	OrderID string
	// Currency is the currency of all amounts. It is required if there is one.
	Currency money.Currency `wire:"CurrencyCode"`

	// The first of these that finds a partner decides.
	MediaPartnerID  int
	ClickID         string
	CustomClickID   string
	PromoCode       string
	UniqueURL       string `wire:"UniqueUrl"`
	CustomerID      string
	CustomProfileID string
	CallerID        string

	Items []ConversionItem `wire:"-"`
	// Amount is the revenue of an order without items.
	Amount        *money.Amount
	OrderDiscount *money.Amount // split over the items
	OrderShipping *money.Amount // never commissionable
	OrderTax      *money.Amount // never commissionable
	OrderRebate   *money.Amount

	CustomerStatus   string
	CustomerEmail    string // its SHA-1 or SHA-256 in hex
	CustomerCity     string
	CustomerPostCode string
	CustomerCountry  string
	CustomerRegion   string
	IPAddress        string `wire:"IpAddress"`
	Note             string
	DispositionCode  string
	SharedID         string
	SubID1           string `wire:"SubId1"`
	SubID2           string `wire:"SubId2"`
	SubID3           string `wire:"SubId3"`
	PaymentType      string

	// Extra holds further parameters by name, such as "Text1".
	Extra map[string]string `wire:"-"`

	WriteOptions
}

// ConversionItem is a line of an order. Either Price or SubTotal is the revenue before discounts.
type ConversionItem struct {
	SKU           string         `wire:"ItemSku"`
	Name          string         `wire:"ItemName"`
	Category      string         `wire:"ItemCategory"`
	SubCategory   string         `wire:"ItemSubCategory"`
	MPN           string         `wire:"ItemMpn"`
	Brand         string         `wire:"ItemBrand"`
	Quantity      int            `wire:"ItemQuantity"`
	Price         *money.Amount  `wire:"ItemPrice"`         // per unit
	SubTotal      *money.Amount  `wire:"ItemSubTotal"`      // of the line
	Discount      *money.Amount  `wire:"ItemDiscount"`      // per unit
	DiscountRate  *money.Decimal `wire:"ItemDiscountRate"`  // in percent
	TotalDiscount *money.Amount  `wire:"ItemTotalDiscount"` // of the line
	PromoCode     string         `wire:"ItemPromoCode"`
}

func (v Conversion) route() (string, string, url.Values, error) {
	form := make(url.Values)
	if v.EventDate.IsZero() {
		form.Set("EventDate", "NOW")
	}
	err := encode(form, v, "", v.Currency)
	for i, item := range v.Items {
		if err == nil {
			err = encode(form, item, strconv.Itoa(i+1), v.Currency)
		}
	}
	for name, value := range v.Extra {
		form.Set(name, value)
	}
	return http.MethodPost, "/Conversions", form, err
}

// Modification changes an action or its items. It identifies the action by ActionID, or by
// ActionTrackerID and OrderID.
type Modification struct {
	ActionID        string
	ActionTrackerID int
	OrderID         string
	// Reason is required without Items. With Items it is always ORDER_UPDATE.
	Reason string
	Items  []ItemChange `wire:"-"`
	// Amount is the new revenue of an action without Items; 0 reverses it.
	Amount         *money.Amount
	CustomerStatus string
	// Currency is the currency of all amounts: the account's or the one of the order. It is
	// required if there is an amount.
	Currency money.Currency `wire:"CurrencyCode"`
	// ExpectedUpdateID is the last update or adjustment that the caller knows. If there is a
	// newer one, the modification is rejected with the code STALE_ACTION.
	ExpectedUpdateID string
	Note             string

	WriteOptions
}

// ItemChange changes an item. Nil fields and empty texts stay as they are.
type ItemChange struct {
	SKU           string        // required
	Quantity      *int          // the new quantity; 0 reverses the item
	QuantityDelta *int          // in place of Quantity
	Amount        *money.Amount // the new revenue of the line
	AmountDelta   *money.Amount `wire:"ItemSubTotalDelta"` // in place of Amount
	Category      string
	Name          string `wire:"ItemName"`
	Rebate        *money.Amount
}

func (v Modification) route() (string, string, url.Values, error) {
	if v.Reason == "" && len(v.Items) > 0 {
		v.Reason = "ORDER_UPDATE"
	}
	if v.Amount != nil && len(v.Items) > 0 {
		return "", "", nil, errors.New("client: Modification.Amount is the revenue of an action without Items: set the Amount of each item")
	}
	form := make(url.Values)
	err := encode(form, v, "", v.Currency)
	for i, item := range v.Items {
		if strings.TrimSpace(item.SKU) == "" { // without one, the parameters are those of the whole action
			return "", "", nil, fmt.Errorf("client: Modification.Items[%d].SKU is required: it identifies the item", i)
		}
		suffix := "" // the first item has no number
		if i > 0 {
			suffix = strconv.Itoa(i + 1)
		}
		if err == nil {
			err = encode(form, item, suffix, v.Currency)
		}
	}
	return http.MethodPut, "/Actions", form, err
}

// Reversal reverses an action. It identifies the action as a [Modification] does.
type Reversal struct {
	ActionID         string
	ActionTrackerID  int
	OrderID          string
	Reason           string `wire:"DispositionCode"` // required, such as ITEM_RETURNED
	ExpectedUpdateID string
	Note             string

	WriteOptions
}

func (v Reversal) route() (string, string, url.Values, error) {
	form := make(url.Values)
	err := encode(form, v, "", "")
	return http.MethodDelete, "/Actions", form, err
}

// Reset restores the tracked values of an action and its items. It identifies the action as a
// [Modification] does.
type Reset struct {
	ActionID         string
	ActionTrackerID  int
	OrderID          string
	ExpectedUpdateID string
	Note             string

	WriteOptions
}

func (v Reset) route() (string, string, url.Values, error) {
	form := url.Values{"Reason": {"RESET"}}
	err := encode(form, v, "", "")
	return http.MethodPut, "/Actions", form, err
}

// Undo restores the values that a submission changed.
type Undo struct {
	SubmissionID     string `wire:"-"`
	ExpectedUpdateID string
	Note             string

	WriteOptions
}

func (v Undo) route() (string, string, url.Values, error) {
	form := make(url.Values)
	err := encode(form, v, "", "")
	return http.MethodPost, transport.Path("APISubmissions", v.SubmissionID, "Undo"), form, err
}

// Convert reports an order.
func (c *Client) Convert(ctx context.Context, v Conversion) (*Pending, error) {
	return c.queue(ctx, v, v.WriteOptions)
}

// Modify changes an action or its items.
func (c *Client) Modify(ctx context.Context, v Modification) (*Pending, error) {
	return c.queue(ctx, v, v.WriteOptions)
}

// Reverse reverses an action.
func (c *Client) Reverse(ctx context.Context, v Reversal) (*Pending, error) {
	return c.queue(ctx, v, v.WriteOptions)
}

// Reset restores the tracked values of an action and its items.
func (c *Client) Reset(ctx context.Context, v Reset) (*Pending, error) {
	return c.queue(ctx, v, v.WriteOptions)
}

// Undo restores the values that a submission changed.
func (c *Client) Undo(ctx context.Context, v Undo) (*Pending, error) {
	return c.queue(ctx, v, v.WriteOptions)
}
