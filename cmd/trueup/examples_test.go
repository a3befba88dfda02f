package main_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/sqldb/backup"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// demoTemplate is the folder of a seeded demo, which copyDemo copies: seeding takes
// seconds.
var demoTemplate string

var seedTemplate = sync.OnceValue(func() error {
	st, err := sqlstore.OpenSQLite(context.Background(), demoTemplate)
	if err != nil {
		return err
	}
	return errors.Join(demo.Seed(context.Background(), st, time.Now()), st.Close())
})

// copyDemo copies a seeded demo to a folder unless that exists.
func copyDemo(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := seedTemplate(); err != nil {
		return err
	}
	return backup.CopyClosed(sqldb.SQLiteFiles()[0], demoTemplate, dir)
}

// demoCaller starts a demo and returns a client of its account.
func demoCaller(t *testing.T, program string) (c *caller, data string) {
	t.Helper()
	data = filepath.Join(t.TempDir(), "data")
	if err := copyDemo(data); err != nil {
		t.Fatal(err)
	}
	p, err := start(program, "", nil, os.Stderr, "TRUEUP_TOKEN", "demo", "--data", data, "--listen", "127.0.0.1:0", "--env")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.command.Process.Signal(syscall.SIGINT); err != nil {
			t.Error(err)
		}
		if err := p.command.Wait(); err != nil {
			t.Errorf("the demo failed: %v", err)
		}
		run(t, "verify", "--data", data)
	})
	host, token := p.env["TRUEUP_URL"], credentials{p.env["TRUEUP_SID"], p.env["TRUEUP_TOKEN"]}
	return &caller{credentials: token, t: t, root: host + "/Advertisers/" + token.sid, host: host}, data
}

// submission is the status of a submission.
type submission struct{ Status, ErrorType, ErrorReason, ActionId string }

// submitAndWait sends a write and returns its submission once it is complete.
func (c *caller) submitAndWait(method, resource string, form url.Values) (s submission) {
	c.t.Helper()
	req, err := c.request(method, c.root+resource, form)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Prefer", "wait=30")
	var response struct {
		QueuedUri  string
		Submission submission
	}
	if err := c.doRequest(req, &response); err != nil {
		c.t.Fatal(err)
	}
	for s = response.Submission; s.Status != "Complete"; {
		if err := c.do("GET", c.host+response.QueuedUri, nil, &s); err != nil {
			c.t.Fatal(err)
		}
	}
	return s
}

// describe formats an action in one line: each item as "quantity amount payout", then the
// action's amount and payout, their deltas, and the state.
func (c *caller) describe(action string) string {
	c.t.Helper()
	var a struct {
		State                                    string
		Amount, Payout, DeltaAmount, DeltaPayout string
	}
	var items struct {
		ActionItems []struct{ Quantity, SaleAmount, Payout string }
	}
	if err := c.do("GET", c.root+"/Actions/"+action+"?IrVersion=13", nil, &a); err != nil {
		c.t.Fatal(err)
	}
	if err := c.do("GET", c.root+"/Actions/"+action+"/Items?IrVersion=13", nil, &items); err != nil {
		c.t.Fatal(err)
	}
	var b strings.Builder
	for _, item := range items.ActionItems {
		fmt.Fprintf(&b, "%s %s %s, ", item.Quantity, item.SaleAmount, item.Payout)
	}
	fmt.Fprintf(&b, "action %s %s (%s %s) %s", a.Amount, a.Payout, a.DeltaAmount, a.DeltaPayout, a.State)
	return b.String()
}

// step is a submission and the description of its action afterwards.
type step struct {
	// form is a modification or, with the prefix "DELETE ", a reversal.
	form, want string
}

// TestWorkedExamplesOverHTTP tests every row of docs/rules.md, section 10, on the demo. The
// script terms.txtar tests the one with other terms.
func TestWorkedExamplesOverHTTP(t *testing.T) {
	t.Parallel()
	c, _ := demoCaller(t, checkedProgram)
	const (
		tracked  = "2 19.27 0.77, 1 2.72 0.11, action 21.99 0.88 (21.99 0.88) PENDING"
		reset    = "2 19.27 0.77, 1 2.72 0.11, action 21.99 0.88"
		itemsOfA = "ItemSku1=12345&ItemQuantity1=2&ItemSubTotal1=19.27&ItemSku2=67890&ItemQuantity2=1&ItemSubTotal2=2.72"
		itemsOfB = "ItemSku1=1&ItemSubTotal1=11.11&ItemSku2=2&ItemSubTotal2=11.11&ItemSku3=3&ItemSubTotal3=11.11"
		itemsOfC = "ItemSku1=1&ItemSubTotal1=30.00&ItemSku2=2&ItemSubTotal2=10.00"
	)
	for name, example := range map[string]struct {
		eventType, items, tracked string
		steps                     []step
	}{
		"A: a quantity goes down and comes back": {"2240", itemsOfA, tracked, []step{
			{"Sku=12345&Quantity=1", "1 9.64 0.39, 1 2.72 0.11, action 12.36 0.50 (-9.63 -0.38) PENDING"},
			{"Sku=12345&Quantity=2", reset + " (9.63 0.38) PENDING"},
		}},
		"A: an amount becomes the line": {"2240", itemsOfA, tracked, []step{
			{"Sku=12345&Amount=15.00", "2 15.00 0.60, 1 2.72 0.11, action 17.72 0.71 (-4.27 -0.17) PENDING"},
			{"Sku=12345&Quantity=1", "1 7.50 0.30, 1 2.72 0.11, action 10.22 0.41 (-7.50 -0.30) PENDING"},
		}},
		"A: items are reversed one by one, brought back and reset": {"2240", itemsOfA, tracked, []step{
			{"Sku=12345&Quantity=0", "0 0.00 0.00, 1 2.72 0.11, action 2.72 0.11 (-19.27 -0.77) PENDING"},
			{"Sku=67890&Quantity=0", "0 0.00 0.00, 0 0.00 0.00, action 0.00 0.00 (-2.72 -0.11) REVERSED"},
			{"Sku=67890&Quantity=1", "0 0.00 0.00, 1 2.72 0.11, action 2.72 0.11 (2.72 0.11) PENDING"},
			{"Reason=RESET", reset + " (19.27 0.77) PENDING"},
		}},
		"A: a relative amount": {"2240", itemsOfA, tracked, []step{
			{"Sku=12345&ItemSubTotalDelta=-5.00", "2 14.27 0.57, 1 2.72 0.11, action 16.99 0.68 (-5.00 -0.20) PENDING"},
		}},
		"A: an amount for the whole action": {"2240", itemsOfA, tracked, []step{
			{"Amount=10.00", "2 8.76 0.35, 1 1.24 0.05, action 10.00 0.40 (-11.99 -0.48) PENDING"},
		}},
		"A: reversed as a whole": {"2240", itemsOfA, tracked, []step{
			{"DELETE DispositionCode=REJECTED", "0 0.00 0.00, 0 0.00 0.00, action 0.00 0.00 (-21.99 -0.88) REVERSED"},
			{"DELETE DispositionCode=REJECTED", "0 0.00 0.00, 0 0.00 0.00, action 0.00 0.00 (-21.99 -0.88) REVERSED"},
			{"Reason=RESET", reset + " (21.99 0.88) PENDING"},
		}},
		"B: a rate on the order": {"2241", itemsOfB, "1 11.11 0.84, 1 11.11 0.83, 1 11.11 0.83, action 33.33 2.50 (33.33 2.50) PENDING", []step{
			{"Sku=1&Quantity=0", "0 0.00 0.00, 1 11.11 0.84, 1 11.11 0.83, action 22.22 1.67 (-11.11 -0.83) PENDING"},
		}},
		"C: a flat payout for the order": {"2242", itemsOfC, "1 30.00 3.75, 1 10.00 1.25, action 40.00 5.00 (40.00 5.00) PENDING", []step{
			{"Sku=2&Quantity=0", "1 30.00 5.00, 0 0.00 0.00, action 30.00 5.00 (-10.00 0.00) PENDING"},
			{"Sku=1&Quantity=0", "0 0.00 0.00, 0 0.00 0.00, action 0.00 0.00 (-30.00 -5.00) REVERSED"},
		}},
		"D: a flat payout for each unit": {
			"2243", "ItemSku1=1&ItemQuantity1=3&ItemPrice1=1.00",
			"3 3.00 0.75, action 3.00 0.75 (3.00 0.75) PENDING",
			[]step{
				{"Sku=1&Quantity=2", "2 2.00 0.50, action 2.00 0.50 (-1.00 -0.25) PENDING"},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			order := fmt.Sprintf("%x", sha256.Sum256([]byte(name)))
			s := c.submitAndWait("POST", "/Conversions?CampaignId=1000&EventDate=NOW&MediaPartnerId=10001&EventTypeId="+example.eventType+
				"&OrderId="+order+"&"+example.items, nil)
			if diff := cmp.Diff(example.tracked, c.describe(s.ActionId)); s.ErrorType != "" || diff != "" {
				t.Fatalf("tracked %+v (-want +got):\n%s", s, diff)
			}
			for _, step := range example.steps {
				c.applyStep(t, s.ActionId, step)
			}
		})
	}
}

func (c *caller) applyStep(t *testing.T, action string, s step) {
	t.Helper()
	method, query, reason := "PUT", s.form, ""
	if form, reversal := strings.CutPrefix(s.form, "DELETE "); reversal {
		method, query = "DELETE", form
	} else if !strings.Contains(query, "Reason=") {
		reason = "&Reason=ORDER_UPDATE"
	}
	form, err := url.ParseQuery("ActionId=" + action + "&" + query + reason)
	if err != nil {
		t.Fatal(err)
	}
	done := c.submitAndWait(method, "/Actions", form)
	if diff := cmp.Diff(s.want, c.describe(action)); done.ErrorType != "" || diff != "" {
		t.Fatalf("%s: %+v (-want +got):\n%s", s.form, done, diff)
	}
}

// TestYenOverHTTP tests the worked example of a currency without minor units.
func TestYenOverHTTP(t *testing.T) {
	t.Parallel()
	usd, data := demoCaller(t, checkedProgram)
	token := credentialsIn(t, run(t, "token", "create", "--data", data, "--account", fmt.Sprint(demo.AccountJapan)))
	c := &caller{credentials: token, t: t, root: usd.host + "/Advertisers/" + token.sid, host: usd.host}
	var found struct{ Actions []struct{ Id string } }
	if err := c.do("GET", c.root+"/Actions?Oid=EXAMPLE-YEN", nil, &found); err != nil || len(found.Actions) != 1 {
		t.Fatalf("%+v, %v", found, err)
	}
	c.applyStep(t, found.Actions[0].Id, step{"Sku=12345&Quantity=2", "2 1999 80, action 1999 80 (-1000 -40) PENDING"})
}
