package ledger_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/ledger"
)

// shrink leaves out every step without which there is still a difference.
func (s setting) shrink(steps []step, difference string) ([]step, string) {
	for i := len(steps) - 1; i >= 0; i-- {
		fewer := slices.Delete(slices.Clone(steps), i, i+1)
		c := newContest(s, make(map[string]int))
		for j, step := range fewer {
			if found := c.play(step); found != "" {
				steps, difference = fewer[:j+1], found
				break
			}
		}
		i = min(i, len(steps))
	}
	return steps, difference
}

// story tells the steps, the difference and the reference data behind them.
func (s setting) story(steps []step, difference string) string {
	var b strings.Builder
	fmt.Fprintln(&b, difference)
	c := newContest(s, make(map[string]int))
	for _, step := range steps {
		command, err := json.Marshal(step.Command)
		fmt.Fprintf(&b, "%d %s at %s, applied %s, cap %d: %s %v\n",
			step.Number, step.Command.Kind(), step.Accepted, step.At, step.Cap, command, err)
		c.play(step)
	}
	for _, d := range s.history {
		account := d.reference.Account
		fmt.Fprintf(&b, "from %s: %s %s cap %d, campaigns %+v\n", d.at, account.Currency, account.Zone, account.ModificationLimit, d.reference.Campaigns)
	}
	newest := s.history[len(s.history)-1].reference
	for _, a := range c.oracle.actions {
		for _, contract := range newest.Contracts {
			if contract.Partner == a.Partner && contract.Campaign == a.ID.Campaign {
				fmt.Fprintf(&b, "contract %+v\n", contract)
				for _, t := range newest.Terms[ledger.TermsOf{Contract: contract.ID, EventType: a.ID.EventType}] {
					text, err := json.Marshal(t)
					fmt.Fprintf(&b, "\tterms %s %v\n", text, err)
				}
			}
		}
	}
	return b.String()
}
