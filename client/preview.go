package client

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/trueup-ledger/trueup/client/internal/transport"
	"github.com/trueup-ledger/trueup/money"
)

// Preview is the effect that a write would have.
type Preview struct {
	// Before and After are the action without and with the write. Before is nil for a
	// conversion.
	Before, After *PreviewAction
	DeltaAmount   money.Amount
	DeltaPayout   money.Amount
	// Adjustments are those that the write of a locked action would make. They have no id yet.
	Adjustments []Adjustment
	// InvoicePeriod is the month of the invoice with the adjustments, such as "2026-11".
	InvoicePeriod string
	// Queued is the number of writes that precede this one and are not applied. Their effect is
	// missing.
	Queued int
	// ActionInquiry is the inquiry after a [Resolution].
	ActionInquiry *Inquiry
	// Errors are the reasons for which the rules would reject the write.
	Errors []PreviewError
}

// PreviewAction is an action with its items.
type PreviewAction struct {
	Action Action
	Items  []Item `wire:"ActionItems"`
}

// PreviewError is a reason for which the rules would reject a write.
type PreviewError struct {
	Code, Field, Message string
}

// ErrNoDryRun is the error of a dry run of the Brand API, which would carry it out.
var ErrNoDryRun = errors.New("client: the Brand API has no dry runs")

// DryRun returns the effect that a command would have, without changing anything. If the rules
// would reject it, DryRun returns the preview and a [*Rejection]. Only Trueup servers have dry
// runs: DryRun refuses to send a command to the Brand API, which would carry it out.
func (c *Client) DryRun(ctx context.Context, command Command) (*Preview, error) {
	if c.original {
		return nil, ErrNoDryRun
	}
	method, path, form, err := command.route()
	if err != nil {
		return nil, err
	}
	form.Set("DryRun", "true")
	r := transport.Request{Method: method, Path: c.root + path, Safe: true}
	r.SetBody(form.Encode(), formType)
	result, err := c.do(ctx, r)
	if err != nil {
		return nil, err
	}
	var p Preview
	if err := unmarshal(result.Body, &p, previewCurrency(result.Body)); err != nil {
		return nil, err
	}
	return &p, p.rejection()
}

// previewCurrency returns the currency of the deltas of a preview, which is that of its action.
func previewCurrency(body []byte) money.Currency {
	var p struct {
		After struct {
			Action struct{ Currency money.Currency }
		}
	}
	_ = json.Unmarshal(body, &p) // Preview reports the error
	return p.After.Action.Currency
}

// rejection returns a [*Rejection] if the rules would reject the write.
func (p *Preview) rejection() error {
	if len(p.Errors) == 0 {
		return nil
	}
	first := p.Errors[0]
	r := &Rejection{Code: first.Code, Field: first.Field, Message: first.Message}
	for _, e := range p.Errors {
		r.Codes = append(r.Codes, e.Code)
	}
	return r
}
