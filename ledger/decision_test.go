package ledger_test

import (
	"errors"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/oracle"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// failingLookup fails in one of its methods.
type failingLookup struct {
	*oracle.Memory

	method string
}

var errLookup = errors.New("lookup failed")

func (l failingLookup) fail(method string) error {
	if l.method == method {
		return errLookup
	}
	return ledger.ErrNotFound
}

func (l failingLookup) Reference(at time.Time) (*program.Reference, error) {
	if l.method == "Reference" {
		return nil, errLookup
	}
	return l.Memory.Reference(at)
}

func (l failingLookup) Action(number int64) (ledger.Action, error) {
	if l.method == "Replaced" {
		return l.Memory.Action(number)
	}
	return ledger.Action{}, l.fail("Action")
}

func (l failingLookup) ActionOfOrder(int64, string) (ledger.Action, error) {
	return ledger.Action{}, l.fail("ActionOfOrder")
}

func (l failingLookup) Click(string) (program.Click, error) { return program.Click{}, l.fail("Click") }

func (l failingLookup) Referral(int64, string) (program.Click, error) {
	return program.Click{}, l.fail("Referral")
}

func (l failingLookup) OrderBetween(int64, string, time.Time, time.Time) (bool, error) {
	if l.method == "OrderBetween" {
		return false, errLookup
	}
	return false, nil
}

func (l failingLookup) Change(int64) (before, after ledger.Action, err error) {
	return before, after, l.fail("Change")
}

func (l failingLookup) Amendment(int64) (action, undo int64, err error) {
	if l.method == "Replaced" {
		return 1, 0, nil
	}
	return 0, 0, l.fail("Amendment")
}

func (l failingLookup) Replaced(int64, func(int, ledger.Before) bool) error {
	return l.fail("Replaced")
}

func TestDecideReturnsTheErrorOfALookup(t *testing.T) {
	byClick, byCustomer := report("1 × 1 = 1.00"), report("1 × 1 = 1.00")
	byClick.Partner, byClick.Click = 0, "click"
	byCustomer.Partner, byCustomer.Customer = 0, "customer"
	for method, command := range map[string]ledger.Command{
		"Reference":     byClick,
		"OrderBetween":  byClick,
		"Click":         byClick,
		"Referral":      byCustomer,
		"ActionOfOrder": setQuantity("1", 1),
		"Action":        ledger.Reversal{Address: ledger.Address{Action: ids.ActionID{Campaign: 1, EventType: 2, Number: 3}}, Reason: "OTHER"},
		"Change":        ledger.Undo{Submission: 1},
		"Amendment":     ledger.Undo{Submission: 1},
		"Replaced":      ledger.Undo{Submission: 1},
	} {
		t.Run(method, func(t *testing.T) {
			lookup := failingLookup{exampleAccount("USD", program.LevelItem, rate("4")), method}
			applied(t, lookup.Memory, 1, report("1 × 1 = 1.00"))
			s := ledger.Submission{Number: 2, Accepted: ordered.Add(time.Hour), Command: command}
			if method == "Change" { // only an undo by version 1 of the rules calls it
				s.Rules = 1
			}
			if _, err := ledger.Decide(lookup, s, ledger.ApplyContext{At: s.Accepted, Update: 1}); !errors.Is(err, errLookup) {
				t.Errorf("error is %v, want that of the lookup", err)
			}
		})
	}
}
