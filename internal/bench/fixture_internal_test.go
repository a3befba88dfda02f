package bench

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/trueup-ledger/trueup/internal/store/verify"
	"github.com/trueup-ledger/trueup/ledger"
)

func TestTargetsAreSpreadEvenly(t *testing.T) {
	tests := map[string]struct {
		fixture Fixture
		account int
		want    []string
	}{
		"all actions":                   {Fixture{Actions: 3, Accounts: 1, Items: 3}, 0, []string{"1000.2240.3", "1000.2240.2", "1000.2240.1"}},
		"the newest actions":            {Fixture{Actions: 5, Accounts: 1, Items: 3, Newest: 2}, 0, []string{"1000.2240.5", "1000.2240.4"}},
		"fewer actions than Newest":     {Fixture{Actions: 2, Accounts: 1, Items: 3, Newest: 9}, 0, []string{"1000.2240.2", "1000.2240.1"}},
		"an account with fewer actions": {Fixture{Actions: 5, Accounts: 2, Items: 3}, 1, []string{"1000.2240.2", "1000.2240.1"}},
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
	many := Fixture{Actions: 10 * maxTargets, Accounts: 1, Items: 3}.targets(0, rand.New(rand.NewPCG(1, 1)))
	if len(many) != maxTargets || many[0].Action != "1000.2240.10000000" || many[maxTargets-1].Action != "1000.2240.10" {
		t.Errorf("%d targets from %v to %v", len(many), many[0], many[len(many)-1])
	}
}

func TestPrepareFillsAccountsAlikeAtEachRun(t *testing.T) {
	onBoth(t, func(t *testing.T, fresh func() testStore) {
		fixture := Fixture{Actions: 50, Accounts: 20, Items: 3}
		var first []Target
		for range 2 {
			st := fresh()
			targets, accounts, err := Prepare(t.Context(), st, replayNow, fixture)
			if err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = targets
			}
			if !slices.Equal(targets, first) || len(targets) != 50 || !slices.IsSortedFunc(targets, func(a, b Target) int { return a.Account - b.Account }) {
				t.Errorf("the targets are %v, want %v", targets, first)
			}
			for n, a := range accounts {
				token, err := st.Token(t.Context(), a.SID)
				if err != nil || token.Account != int64(n+1) {
					t.Errorf("the token of account %d is of account %d (%v)", n+1, token.Account, err)
				}
				if err := checkFilled(t.Context(), st, int64(n+1), replayNow, fixture.actions(n)); err != nil {
					t.Error(err)
				}
			}
			if violations, err := verify.Store(t.Context(), st.Store, ledger.Decide); err != nil || len(violations) > 0 {
				t.Errorf("Verify returned %v, %v", violations, err)
			}
		}
	})
}
