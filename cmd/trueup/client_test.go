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

// credentials are the SID and the secret of a token.
type credentials struct{ sid, secret string }

// credentialsIn parses the output of trueup token create. The names of the variables of an
// admin token have another prefix.
func credentialsIn(t *testing.T, printed string) credentials {
	t.Helper()
	printed = strings.ReplaceAll(printed, "TRUEUP_ADMIN_", "TRUEUP_")
	sid, secret, found := strings.Cut(strings.TrimPrefix(strings.TrimSpace(printed), "TRUEUP_SID="), "\nTRUEUP_TOKEN=")
	if !found {
		t.Fatalf("no credentials in %q", printed)
	}
	return credentials{sid, secret}
}

// request returns a request for a JSON response.
func (c credentials) request(method, uri string, form url.Values) (*http.Request, error) {
	req, err := http.NewRequest(method, uri, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.SetBasicAuth(c.sid, c.secret)
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

// do sends a request and decodes the response. It returns an error if there is none.
func (c *caller) do(method, uri string, form url.Values, response any) error {
	req, err := c.request(method, uri, form)
	if err != nil {
		return err
	}
	return c.doRequest(req, response)
}

func (c *caller) doRequest(req *http.Request, response any) error {
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
		c.t.Errorf("%s %s: %d %s", req.Method, req.URL, resp.StatusCode, body)
	}
	return json.Unmarshal(body, response)
}

// orderForm returns a conversion with one item.
func orderForm(order string) url.Values {
	return url.Values{
		"CampaignId": {"1000"}, "EventTypeId": {"2240"}, "EventDate": {"NOW"}, "OrderId": {order}, "MediaPartnerId": {"10"},
		"ItemSku1": {"COUNTER"}, "ItemQuantity1": {"1"}, "ItemPrice1": {"9.99"},
	}
}

// firstOrder and secondOrder select the actions whose items are incremented. There are two
// because an action may be modified a million times, and two processes do more in ten
// minutes.
var (
	firstOrder    = url.Values{"ActionTrackerId": {"2240"}, "OrderId": {"FIRST"}}
	secondOrder   = url.Values{"ActionTrackerId": {"2240"}, "OrderId": {"SECOND"}}
	countedOrders = []url.Values{firstOrder, secondOrder}
)

// countForm increments the quantity of the item of an action.
func countForm(named url.Values) url.Values {
	form := url.Values{"Sku": {"COUNTER"}, "QuantityDelta": {"1"}, "Reason": {"ORDER_UPDATE"}}
	maps.Copy(form, named)
	return form
}
