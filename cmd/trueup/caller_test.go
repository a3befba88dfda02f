package main_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// caller is a client of the server under test.
type caller struct {
	t                       *testing.T
	root, host, sid, secret string

	mu     sync.Mutex
	queued []string
}

// do answers the decoded answer, or an error if there was none.
func (c *caller) do(method, uri string, form url.Values, answer any) error {
	req, err := http.NewRequest(method, uri, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.SetBasicAuth(c.sid, c.secret)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		c.t.Errorf("%s %s: %d %s", method, uri, resp.StatusCode, body)
	}
	return json.Unmarshal(body, answer)
}

// orderForm reports an order of one item.
func orderForm(order string) url.Values {
	return url.Values{
		"CampaignId": {"1000"}, "EventTypeId": {"2240"}, "EventDate": {"NOW"}, "OrderId": {order}, "MediaPartnerId": {"10"},
		"ItemSku1": {"COUNTER"}, "ItemQuantity1": {"1"}, "ItemPrice1": {"9.99"},
	}
}

// firstOrder names the action of the order whose item is counted up.
var firstOrder = url.Values{"ActionTrackerId": {"2240"}, "OrderId": {"FIRST"}}

// countForm adds one to the quantity of the item of an action that is named so.
func countForm(named url.Values) url.Values {
	form := url.Values{"Sku": {"COUNTER"}, "QuantityDelta": {"1"}, "Reason": {"ORDER_UPDATE"}}
	maps.Copy(form, named)
	return form
}
