package main_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"sync"
	"testing"
)

// storm is how often a request is sent at once.
const storm = 100

// TestAnIdempotentRetryStormTakesEffectOnce sends a conversion and a modification a
// hundred times at once under one key each, and again after a restart.
func TestAnIdempotentRetryStormTakesEffectOnce(t *testing.T) {
	onBoth(t, stormOnce)
}

func stormOnce(t *testing.T, g *ground) {
	t.Helper()
	conversion := orderForm("IR_AN_64_TS") // the server makes an id up, once
	var modification url.Values
	var uris [2]string
	for _, restarted := range []bool{false, true} {
		p, c := g.serve(t)
		first := c.storm("POST", "/Conversions", "convert", conversion, restarted)
		if !restarted {
			modification = countForm(url.Values{"ActionId": {c.onlyAction()}})
		}
		second := c.storm("PUT", "/Actions", "modify", modification, restarted)
		if got := [2]string{first, second}; !restarted {
			uris = got
		} else if got != uris {
			t.Errorf("answered %v after a restart, and %v before", got, uris)
		}
		c.checkOnce()
		g.stop(t, p)
	}
}

// storm sends a request many times at once, each on a connection of its own, and
// answers the one QueuedUri that all were answered. It was given the first time
// unless it was sent before.
func (c *caller) storm(method, resource, key string, form url.Values, before bool) string {
	c.t.Helper()
	var mu sync.Mutex
	answers, fresh := make(map[string]int), 0
	var group sync.WaitGroup
	for range storm {
		group.Go(func() {
			uri, replayed, err := c.once(method, resource, key, form)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				c.t.Error(err)
			}
			answers[uri]++
			if !replayed {
				fresh++
			}
		})
	}
	group.Wait()
	if first := !before; len(answers) != 1 || (fresh == 1) != first || fresh > 1 {
		c.t.Fatalf("%s: %d were the first, answers are %v", key, fresh, answers)
	}
	for uri := range answers {
		return uri
	}
	return ""
}

func (c *caller) once(method, resource, key string, form url.Values) (uri string, replayed bool, err error) {
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
	var answer struct {
		QueuedUri  string
		Submission struct{ Status, ErrorReason string }
	}
	if err == nil {
		err = json.Unmarshal(body, &answer)
	}
	if resp.StatusCode != http.StatusOK || answer.Submission.Status != "Complete" || answer.Submission.ErrorReason != "" {
		c.t.Errorf("%s %s: %d %s", method, resource, resp.StatusCode, body)
	}
	return answer.QueuedUri, resp.Header.Get("Idempotency-Replayed") == "true", err
}

// onlyAction answers the id of the one action there is.
func (c *caller) onlyAction() string {
	c.t.Helper()
	var list struct{ Actions []struct{ Id string } }
	if err := c.do("GET", c.root+"/Actions?CampaignId=1000", nil, &list); err != nil || len(list.Actions) != 1 {
		c.t.Fatalf("actions %+v, %v", list, err)
	}
	return list.Actions[0].Id
}

// checkOnce checks that one conversion and one modification took effect.
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
