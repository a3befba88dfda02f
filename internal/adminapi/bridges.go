package adminapi

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/internal/bridge"
	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

// bridgeOrderForm is the JSON form of an order of a bridge.
type bridgeOrderForm struct {
	Order    string            `json:"order"`
	State    store.BridgeState `json:"state"`
	Reason   string            `json:"reason,omitempty"`
	Received time.Time         `json:"received"`
	Changed  time.Time         `json:"changed"`
}

func newBridgeOrderForm(o store.BridgeOrder) bridgeOrderForm {
	return bridgeOrderForm{o.Order, o.State, o.Reason, o.Received.UTC(), o.Changed.UTC()}
}

// getBridgeOrders lists the orders of a bridge in a state, in the order of their ids.
func (h *handler) getBridgeOrders(o httpapi.OperatorRequest, account int64) error {
	id, err := scalar.ID(o.Path("id"))
	if err != nil {
		return ledger.ErrNotFound
	}
	values, err := o.Query("state", "after", limitParameter.name)
	if err != nil {
		return err
	}
	state := store.BridgeWaiting
	if text, sent := values["state"]; sent {
		if state, err = scalar.OneOf(store.BridgeStates...)(text); err != nil {
			return wire.Invalid(wire.FieldError{Field: "state", Message: err.Error()})
		}
	}
	numbers, err := parseNumbers(values, limitParameter)
	if err != nil {
		return err
	}
	limit := int(numbers[limitParameter.name])
	orders, err := h.bridges.BridgeOrders(o.Context(), account, id, state, values["after"], limit)
	if err != nil {
		return err
	}
	page := bridgeOrderPage{Orders: make([]bridgeOrderForm, len(orders))}
	for i, order := range orders {
		page.Orders[i] = newBridgeOrderForm(order)
	}
	if n := len(orders); n == limit {
		next := url.Values{"state": {string(state)}, "after": {orders[n-1].Order}, limitParameter.name: {strconv.Itoa(limit)}}
		page.Next = fmt.Sprintf("%s/accounts/%d/bridges/%d/orders?%s", Root, account, id, next.Encode())
	}
	return o.WriteJSON(http.StatusOK, page)
}

// bridgeOrderPage is a page of orders. Next is the URL of the next page.
type bridgeOrderPage struct {
	Orders []bridgeOrderForm `json:"orders"`
	Next   string            `json:"next,omitempty"`
}

// postBridgeRetry submits an order of a bridge again.
func (h *handler) postBridgeRetry(o httpapi.OperatorRequest, account int64) error {
	id, err := scalar.ID(o.Path("id"))
	if err != nil {
		return ledger.ErrNotFound
	}
	var order, reason string
	err = readBody(o, func(e refdata.Entry) {
		order, reason = refdata.Required(e, "order", scalar.Text(store.MaxReason)), optionalReason(e)
	})
	if err != nil {
		return err
	}
	key := store.BridgeKey{Bridge: id, Order: order}
	retried, n, err := h.bridges.RetryBridgeOrder(o.Context(), account, o.Now(), key, o.AuditEvent(store.OperationRetryBridge, reason), bridge.Retry(id, o.Now()))
	if err != nil {
		return err
	}
	if n > 0 {
		h.notify(account)
	}
	return o.WriteJSON(http.StatusOK, bridgeRetryForm{newBridgeOrderForm(retried), n})
}

// bridgeRetryForm is the result of a retry.
type bridgeRetryForm struct {
	bridgeOrderForm
	Submissions int `json:"submissions"`
}
