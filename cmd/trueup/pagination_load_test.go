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

	"github.com/trueup-ledger/trueup/internal/testenv"
)

const (
	// loadRate is the number of submissions per second during the pagination.
	loadRate = 1000
	// loadCallers is the number of concurrent senders.
	loadCallers = 16
)

// TestPaginationUnderLoadSeesEveryActionOnce paginates through the demo's lists in every
// way that clients use, while submissions modify them. It sees every action that existed
// at the start, and none twice.
func TestPaginationUnderLoadSeesEveryActionOnce(t *testing.T) {
	c, _ := demoCaller(t, program)
	minSent := testenv.Scale[int64](1_000, 10_000)
	day := func(n int) string { return url.QueryEscape(time.Now().AddDate(0, 0, n).Format(time.RFC3339)) }
	all := c.root + "/Actions?CampaignId=1000&PageSize="
	ended := c.root + "/Actions?CampaignId=1000&ActionDateStart=" + day(-44) + "&ActionDateEnd=" + day(-1) + "&PageSize="
	seeded := c.root + "/ActionUpdates?CampaignId=1000&StartDate=" + day(-1) + "&EndDate=" + day(0) + "&PageSize="
	known := c.paginate((*paginator).follow, all+"20000", "Actions")
	lists := []struct {
		name     string
		paginate func(*paginator, string) error
		uri, key string
		want     []string
	}{
		{"all actions by page URIs", (*paginator).follow, all + "200", "Actions", known},
		{"a past time range by page URIs", (*paginator).follow, ended + "200", "Actions", c.paginate((*paginator).follow, ended+"20000", "Actions")},
		{"a past time range by page numbers", (*paginator).count, ended + "200", "Actions", c.paginate((*paginator).follow, ended+"20000", "Actions")},
		{"the demo's updates by page URIs", (*paginator).follow, seeded + "500", "ActionUpdates", c.paginate((*paginator).follow, seeded+"20000", "ActionUpdates")},
	}
	load := c.startLoad(t.Context(), known)
	defer load.stop()
	rounds := 0
	for ; !t.Failed() && (rounds == 0 || load.sent.Load() < minSent); rounds++ {
		for _, list := range lists {
			seen := c.paginate(list.paginate, list.uri, list.key)
			for _, id := range list.want {
				if _, found := slices.BinarySearch(seen, id); !found {
					t.Errorf("%s: %s was not seen", list.name, id)
				}
			}
		}
		c.waitApplied()
	}
	t.Logf("%d rounds of %d lists, %d submissions", rounds, len(lists), load.sent.Load())
}

// paginate returns the ids in a list, sorted. It reports ids that are on it twice.
func (c *caller) paginate(paginate func(*paginator, string) error, uri, key string) (ids []string) {
	c.t.Helper()
	p := &paginator{credentials: c.credentials, key: key, seen: make(map[string]int)}
	if err := paginate(p, uri); err != nil {
		c.t.Fatal(err)
	}
	if duplicates := p.duplicates(); len(duplicates) > 0 {
		c.t.Errorf("%s: seen twice: %v", uri, duplicates)
	}
	for id := range p.seen {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// load sends submissions at a fixed rate.
type load struct {
	sent   atomic.Int64
	cancel context.CancelFunc
	group  sync.WaitGroup
}

// stop stops the load and waits for the requests in flight.
func (l *load) stop() {
	l.cancel()
	l.group.Wait()
}

// startLoad sends submissions at a fixed rate, nine modifications of the actions to one
// conversion, until the load is stopped.
func (c *caller) startLoad(ctx context.Context, actions []string) *load {
	ctx, cancel := context.WithCancel(ctx)
	l := &load{cancel: cancel}
	numbers := make(chan int, loadCallers)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: loadCallers}}
	for range loadCallers {
		l.group.Go(func() {
			for number := range numbers {
				if err := c.send(client, number, actions[rand.IntN(len(actions))]); err != nil {
					c.t.Error(err)
				}
				l.sent.Add(1)
			}
		})
	}
	l.group.Go(func() {
		defer close(numbers)
		begin, tick := time.Now(), time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for number := 0; ctx.Err() == nil; <-tick.C {
			for due := int(time.Since(begin).Seconds() * loadRate); number < due; number++ { // catches up after a late tick
				numbers <- number
			}
		}
	})
	return l
}

// send sends a submission and checks the status.
func (c *caller) send(client *http.Client, number int, action string) error {
	status := []string{"NEW", "RETURNING", "VIP"}[number%3]
	method, uri, form := http.MethodPut, c.root+"/Actions", url.Values{"ActionId": {action}, "Reason": {"ORDER_UPDATE"}, "CustomerStatus": {status}}
	if number%10 == 0 {
		method, uri = http.MethodPost, c.root+"/Conversions"
		form = url.Values{
			"CampaignId": {"1000"}, "EventTypeId": {"2240"}, "EventDate": {"NOW"}, "OrderId": {fmt.Sprintf("LOAD-%d", number)},
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

// waitApplied waits until all submissions accepted so far are applied.
func (c *caller) waitApplied() {
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
