package admin

import (
	"context"
	"net/http"
	"time"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/money"
)

// EstimateSpan is the span of the event dates of past orders.
type EstimateSpan struct {
	// Since is a number of days ago such as 90d, a date in the time zone of the account, or a
	// timestamp with an offset. It is required.
	Since string `wire:"since"`
	// Until is a date or a timestamp. The default is no bound.
	Until string `wire:"until"`
}

// Estimate is what past orders would have paid under other terms.
type Estimate struct {
	Account  int            `wire:"account"`
	Currency money.Currency `wire:"currency"`
	Since    time.Time      `wire:"since"`
	Until    time.Time      `wire:"until"` // zero without a bound
	Lines    []EstimateLine `wire:"lines"`
	Total    EstimateTotal  `wire:"total"`
	// NotRecorded lists terms, as contract and event type, of which the account has no version.
	NotRecorded []string `wire:"not_recorded"`
	// Failed is the number of orders that the terms can't price, FirstFailed the first of them, and
	// Reason why. The lines don't include them.
	Failed      int    `wire:"failed"`
	FirstFailed string `wire:"first_failed"`
	Reason      string `wire:"reason"`
}

// EstimateLine holds the sums over the orders of a partner and an event type.
type EstimateLine struct {
	Partner       int    `wire:"partner"`
	PartnerName   string `wire:"partner_name"`
	EventType     int    `wire:"event_type"`
	EventTypeName string `wire:"event_type_name"`
	EstimateTotal
}

// EstimateTotal holds sums over orders.
type EstimateTotal struct {
	Orders     int          `wire:"orders"`
	Revenue    money.Amount `wire:"revenue"`
	Payout     money.Amount `wire:"payout"`     // the present one
	NewPayout  money.Amount `wire:"new_payout"` // under the terms to try
	Difference money.Amount `wire:"difference"`
}

// EstimatePayouts returns what past orders would have paid under the terms of entry, which has the
// form of [Client.PutAccount]. It changes nothing. A server that needs more than 45 s responds with a
// 503, which is sent again: bound the call by ctx, and send a later Since.
func (c *Client) EstimatePayouts(ctx context.Context, account int, entry any, s EstimateSpan) (*Estimate, error) {
	return send[Estimate](ctx, c, client.Request{
		Method: http.MethodPost, Path: withQuery(accountPath(account, "whatif"), s), Body: entry, Repeatable: true,
	})
}
