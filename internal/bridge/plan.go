package bridge

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

// Input is what the submissions of an order depend on, other than the order.
type Input struct {
	Bridge    program.Bridge
	Reference *program.Reference
	// Order is the id of the order.
	Order string
	Now   time.Time
}

// Submit returns the submissions that give the action the items and amounts of the order, the
// state of the order and the reason for it. It records the submissions in the order. An order that
// can't be submitted has an [*UnusableError].
func (o *Order) Submit(in Input) (list []store.Submission, state store.BridgeState, reason string, err error) {
	switch {
	case o.Placed == nil:
		return nil, store.BridgeWaiting, "The webhook of the order has not arrived. Send it again from the platform, or change the action yourself.", nil
	case o.Sent == nil && (o.Placed.Unpaid || o.Placed.Cancelled):
		return nil, store.BridgeUnpaid, "The order is not paid, or was cancelled before it was.", nil
	}
	if o.Sent == nil {
		keys, ok := in.Bridge.Credits(o.Placed.Codes, o.Placed.Click, in.Reference)
		if o.Placed.Clicked && o.Placed.Click == "" && keys.PromoCode == "" {
			return nil, store.BridgeUncredited, "The order has a click, whose id is not stored. Send it again from the platform.", nil
		}
		if !ok {
			return nil, store.BridgeUncredited, "The order names no promo code of the campaign and no click, and the bridge has no partner.", nil
		}
		conversion, err := in.decode(ledger.KindConversion, o.conversion(in, keys))
		if err != nil {
			return nil, "", "", err
		}
		list = append(list, conversion)
		o.Sent, _ = o.Placed.placedItems()
	}
	changes, err := o.changes()
	if err == nil && len(changes) > 0 {
		var modification store.Submission
		modification, err = in.decode(ledger.KindModification, o.modification(in, changes))
		list = append(list, modification)
	}
	return list, store.BridgeSubmitted, "", err
}

// changes returns the items that differ from those that were submitted, and records them.
func (o *Order) changes() (changed []Item, err error) {
	items, err := o.Items()
	if err != nil {
		return nil, err
	}
	for i, sent := range o.Sent {
		item := Item{SKU: sent.SKU} // a line that the order no longer has is reversed
		if j := slices.IndexFunc(items, func(item Item) bool { return item.SKU == sent.SKU }); j >= 0 {
			item = items[j]
		}
		if item != sent {
			changed, o.Sent[i] = append(changed, item), item
		}
	}
	return changed, nil
}

// Resubmit makes [Order.Submit] return all items of an order that was submitted.
func (o *Order) Resubmit() {
	for i := range o.Sent {
		o.Sent[i].Quantity = -1
	}
}

// parameter is a parameter of the protocol.
type parameter struct{ name, value string }

// conversion returns the parameters of the conversion that reports the order.
func (o *Order) conversion(in Input, keys program.AttributionKeys) []parameter {
	p := o.Placed
	list := []parameter{
		{"CampaignId", strconv.FormatInt(in.Bridge.Campaign, 10)},
		{"EventTypeId", strconv.FormatInt(in.Bridge.EventType, 10)},
		{"OrderId", in.Order},
		{"EventDate", p.Date.UTC().Format(time.RFC3339)},
		{"CurrencyCode", string(p.Currency)},
		{"PromoCode", keys.PromoCode},
		{"ClickId", keys.Click},
	}
	if keys.Partner != 0 {
		list = append(list, parameter{"MediaPartnerId", strconv.FormatInt(keys.Partner, 10)})
	}
	items, _ := p.placedItems()
	if len(p.Lines) == 0 {
		return append(list, parameter{"Amount", p.Currency.Format(items[0].Amount)})
	}
	for i, item := range items {
		n := strconv.Itoa(i + 1)
		list = append(list,
			parameter{"ItemSku" + n, item.SKU},
			parameter{"ItemQuantity" + n, strconv.FormatInt(item.Quantity, 10)},
			parameter{"ItemSubTotal" + n, p.Currency.Format(item.Amount)})
	}
	return list
}

// modification returns the parameters of the modification that sets the items.
func (o *Order) modification(in Input, items []Item) []parameter {
	currency := o.Placed.Currency
	list := []parameter{
		{"ActionTrackerId", strconv.FormatInt(in.Bridge.EventType, 10)},
		{"OrderId", in.Order},
		{"Reason", ledger.ReasonOrderUpdate},
		{"CurrencyCode", string(currency)},
	}
	for i, item := range items {
		n := strconv.Itoa(i + 1)
		list = append(list, parameter{"Sku" + n, item.SKU}, parameter{"Quantity" + n, strconv.FormatInt(item.Quantity, 10)})
		if item.Quantity > 0 {
			list = append(list, parameter{"Amount" + n, currency.Format(item.Amount)})
		}
	}
	return list
}

// decode returns the submission of a request with the parameters, which is validated like one of
// an API caller.
func (in Input) decode(kind ledger.Kind, list []parameter) (store.Submission, error) {
	p := new(wire.Params)
	for _, q := range list {
		if q.value == "" {
			continue
		}
		if err := p.Add(q.name, q.value); err != nil {
			return store.Submission{}, in.unusable(err)
		}
	}
	command, err := wire.Decode(kind, p, wire.Env{Now: in.Now, Zone: in.Reference.Zone()}, in.Reference.Account)
	if err != nil {
		return store.Submission{}, in.unusable(err)
	}
	return store.Submission{Submission: ledger.Submission{Command: command}, Payload: p.Payload()}, nil
}

// unusable returns the error of an order that the protocol can't express.
func (in Input) unusable(err error) error {
	u := &UnusableError{Order: in.Order, Reason: err.Error()}
	var invalid *wire.Error
	var rejected *rejection.Rejection
	switch {
	case errors.As(err, &invalid) && len(invalid.Fields) > 0:
		parts := make([]string, len(invalid.Fields))
		for i, f := range invalid.Fields {
			parts[i] = f.Field + ": " + f.Message
		}
		u.Reason = strings.Join(parts, " ")
	case errors.As(err, &rejected):
		u.Reason = fmt.Sprintf("%s: %s", rejected.Field, rejected.Message)
	}
	return u
}

// Decimal returns an amount of a currency as a decimal.
func Decimal(c money.Currency, a money.Amount) (money.Decimal, error) {
	return money.ParseDecimal(c.Format(a))
}
