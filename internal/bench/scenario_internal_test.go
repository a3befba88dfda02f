package bench

import (
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestScenarioSendsTheSharesOfItsKinds(t *testing.T) {
	targets := []Target{{Action: "1000.2240.7", Partner: "10", SKU: "A"}, {Account: 1, Action: "1000.2240.9", Partner: "10", SKU: "B"}}
	tests := map[Scenario]map[kind]float64{
		Modify: {kindModify: 1},
		Hot:    {kindModify: 1},
		Mixed:  {kindConvert: 0.10, kindModify: 0.60, kindReverse: 0.05, kindRead: 0.25},
	}
	for scenario, shares := range tests {
		t.Run(string(scenario), func(t *testing.T) {
			const all = 20_000
			g, sent := newGenerator("B", 1, targets, 0), make(map[kind]float64)
			for range all {
				k, r := g.next(scenario)
				sent[k]++
				if r.account < 0 || r.account > 1 || r.method == "" || !strings.HasPrefix(r.path, "/") {
					t.Fatalf("%s: %+v", k, r)
				}
			}
			for k, want := range shares {
				if got := sent[k] / all; math.Abs(got-want) > 0.01 {
					t.Errorf("%s is %.3f of all, want %.2f", k, got, want)
				}
			}
			if len(sent) != len(shares) {
				t.Errorf("sent %v", sent)
			}
		})
	}
}

func TestZipfSelectsAccountsByPopularity(t *testing.T) {
	var targets []Target
	for account := range 5_000 {
		targets = append(targets, Target{Account: account, SKU: "A"}, Target{Account: account, SKU: "B"})
	}
	accounts := byAccount(targets)
	if len(accounts) != 5_000 || len(accounts[4_999]) != 2 || accounts[4_999][0].Account != 4_999 {
		t.Fatalf("%d accounts, the last with %v", len(accounts), accounts[len(accounts)-1])
	}
	draw := func(seed uint64) (drawn []Target) {
		g := newGenerator("B", seed, targets, 0)
		g.selectByPopularity(1.1, accounts)
		for range 20_000 {
			drawn = append(drawn, g.target())
		}
		return drawn
	}
	drawn := draw(7)
	if !slices.Equal(drawn, draw(7)) || slices.Equal(drawn, draw(8)) {
		t.Error("a seed doesn't determine the items")
	}
	hits, seen := make(map[int]float64), make(map[Target]bool)
	for _, target := range drawn {
		hits[target.Account]++
		seen[target] = true
	}
	// The second account is half as popular to the power of 1.1.
	if ratio := hits[0] / hits[1]; math.Abs(ratio-math.Pow(2, 1.1)) > 0.3 || len(hits) < 1_000 || len(seen) <= len(hits) {
		t.Errorf("the first account was selected %.2f times as often as the second, of %d accounts and %d items", ratio, len(hits), len(seen))
	}
}

func TestRoutedSendsAnAccountToOneServer(t *testing.T) {
	var targets []Target
	for account := range 3 {
		targets = append(targets, Target{Account: account, SKU: "A"}, Target{Account: account, SKU: "B"})
	}
	for name, test := range map[string]struct {
		load       Load
		connection int
		accounts   []int
	}{
		"the first connection":  {Load{Scenario: Modify, Routed: true}, 0, []int{0, 0, 2, 2}},
		"the second connection": {Load{Scenario: Mixed, Routed: true}, 1, []int{1, 1}},
		"the third connection":  {Load{Scenario: Modify, Routed: true}, 2, []int{0, 0, 2, 2}},
		"not routed":            {Load{Scenario: Modify}, 1, []int{0, 0, 1, 1, 2, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			test.load.Targets = targets
			var accounts []int
			for _, target := range test.load.targets(test.connection, test.load.routes(2)) {
				accounts = append(accounts, target.Account)
			}
			if !slices.Equal(accounts, test.accounts) {
				t.Errorf("items of %v, want of %v", accounts, test.accounts)
			}
		})
	}
}

func TestReversalReversesAnOpenOrderOnce(t *testing.T) {
	g := newGenerator("B", 1, []Target{{Action: "1000.2240.7", Partner: "10", SKU: "A"}}, 0)
	open := make(map[string]bool)
	for range 5_000 {
		switch k, r := g.next(Mixed); k {
		case kindConvert:
			open[orderIn(r.body)] = true
		case kindReverse:
			order := orderIn(r.path)
			if r.method != http.MethodDelete || !open[order] {
				t.Fatalf("%s %s reverses %q", r.method, r.path, order)
			}
			delete(open, order)
		}
	}
}

// orderIn returns the OrderId in a form.
func orderIn(form string) string {
	_, rest, _ := strings.Cut(form, "OrderId=")
	order, _, _ := strings.Cut(rest, "&")
	return order
}
