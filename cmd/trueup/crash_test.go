package main_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"strconv"
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
			if err := c.convert("FIRST"); err != nil {
				t.Fatal(err)
			}
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

// acknowledgedFirst is how many submissions are acknowledged before the server is
// killed at any moment from then on: a busy machine makes a round longer, not easier.
const acknowledgedFirst = 50

// load counts up the item of the first order and reports new orders, until the
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
					err = c.submit("PUT", "/Actions", countForm(firstOrder))
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
	var first struct{ Actions []struct{ Id, Oid string } }
	if err := c.do("GET", c.root+"/Actions?CampaignId=1000&Oid=FIRST", nil, &first); err != nil || len(first.Actions) != 1 {
		c.t.Fatalf("the first order: %+v, %v", first, err)
	}
	var item struct{ Quantity string }
	if err := c.do("GET", c.root+"/Actions/"+first.Actions[0].Id+"/Items/COUNTER", nil, &item); err != nil {
		c.t.Fatal(err)
	}
	if item.Quantity != strconv.Itoa(1+counted) {
		c.t.Errorf("the quantity is %s after %d submissions that each added 1", item.Quantity, counted)
	}
	if all := c.walked((*pages).follow, c.root+"/Actions?CampaignId=1000&PageSize=20000", "Actions"); len(all) != converted {
		c.t.Errorf("%d actions of %d conversions", len(all), converted)
	}
}
