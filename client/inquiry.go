package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/money"
)

// Resolution resolves an inquiry. VALID creates an action.
type Resolution struct {
	ID                int
	ResolutionStatus  string // VALID, DECLINED or INCOMPLETE
	RejectReason      string // required if DECLINED
	ActionTrackerID   int    // required if VALID
	ResolutionNotes   string
	Currency          money.Currency `wire:"-"` // of all amounts, required if there is one
	TransactionAmount *money.Amount
	FinalPayout       *money.Amount
	TransactionDate   time.Time
	PromoCode         string
	CustomerID        string
	Items             []ResolutionItem `wire:"-"`

	WriteOptions
}

// ResolutionItem is a line of the order of a [Resolution].
type ResolutionItem struct {
	SKU         string        `wire:"ItemSku"`
	Name        string        `wire:"ItemName"`
	Category    string        `wire:"ItemCategory"`
	SubCategory string        `wire:"ItemSubCategory"`
	MPN         string        `wire:"ItemMPN"`
	Quantity    int           `wire:"ItemQty"`
	SubTotal    *money.Amount `wire:"ItemSubtotal"`
	TotalRebate *money.Amount `wire:"ItemTotalRebate"`
}

func (v Resolution) route() (string, string, url.Values, error) {
	form := make(url.Values)
	err := encode(form, v, "", v.Currency)
	for i, item := range v.Items {
		if err == nil {
			err = encode(form, item, strconv.Itoa(i+1), v.Currency)
		}
	}
	return http.MethodPut, "/ActionInquiries", form, err
}

// ResolveInquiry resolves an inquiry. It takes effect at once; the action of a VALID one follows.
func (c *Client) ResolveInquiry(ctx context.Context, v Resolution) error {
	method, path, form, err := v.route()
	if err != nil {
		return err
	}
	_, err = c.do(ctx, c.write(method, path, form, v.WriteOptions))
	return err
}
