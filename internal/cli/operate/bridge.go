package operate

import (
	"context"

	"github.com/trueup-ledger/trueup/client/admin"
	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/cli/render"
	"github.com/trueup-ledger/trueup/internal/store"
)

// BridgeOrders lists the orders of a bridge.
type BridgeOrders struct {
	account
	Bridge int    `arg:"" help:"Id of the bridge."`
	State  string `enum:",SUBMITTED,WAITING,UNPAID,UNCREDITED,UNUSABLE" default:"" placeholder:"STATE" help:"List the orders with this state: SUBMITTED, WAITING, UNPAID, UNCREDITED or UNUSABLE (default: WAITING and UNUSABLE)."`
	After  string `placeholder:"ORDER" help:"List only orders with ids after this one."`
	Limit  int    `default:"100" placeholder:"N" help:"Maximum number of orders with a state (default: ${default})."`
}

// Do lists the orders by state and id.
func (c BridgeOrders) Do(ctx context.Context, s *cli.Session) error {
	if err := cli.CheckPage(c.Limit, 0); err != nil {
		return err
	}
	states := []string{string(store.BridgeWaiting), string(store.BridgeUnusable)}
	if c.State != "" {
		states = []string{c.State}
	}
	var rows [][]string
	for _, state := range states {
		n := 0
		for o, err := range s.Admin.BridgeOrders(ctx, s.Account, c.Bridge, admin.BridgeOrderFilter{State: state, After: c.After, PageSize: c.Limit}) {
			if err != nil {
				return err
			}
			rows = append(rows, []string{o.Order, o.State, render.Time(o.Received), render.Time(o.Changed), o.Reason})
			if n++; n == c.Limit {
				break
			}
		}
	}
	return render.Rows(s.Out, s.Terminal, []string{"ORDER", "STATE", "RECEIVED", "CHANGED", "REASON"}, rows)
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
