package main_test

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
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
	t.Parallel()
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	data := filepath.Join(t.TempDir(), "data")
	run(t, "apply", "--data", data, "-f", "testdata/crash.yaml")
	token := run(t, "token", "create", "--data", data, "--account", "1")
	sid, secret, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(token), "TRUEUP_SID="), "\nTRUEUP_TOKEN=")

	acknowledged := make(map[string]bool)
	for round := range crashes {
		p, err := start(program, "", log, "TRUEUP_URL", "serve", "--data", data, "--listen", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		c := &caller{t: t, root: p.env["TRUEUP_URL"] + "/Advertisers/" + sid, host: p.env["TRUEUP_URL"], sid: sid, secret: secret}
		if round == 0 {
			c.convert("FIRST")
		}
		c.load(round, p.command.Process.Pid)
		_ = p.command.Wait() // it was killed
		for _, uri := range c.queued {
			acknowledged[uri] = true
		}
		run(t, "verify", "--data", data)
	}

	p, err := start(program, "", log, "TRUEUP_URL", "serve", "--data", data, "--listen", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &caller{t: t, root: p.env["TRUEUP_URL"] + "/Advertisers/" + sid, host: p.env["TRUEUP_URL"], sid: sid, secret: secret}
	count := len(acknowledged)
	if count < acknowledgedFirst*crashes {
		t.Errorf("only %d submissions were acknowledged: no load to speak of", count)
	}
	c.check(acknowledged)
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.command.Wait(); err != nil {
		t.Errorf("the server ended with %v", err)
	}
	run(t, "verify", "--data", data)
	t.Logf("%d kills, %d submissions acknowledged", crashes, count)
}

// run runs the program to its end and answers what it printed.
func run(t *testing.T, args ...string) string {
	t.Helper()
	var errors strings.Builder
	command := exec.Command(program, args...)
	command.Stderr = &errors
	out, err := command.Output()
	if err != nil {
		t.Fatalf("trueup %s: %v\n%s%s", strings.Join(args, " "), err, out, errors.String())
	}
	return string(out)
}

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
	return c.submit("POST", "/Conversions", url.Values{
		"CampaignId": {"1000"}, "EventTypeId": {"2240"}, "EventDate": {"NOW"}, "OrderId": {order}, "MediaPartnerId": {"10"},
		"ItemSku1": {"COUNTER"}, "ItemQuantity1": {"1"}, "ItemPrice1": {"9.99"},
	})
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
					err = c.submit("PUT", "/Actions", url.Values{
						"ActionTrackerId": {"2240"}, "OrderId": {"FIRST"}, "Sku": {"COUNTER"}, "QuantityDelta": {"1"}, "Reason": {"ORDER_UPDATE"},
					})
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
// against what was acknowledged and against the ledger.
func (c *caller) check(acknowledged map[string]bool) {
	c.t.Helper()
	counted, converted := 0, 0
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
	var all struct {
		Total string `json:"@total"`
	}
	if err := c.do("GET", c.root+"/Actions?CampaignId=1000&PageSize=1", nil, &all); err != nil || all.Total != strconv.Itoa(converted) {
		c.t.Errorf("%s actions of %d conversions, %v", all.Total, converted, err)
	}
}
