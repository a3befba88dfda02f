package admin_test

import (
	"errors"
	"testing"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/client/admin"
)

func TestBridges(t *testing.T) {
	c, ctx := connect(t), t.Context()
	shop := map[string]any{"platform": "stripe", "secret": "whsec_0123456789", "campaign": 1000, "event_type": 2240}
	if _, err := c.PutEntry(ctx, 1, admin.Entry(admin.Bridges, 1), shop, admin.PutOptions{}); err == nil {
		if orders := take(t, c.BridgeOrders(ctx, 1, 1, admin.BridgeOrderFilter{State: "UNUSABLE", PageSize: 1}), 2); len(orders) != 0 {
			t.Errorf("the orders are %+v", orders)
		}
	} else {
		t.Error(err)
	}
	if _, err := c.RetryBridgeOrder(ctx, 1, 1, "o-1", reason("fixed")); !errors.Is(err, client.ErrNotFound) {
		t.Errorf("an unknown order: %v", err)
	}
}
