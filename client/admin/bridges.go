package admin

import (
	"context"
	"iter"
	"strconv"
	"time"
)

// BridgeOrder is an order of a shop.
type BridgeOrder struct {
	Order    string    `wire:"order"`    // the id at the platform
	State    string    `wire:"state"`    // SUBMITTED, WAITING, UNPAID, UNCREDITED or UNUSABLE
	Reason   string    `wire:"reason"`   // why nothing was submitted, and the remedy
	Received time.Time `wire:"received"` // the first webhook
	Changed  time.Time `wire:"changed"`  // the last webhook that changed the order
}

// BridgeOrderFilter selects orders.
type BridgeOrderFilter struct {
	State    string `wire:"state"` // WAITING by default
	After    string `wire:"after"` // an order; only those with greater ids
	PageSize int    `wire:"limit"` // 100 by default
}

// BridgeOrders returns the orders of a bridge in a state, by id.
func (c *Client) BridgeOrders(ctx context.Context, account, bridge int, f BridgeOrderFilter) iter.Seq2[BridgeOrder, error] {
	return list[BridgeOrder](ctx, c, accountPath(account, string(Bridges), strconv.Itoa(bridge), "orders"), "orders", f)
}

// RetriedOrder is an order that was submitted again. Its fields are those of a [BridgeOrder].
type RetriedOrder struct {
	Order       string    `wire:"order"`
	State       string    `wire:"state"`
	Reason      string    `wire:"reason"`
	Received    time.Time `wire:"received"`
	Changed     time.Time `wire:"changed"`
	Submissions int       `wire:"submissions"` // the number of submissions
}

// RetryBridgeOrder submits an order of a bridge again, with the present settings.
func (c *Client) RetryBridgeOrder(ctx context.Context, account, bridge int, order string, o WriteOptions) (*RetriedOrder, error) {
	return post[RetriedOrder](ctx, c, accountPath(account, string(Bridges), strconv.Itoa(bridge), "retry"), struct {
		Order string `wire:"order"`
	}{order}, "", o)
}
