package bench

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestTargetsAreSpreadEvenly(t *testing.T) {
	tests := map[string]struct {
		fixture Fixture
		account int
		want    []string
	}{
		"all actions":                   {Fixture{Actions: 3, Accounts: 1}, 0, []string{"1000.2240.3", "1000.2240.2", "1000.2240.1"}},
		"the newest actions":            {Fixture{Actions: 5, Accounts: 1, Newest: 2}, 0, []string{"1000.2240.5", "1000.2240.4"}},
		"fewer actions than Newest":     {Fixture{Actions: 2, Accounts: 1, Newest: 9}, 0, []string{"1000.2240.2", "1000.2240.1"}},
		"an account with fewer actions": {Fixture{Actions: 5, Accounts: 2}, 1, []string{"1000.2240.2", "1000.2240.1"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, target := range test.fixture.targets(test.account, rand.New(rand.NewPCG(1, 1))) {
				if target.Account != test.account {
					t.Errorf("%v is of account %d", target, test.account)
				}
				got = append(got, target.Action)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
	many := Fixture{Actions: 10 * maxTargets, Accounts: 1}.targets(0, rand.New(rand.NewPCG(1, 1)))
	if len(many) != maxTargets || many[0].Action != "1000.2240.10000000" || many[maxTargets-1].Action != "1000.2240.10" {
		t.Errorf("%d targets from %v to %v", len(many), many[0], many[len(many)-1])
	}
}
