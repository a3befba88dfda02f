package main_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const (
	// applied is how many submissions a second there are while lists are walked.
	applied = 1000
	// walkFor is for how long they are walked, again and again, and longest for how
	// long at most until a round had all of the load: others may use the machine.
	walkFor = 5 * time.Second
	longest = 2 * time.Minute
	// loadCallers send the submissions.
	loadCallers = 16
)

// TestWalksUnderLoadSeeEveryActionOnce walks the demo's lists in every way that
// clients have while 1,000 submissions a second change what is on them: each walk
// sees every action that was there when it began, and none twice.
func TestWalksUnderLoadSeeEveryActionOnce(t *testing.T) {
	c, _ := demoCaller(t, program)
	day := func(n int) string { return url.QueryEscape(time.Now().AddDate(0, 0, n).Format(time.RFC3339)) }
	all := c.root + "/Actions?CampaignId=1000&PageSize="
	ended := c.root + "/Actions?CampaignId=1000&ActionDateStart=" + day(-44) + "&ActionDateEnd=" + day(-1) + "&PageSize="
	seeded := c.root + "/ActionUpdates?CampaignId=1000&StartDate=" + day(-1) + "&EndDate=" + day(0) + "&PageSize="
	known := c.walked((*pages).follow, all+"20000", "Actions")
	walks := []struct {
		name      string
		walk      func(*pages, string) error
		uri, key  string
		mustBeAll []string
	}{
		{"all actions by page URIs", (*pages).follow, all + "200", "Actions", known},
		{"a span that has ended by page URIs", (*pages).follow, ended + "200", "Actions", c.walked((*pages).follow, ended+"20000", "Actions")},
		{"a span that has ended by counting", (*pages).count, ended + "200", "Actions", c.walked((*pages).follow, ended+"20000", "Actions")},
		{"the demo's updates by page URIs", (*pages).follow, seeded + "500", "ActionUpdates", c.walked((*pages).follow, seeded+"20000", "ActionUpdates")},
	}
	load := c.steady(t.Context(), known)
	defer load.stop()
	rounds, best := 0, 0.0
	for begin := time.Now(); !t.Failed() && (time.Since(begin) < walkFor || best < applied && time.Since(begin) < longest); rounds++ {
		sent, began := load.sent.Load(), time.Now()
		for _, w := range walks {
			seen := c.walked(w.walk, w.uri, w.key)
			for _, id := range w.mustBeAll {
				if _, found := slices.BinarySearch(seen, id); !found {
					t.Errorf("%s: %s was not seen", w.name, id)
				}
			}
		}
		c.settled()
		best = max(best, float64(load.sent.Load()-sent)/time.Since(began).Seconds())
	}
	t.Logf("%d rounds of %d walks while up to %.0f submissions a second were applied", rounds, len(walks), best)
	if best < applied {
		t.Errorf("never more than %.0f submissions a second: the walks were not under the load that they are to stand", best)
	}
}

// walked answers the ids that a walk saw, in order, and fails where one came twice.
func (c *caller) walked(walk func(*pages, string) error, uri, key string) (ids []string) {
	c.t.Helper()
	w := &pages{credentials: c.credentials, key: key, seen: make(map[string]int)}
	if err := walk(w, uri); err != nil {
		c.t.Fatal(err)
	}
	if twice := w.twice(); len(twice) > 0 {
		c.t.Errorf("%s: seen twice: %v", uri, twice)
	}
	for id := range w.seen {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// load is a steady one.
type load struct {
	sent   atomic.Int64
	cancel context.CancelFunc
	group  sync.WaitGroup
}

// stop ends the load and waits for what is under way.
func (l *load) stop() {
	l.cancel()
	l.group.Wait()
}

// steady sends submissions at a fixed rate, nine changes of the actions to one new
// order, until it is stopped.
func (c *caller) steady(ctx context.Context, actions []string) *load {
	ctx, cancel := context.WithCancel(ctx)
	l := &load{cancel: cancel}
	turns := make(chan int, loadCallers)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: loadCallers}}
	for range loadCallers {
		l.group.Go(func() {
			for turn := range turns {
				if err := c.send(client, turn, actions[rand.IntN(len(actions))]); err != nil {
					c.t.Error(err)
				}
				l.sent.Add(1)
			}
		})
	}
	l.group.Go(func() {
		defer close(turns)
		begin, beat := time.Now(), time.NewTicker(time.Millisecond)
		defer beat.Stop()
		for turn := 0; ctx.Err() == nil; <-beat.C {
			for due := int(time.Since(begin).Seconds() * applied * 1.05); turn < due; turn++ { // a late beat is made up for
				turns <- turn
			}
		}
	})
	return l
}

// send sends a submission and reads no more of the answer than its status.
func (c *caller) send(client *http.Client, turn int, action string) error {
	status := []string{"NEW", "RETURNING", "VIP"}[turn%3]
	method, uri, form := http.MethodPut, c.root+"/Actions", url.Values{"ActionId": {action}, "Reason": {"ORDER_UPDATE"}, "CustomerStatus": {status}}
	if turn%10 == 0 {
		method, uri = http.MethodPost, c.root+"/Conversions"
		form = url.Values{
			"CampaignId": {"1000"}, "EventTypeId": {"2240"}, "EventDate": {"NOW"}, "OrderId": {fmt.Sprintf("LOAD-%d", turn)},
			"MediaPartnerId": {"10001"}, "ItemSku1": {"A"}, "ItemPrice1": {"9.99"},
		}
	}
	req, err := http.NewRequest(method, uri+"?"+form.Encode(), nil)
	if err != nil {
		return err
	}
	req.SetBasicAuth(c.sid, c.secret)
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %d", method, uri, resp.StatusCode)
	}
	return errors.Join(err, resp.Body.Close())
}

// settled waits until what was accepted so far is applied.
func (c *caller) settled() {
	c.t.Helper()
	var newest struct {
		APISubmission []struct{ Uri, Status string }
	}
	if err := c.do("GET", c.root+"/APISubmissions?PageSize=1", nil, &newest); err != nil {
		c.t.Fatal(err)
	}
	for last := newest.APISubmission[0]; last.Status != "Complete"; {
		if err := c.do("GET", c.host+last.Uri, nil, &last); err != nil {
			c.t.Fatal(err)
		}
	}
}
