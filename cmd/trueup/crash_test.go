package main_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"sync"
	"syscall"
	"testing"
	"time"
)

// crashes is how often the server is killed under load.
const crashes = 20

// TestKillNineLosesNothingAndDoesNothingTwice kills the server at any moment
// under load. After each restart every submission that was answered QUEUED is
// there, and took effect exactly once: each adds one to a quantity, and each
// conversion makes one action.
func TestKillNineLosesNothingAndDoesNothingTwice(t *testing.T) {
	onBoth(t, crash)
}

func crash(t *testing.T, g *ground) {
	t.Helper()
	acknowledged := make(map[string]bool)
	for round := range crashes {
		p, c := g.serve(t)
		if round == 0 {
			c.convertCounted()
		}
		c.load(round, p.command.Process.Pid)
		_ = p.command.Wait() // it was killed
		for _, uri := range c.queued {
			acknowledged[uri] = true
		}
		g.verify(t)
	}

	g.settle(t, acknowledged, crashes)
}

// settle holds what was acknowledged before so many kills against the ledger.
func (g *ground) settle(t *testing.T, acknowledged map[string]bool, crashes int) {
	t.Helper()
	p, c := g.serve(t)
	count := len(acknowledged)
	if count < acknowledgedFirst*crashes {
		t.Errorf("only %d submissions were acknowledged: no load to speak of", count)
	}
	c.check(acknowledged)
	g.stop(t, p)
	t.Logf("%d kills, %d submissions acknowledged", crashes, count)
}

// submit sends a write and remembers the submission if it was acknowledged.
func (c *caller) submit(method, resource string, form url.Values) error {
	var answer struct{ Status, QueuedUri string }
	if err := c.do(method, c.root+resource, form, &answer); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.queued = append(c.queued, answer.QueuedUri)
	return nil
}

// acknowledged answers how many submissions were.
func (c *caller) acknowledged() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.queued)
}

func (c *caller) convert(order string) error {
	return c.submit("POST", "/Conversions", orderForm(order))
}

// convertCounted reports the orders that are counted up.
func (c *caller) convertCounted() {
	c.t.Helper()
	for _, order := range countedUp {
		if err := c.convert(order.Get("OrderId")); err != nil {
			c.t.Fatal(err)
		}
	}
}

// acknowledgedFirst is how many submissions are acknowledged before the server is
// killed at any moment from then on: a busy machine makes a round longer, not easier.
const acknowledgedFirst = 50

// load counts up the item of one of the orders and reports new orders, until the
// server is killed.
func (c *caller) load(round, pid int) {
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			for i := 0; ; i++ {
				var err error
				if worker == 0 {
					err = c.convert(fmt.Sprintf("ORDER-%d-%d", round, i))
				} else {
					err = c.submit("PUT", "/Actions", countForm(countedUp[round%2]))
				}
				if err != nil {
					return // the connection went with the server
				}
			}
		})
	}
	for begin := time.Now(); c.acknowledged() < acknowledgedFirst && time.Since(begin) < time.Minute; {
		<-time.After(time.Millisecond)
	}
	<-time.After(time.Duration(rand.IntN(300)) * time.Millisecond)
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		c.t.Error(err)
	}
	group.Wait()
}

// check follows every page of submissions until all are complete, and holds them
// against what was acknowledged and against the ledger. It answers how many counted up
// and how many were new orders.
func (c *caller) check(acknowledged map[string]bool) (counted, converted int) {
	c.t.Helper()
	next := c.root + "/APISubmissions?PageSize=20000"
	for next != c.host {
		var page struct {
			Next          string `json:"@nextpageuri"`
			APISubmission []struct{ Uri, Type, Status, ErrorReason, ErrorMessage string }
		}
		if err := c.do("GET", next, nil, &page); err != nil {
			c.t.Fatal(err)
		}
		for _, s := range page.APISubmission {
			for s.Status != "Complete" {
				if err := c.do("GET", c.host+s.Uri, nil, &s); err != nil {
					c.t.Fatal(err)
				}
			}
			delete(acknowledged, s.Uri)
			switch {
			case s.ErrorReason != "":
				c.t.Errorf("%s: %s %s", s.Uri, s.ErrorReason, s.ErrorMessage)
			case s.Type == "Conversion":
				converted++
			default:
				counted++
			}
		}
		next = c.host + page.Next
	}
	for uri := range acknowledged {
		c.t.Errorf("acknowledged and lost: %s", uri)
	}
	c.checkLedger(counted, converted)
	return counted, converted
}

func (c *caller) checkLedger(counted, converted int) {
	c.t.Helper()
	added := 0
	for _, order := range countedUp {
		added += c.added(order.Get("OrderId"))
	}
	if added != counted {
		c.t.Errorf("%d was added by %d submissions that each added 1", added, counted)
	}
	if all := c.walked((*pages).follow, c.root+"/Actions?CampaignId=1000&PageSize=20000", "Actions"); len(all) != converted {
		c.t.Errorf("%d actions of %d conversions", len(all), converted)
	}
}

// added answers how much was added to the item of an order, nothing if it was not reported.
func (c *caller) added(order string) int {
	c.t.Helper()
	var found struct{ Actions []struct{ Id string } }
	if err := c.do("GET", c.root+"/Actions?CampaignId=1000&Oid="+order, nil, &found); err != nil || len(found.Actions) > 1 {
		c.t.Fatalf("the actions of order %s: %+v, %v", order, found, err)
	}
	if len(found.Actions) == 0 {
		return 0
	}
	var item struct {
		Quantity int `json:",string"`
	}
	if err := c.do("GET", c.root+"/Actions/"+found.Actions[0].Id+"/Items/COUNTER", nil, &item); err != nil {
		c.t.Fatal(err)
	}
	return item.Quantity - 1
}
