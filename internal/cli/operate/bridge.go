package operate

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/cli/render"
	"github.com/trueup-ledger/trueup/internal/store"
)

// BridgeOrders lists the orders of a bridge.
type BridgeOrders struct {
	account
	listing
	Bridge int64  `arg:"" help:"Id of the bridge."`
	State  string `enum:",SUBMITTED,WAITING,UNPAID,UNCREDITED,UNUSABLE" default:"" placeholder:"STATE" help:"List the orders with this state: SUBMITTED, WAITING, UNPAID, UNCREDITED or UNUSABLE (default: WAITING and UNUSABLE)."`
	After  string `placeholder:"ORDER" help:"List only orders with ids after this one."`
}

var orderColumns = render.Columns("order", "state", "received", "changed", "reason")

// Do lists the orders by state and id.
func (c BridgeOrders) Do(ctx context.Context, s *cli.Session) error {
	states := []string{string(store.BridgeWaiting), string(store.BridgeUnusable)}
	if c.State != "" {
		states = []string{c.State}
	}
	orders := path(s, "bridges", strconv.FormatInt(c.Bridge, 10), "orders")
	return c.Print(s, cli.List{Columns: orderColumns, Objects: func(pageSize int) render.Objects {
		return func(yield func(json.RawMessage, error) bool) {
			for _, state := range states {
				query := cli.Parameters{}
				query.Set("state", state)
				query.Set("after", c.After)
				query.Set("limit", int64(pageSize))
				for o, err := range s.Admin.Collection(ctx, orders, "orders", url.Values(query)) {
					if !yield(o, err) || err != nil {
						return
					}
				}
			}
		}
	}})
}

// RetryBridgeOrder submits an order of a bridge again.
type RetryBridgeOrder struct {
	operation
	Bridge int    `arg:"" help:"Id of the bridge."`
	Order  string `arg:"" help:"Id of the order in the list."`
}

// Do prints the state of the order.
func (c RetryBridgeOrder) Do(ctx context.Context, s *cli.Session) error {
	o, err := c.options()
	if err != nil {
		return err
	}
	retried, err := s.Admin.RetryBridgeOrder(ctx, s.Account, c.Bridge, c.Order, o)
	if err == nil {
		s.Printf("%s, %d submissions. %s\n", retried.State, retried.Submissions, retried.Reason)
	}
	return err
}
