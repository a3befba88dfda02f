package client_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/sync/errgroup"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/internal/testenv"
	"github.com/trueup-ledger/trueup/money"
	"github.com/trueup-ledger/trueup/trueuptest"
)

// faults affect a fifth of all requests. Half of the errors and of the dropped connections come
// after the request took effect.
const faults = `
- {name: limited, route: "* *", share: 10%, status: 429}
- {name: failed, route: "* *", share: 2.5%, status: 500}
- {name: failed-after, route: "* *", share: 2.5%, status: 500, after: true}
- {name: dropped, route: "* *", share: 2.5%, drop: before}
- {name: dropped-after, route: "* *", share: 2.5%, drop: after}
`

// impatient sets the Retry-After of responses to 0. It is a second for every injected 429.
type impatient struct{ *http.Transport }

func (i impatient) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := i.Transport.RoundTrip(r)
	if err == nil && response.Header.Get("Retry-After") != "" {
		response.Header.Set("Retry-After", "0")
	}
	return response, err
}

func TestModificationsTakeEffectOnceDespiteFaults(t *testing.T) {
	const (
		workers   = 32
		perAction = 900 // an action has at most 1,000 modifications
	)
	perWorker := testenv.Scale(960, 100_000) / workers
	leaks := goleak.IgnoreCurrent()
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = workers
	server, err := trueuptest.Start(trueuptest.Options{
		Dir: t.TempDir(), Faults: "faults:" + faults, Seed: 1,
		Client: client.Options{
			HTTPClient: &http.Client{Transport: impatient{transport}},
			Retry:      client.Retry{MaxAttempts: 30, MinDelay: time.Millisecond, MaxDelay: 100 * time.Millisecond},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	group, ctx := errgroup.WithContext(t.Context())
	for worker := range workers {
		group.Go(func() error {
			for done := 0; done < perWorker; done += perAction {
				order := fmt.Sprintf("FAULTS-%d-%d", worker, done)
				if err := modifyOften(ctx, server.Client, order, min(perAction, perWorker-done)); err != nil {
					return fmt.Errorf("order %s: %w", order, err)
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		t.Error(err)
	}
	transport.CloseIdleConnections()
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	goleak.VerifyNone(t, leaks)
}

// modifyOften reports an order, takes one unit of its item back n times, and checks that the
// ledger has each of these modifications once.
func modifyOften(ctx context.Context, c *client.Client, id string, n int) error {
	const quantity = 10_000
	write, err := c.Convert(ctx, client.Conversion{
		CampaignID: 1000, ActionTrackerID: 2240, OrderID: id, MediaPartnerID: 10001, Currency: "USD",
		Items: []client.ConversionItem{{SKU: "NAIL", Quantity: quantity, SubTotal: new(money.Amount(quantity))}},
	})
	if err != nil {
		return err
	}
	created, err := write.Wait(ctx)
	if err != nil {
		return err
	}
	for range n {
		if write, err = c.Modify(ctx, client.Modification{ActionID: created.ActionID, Items: []client.ItemChange{{SKU: "NAIL", QuantityDelta: new(-1)}}}); err != nil {
			return err
		}
	}
	if _, err := write.Wait(ctx); err != nil {
		return err
	}
	item, err := c.Item(ctx, created.ActionID, "NAIL")
	if err != nil {
		return err
	}
	if want := quantity - n; item.Quantity != want || item.SaleAmount != money.Amount(want) {
		return fmt.Errorf("after %d modifications, the item is %+v", n, *item)
	}
	updates := 0
	for _, err := range c.UpdatesOfAction(ctx, created.ActionID) {
		if err != nil {
			return err
		}
		updates++
	}
	if updates != n+1 {
		return fmt.Errorf("after %d modifications, the action has %d updates", n, updates)
	}
	return nil
}
