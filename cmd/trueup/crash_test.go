package main_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/testenv"
)

// TestKilledServerLosesNothing kills the server at random moments under load. Afterwards
// every submission with the response QUEUED was applied exactly once: each modification
// has increased a quantity, and each conversion has created an action.
func TestKilledServerLosesNothing(t *testing.T) {
	rounds := testenv.Scale(4, 20)
	onBothDatabases(t, func(t *testing.T, h *harness) { testCrash(t, h, rounds) })
}

// testCrash kills the server in the given number of rounds.
func testCrash(t *testing.T, h *harness, rounds int) {
	t.Helper()
	acknowledged := make(map[string]bool)
	for round := range rounds {
		p, c := h.serve(t)
		if round == 0 {
			c.convertCounted()
		}
		c.load(round, p.command.Process.Pid)
		_ = p.command.Wait() // it was killed
		for _, uri := range c.queued {
			acknowledged[uri] = true
		}
		h.verify(t)
	}

	h.checkAcknowledged(t, acknowledged, rounds)
}

// checkAcknowledged compares the submissions acknowledged in the given number of rounds
// with the ledger.
func (h *harness) checkAcknowledged(t *testing.T, acknowledged map[string]bool, kills int) {
	t.Helper()
	p, c := h.serve(t)
	count := len(acknowledged)
	if count < minAcknowledged*kills {
		t.Errorf("only %d submissions were acknowledged", count)
	}
	c.check(acknowledged)
	h.stop(t, p)
	t.Logf("%d kills, %d submissions acknowledged", kills, count)
}

// submit sends a write and records the submission if it is acknowledged.
func (c *caller) submit(method, resource string, form url.Values) error {
	var response struct{ Status, QueuedUri string }
	if err := c.do(method, c.root+resource, form, &response); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.queued = append(c.queued, response.QueuedUri)
	return nil
}

// acknowledged returns the number of acknowledged submissions.
func (c *caller) acknowledged() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.queued)
}

func (c *caller) convert(order string) error {
	return c.submit("POST", "/Conversions", orderForm(order))
}

// convertCounted reports the orders whose items are incremented.
func (c *caller) convertCounted() {
	c.t.Helper()
	for _, order := range countedOrders {
		if err := c.convert(order.Get("OrderId")); err != nil {
			c.t.Fatal(err)
		}
	}
}

// minAcknowledged is the number of submissions that are acknowledged in each round before
// the server is killed, so that a slow machine has as much load as a fast one.
const minAcknowledged = 50

// load increments the item of one of the orders and reports new orders, until it kills the
// server.
func (c *caller) load(round, pid int) {
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			for i := 0; ; i++ {
				var err error
				if worker == 0 {
					err = c.convert(fmt.Sprintf("ORDER-%d-%d", round, i))
				} else {
					err = c.submit("PUT", "/Actions", countForm(countedOrders[round%2]))
				}
				if err != nil {
					return // the server was killed
				}
			}
		})
	}
	for begin := time.Now(); c.acknowledged() < minAcknowledged && time.Since(begin) < time.Minute; {
		<-time.After(time.Millisecond)
	}
	<-time.After(time.Duration(rand.IntN(300)) * time.Millisecond)
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		c.t.Error(err)
	}
	group.Wait()
}

// check waits until all submissions are complete and compares them with the acknowledged
// ones and with the ledger. It returns the number of increments and of new orders.
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
		c.t.Errorf("acknowledged but lost: %s", uri)
	}
	c.checkLedger(counted, converted)
	return counted, converted
}

func (c *caller) checkLedger(counted, converted int) {
	c.t.Helper()
	added := 0
	for _, order := range countedOrders {
		added += c.added(order.Get("OrderId"))
	}
	if added != counted {
		c.t.Errorf("%d submissions added %d", counted, added)
	}
	if all := c.paginate((*paginator).follow, c.root+"/Actions?CampaignId=1000&PageSize=20000", "Actions"); len(all) != converted {
		c.t.Errorf("%d actions of %d conversions", len(all), converted)
	}
}

// added returns how much was added to the item of an order, 0 if the order doesn't exist.
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
