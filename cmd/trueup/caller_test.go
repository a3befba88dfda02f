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

// credentials say who asks.
type credentials struct{ sid, secret string }

// credentialsIn reads what trueup token create printed.
func credentialsIn(t *testing.T, printed string) credentials {
	t.Helper()
	sid, secret, found := strings.Cut(strings.TrimPrefix(strings.TrimSpace(printed), "TRUEUP_SID="), "\nTRUEUP_TOKEN=")
	if !found {
		t.Fatalf("no credentials in %q", printed)
	}
	return credentials{sid, secret}
}

// request makes one whose answer is to be JSON.
func (by credentials) request(method, uri string, form url.Values) (*http.Request, error) {
	req, err := http.NewRequest(method, uri, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.SetBasicAuth(by.sid, by.secret)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return req, nil
}

// caller is a client of the server under test.
type caller struct {
	credentials
	t          *testing.T
	root, host string

	mu     sync.Mutex
	queued []string
}

// do answers the decoded answer, or an error if there was none.
func (c *caller) do(method, uri string, form url.Values, answer any) error {
	req, err := c.request(method, uri, form)
	if err != nil {
		return err
	}
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

// firstOrder and secondOrder name the actions of the orders whose items are counted up: one
// may be modified a million times, which is less than two processes do in ten minutes.
var (
	firstOrder  = url.Values{"ActionTrackerId": {"2240"}, "OrderId": {"FIRST"}}
	secondOrder = url.Values{"ActionTrackerId": {"2240"}, "OrderId": {"SECOND"}}
	countedUp   = []url.Values{firstOrder, secondOrder}
)

// countForm adds one to the quantity of the item of an action that is named so.
func countForm(named url.Values) url.Values {
	form := url.Values{"Sku": {"COUNTER"}, "QuantityDelta": {"1"}, "Reason": {"ORDER_UPDATE"}}
	maps.Copy(form, named)
	return form
}
