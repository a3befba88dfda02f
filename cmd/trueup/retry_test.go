package main_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"sync"
	"testing"
)

// concurrentRetries is the number of concurrent requests with the same key.
const concurrentRetries = 100

// TestConcurrentRetriesAreAppliedOnce sends a conversion and a modification a hundred times
// concurrently, with one key each, and again after a restart.
func TestConcurrentRetriesAreAppliedOnce(t *testing.T) {
	onBothDatabases(t, testConcurrentRetries)
}

func testConcurrentRetries(t *testing.T, h *harness) {
	t.Helper()
	conversion := orderForm("IR_AN_64_TS") // the server generates an id, once
	var modification url.Values
	var uris [2]string
	for _, restarted := range []bool{false, true} {
		p, c := h.serve(t)
		first := c.sendConcurrently("POST", "/Conversions", "convert", conversion, restarted)
		if !restarted {
			modification = countForm(url.Values{"ActionId": {c.onlyAction()}})
		}
		second := c.sendConcurrently("PUT", "/Actions", "modify", modification, restarted)
		if got := [2]string{first, second}; !restarted {
			uris = got
		} else if got != uris {
			t.Errorf("submissions %v after a restart, %v before", got, uris)
		}
		c.checkOnce()
		h.stop(t, p)
	}
}

// sendConcurrently sends a request many times concurrently, each on its own connection. It
// returns the QueuedUri, which must be the same in all responses. Exactly one of them is
// not a replay, or none if the request was sent before.
func (c *caller) sendConcurrently(method, resource, key string, form url.Values, before bool) string {
	c.t.Helper()
	var mu sync.Mutex
	responses, fresh := make(map[string]int), 0
	var group sync.WaitGroup
	for range concurrentRetries {
		group.Go(func() {
			uri, replayed, err := c.sendWithKey(method, resource, key, form)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				c.t.Error(err)
			}
			responses[uri]++
			if !replayed {
				fresh++
			}
		})
	}
	group.Wait()
	if first := !before; len(responses) != 1 || (fresh == 1) != first || fresh > 1 {
		c.t.Fatalf("%s: %d are not replays, responses are %v", key, fresh, responses)
	}
	for uri := range responses {
		return uri
	}
	return ""
}

func (c *caller) sendWithKey(method, resource, key string, form url.Values) (uri string, replayed bool, err error) {
	req, err := c.request(method, c.root+resource, form)
	if err != nil {
		return "", false, err
	}
	req.Header.Set("Idempotency-Key", key)
	req.Header.Set("Prefer", "wait=30")
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		return "", false, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	var response struct {
		QueuedUri  string
		Submission struct{ Status, ErrorReason string }
	}
	if err == nil {
		err = json.Unmarshal(body, &response)
	}
	if resp.StatusCode != http.StatusOK || response.Submission.Status != "Complete" || response.Submission.ErrorReason != "" {
		c.t.Errorf("%s %s: %d %s", method, resource, resp.StatusCode, body)
	}
	return response.QueuedUri, resp.Header.Get("Idempotency-Replayed") == "true", err
}

// onlyAction returns the id of the only action.
func (c *caller) onlyAction() string {
	c.t.Helper()
	var list struct{ Actions []struct{ Id string } }
	if err := c.do("GET", c.root+"/Actions?CampaignId=1000", nil, &list); err != nil || len(list.Actions) != 1 {
		c.t.Fatalf("actions %+v, %v", list, err)
	}
	return list.Actions[0].Id
}

// checkOnce checks that one conversion and one modification were applied.
func (c *caller) checkOnce() {
	c.t.Helper()
	var item struct{ Quantity string }
	if err := c.do("GET", c.root+"/Actions/"+c.onlyAction()+"/Items/COUNTER", nil, &item); err != nil || item.Quantity != "2" {
		c.t.Errorf("the quantity is %s, want 2 (%v)", item.Quantity, err)
	}
	var all struct {
		Total string `json:"@total"`
	}
	if err := c.do("GET", c.root+"/APISubmissions", nil, &all); err != nil || all.Total != "2" {
		c.t.Errorf("%s submissions, want 2 (%v)", all.Total, err)
	}
}
