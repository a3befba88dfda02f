package oracle_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/internal/oracle"
	"github.com/trueup-ledger/trueup/internal/oracle/scenario"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// shrink removes every step without which there is still a difference.
func shrink(s scenario.Scenario, steps []scenario.Step, difference string) ([]scenario.Step, string) {
	for i := len(steps) - 1; i >= 0; i-- {
		fewer := slices.Delete(slices.Clone(steps), i, i+1)
		c := newComparison(s, newCounts())
		for j, step := range fewer {
			if found := c.apply(step); found != "" {
				steps, difference = fewer[:j+1], found
				break
			}
		}
		i = min(i, len(steps))
	}
	return steps, difference
}

// describe writes the difference, the steps and the reference data that they use.
func describe(s scenario.Scenario, steps []scenario.Step, difference string) string {
	var b strings.Builder
	fmt.Fprintln(&b, difference)
	c := newComparison(s, newCounts())
	for _, step := range steps {
		command, err := json.Marshal(step.Command)
		fmt.Fprintf(&b, "%d %s at %s, applied %s, limit %d: %s %v\n",
			step.Number, step.Command.Kind(), step.Accepted, step.At, step.ModificationLimit, command, err)
		c.apply(step)
	}
	for _, v := range s.History {
		account := v.Reference.Account
		fmt.Fprintf(&b, "from %s: %s %s limit %d, campaigns %+v\n", v.From, account.Currency, account.Zone, account.ModificationLimit, v.Reference.Campaigns)
	}
	for _, a := range c.oracle.Actions {
		describeContracts(&b, s.History[len(s.History)-1].Reference, a)
	}
	return b.String()
}

func describeContracts(b *strings.Builder, ref *program.Reference, a oracle.Action) {
	for _, contract := range ref.Contracts {
		if contract.Partner != a.Partner || contract.Campaign != a.ID.Campaign {
			continue
		}
		fmt.Fprintf(b, "contract %+v\n", contract)
		for _, t := range ref.Terms[program.TermsOf{Contract: contract.ID, EventType: a.ID.EventType}] {
			text, err := json.Marshal(t)
			fmt.Fprintf(b, "\tterms %s %v\n", text, err)
		}
	}
}
