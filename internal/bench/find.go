package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"
)

// maxFound bounds the number of actions per account whose items are fetched.
const maxFound = 5_000

// Find returns targets on a running server: one item of each pending action, for at most the
// given number of actions per account.
func Find(ctx context.Context, c *Client, now time.Time, actions int) ([]Target, error) {
	var targets []Target
	for account := range c.Accounts {
		found, err := c.pending(ctx, account, now, min(actions, maxFound))
		if err != nil {
			return nil, fmt.Errorf("list the pending actions: %w", err)
		}
		targets = append(targets, found...)
	}
	if len(targets) == 0 {
		return nil, errors.New("the server has no pending action of the last 45 days")
	}
	return targets, nil
}

// pending returns one item of each of at most limit pending actions of an account.
func (c *Client) pending(ctx context.Context, account int, now time.Time, limit int) (targets []Target, err error) {
	query := dateRange(now, maxListDays)
	query.Set("State", "PENDING")
	query.Set("PageSize", fmt.Sprint(limit))
	var list struct {
		Actions []struct {
			ID      string      `json:"Id"`
			Partner json.Number `json:"MediaPartnerId"`
		}
	}
	if err := c.get(ctx, account, "/Actions?"+query.Encode(), &list); err != nil {
		return nil, err
	}
	for _, a := range list.Actions[:min(len(list.Actions), limit)] {
		var items struct{ ActionItems []struct{ Sku string } }
		if err := c.get(ctx, account, "/Actions/"+a.ID+"/Items", &items); err != nil {
			return nil, err
		}
		if len(items.ActionItems) > 0 {
			targets = append(targets, Target{Account: account, Action: a.ID, Partner: a.Partner.String(), SKU: items.ActionItems[0].Sku})
		}
	}
	return targets, nil
}

// dateRange returns the query parameters that select the actions of the last days.
func dateRange(now time.Time, days int) url.Values {
	return url.Values{
		"ActionDateStart": {now.AddDate(0, 0, -days).Format(time.RFC3339)},
		"ActionDateEnd":   {now.Format(time.RFC3339)},
	}
}
