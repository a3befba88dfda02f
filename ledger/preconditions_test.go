package ledger_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/oracle"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// These tests cover cases that the random sequences of package oracle don't reach.

// rejectedFields returns the fields of the rejections.
func rejectedFields(rejections []*ledger.Rejection) (fields []string) {
	for _, r := range rejections {
		fields = append(fields, r.Field)
	}
	return fields
}

func TestItemsOfSubmissionAreLimited(t *testing.T) {
	account := program.Account{ID: 1, Currency: "USD", Zone: "UTC"}
	for items, valid := range map[int]bool{ledger.MaxItems: true, ledger.MaxItems + 1: false} {
		t.Run(fmt.Sprintf("%d items", items), func(t *testing.T) {
			c := report()
			m := ledger.Modification{Address: theOrder, Reason: ledger.ReasonOrderUpdate}
			for i := range items {
				sku := fmt.Sprint("sku-", i)
				c.Lines = append(c.Lines, ledger.ConversionLine{Number: i + 1, SKU: sku})
				m.Items = append(m.Items, ledger.ItemChange{Number: i + 1, SKU: sku, Quantity: new(int64(1))})
			}
			for _, command := range []ledger.Command{c, m} {
				if got := command.Validate(ordered, account); (len(got) == 0) != valid {
					t.Errorf("%s: rejected for %v, want valid %t", command.Kind(), rejectedFields(got), valid)
				}
			}
		})
	}
}

func TestQuantitiesOfOneSKUAreLimited(t *testing.T) {
	account := program.Account{ID: 1, Currency: "USD", Zone: "UTC"}
	for quantity, valid := range map[int64]bool{ledger.MaxQuantity - 1: true, ledger.MaxQuantity: false} {
		c := report()
		c.Lines = []ledger.ConversionLine{{Number: 1, SKU: "A", Quantity: &quantity}, {Number: 2, SKU: "A"}}
		if got := c.Validate(ordered, account); (len(got) == 0) != valid {
			t.Errorf("%d and 1: rejected for %v, want valid %t", quantity, rejectedFields(got), valid)
		}
	}
}

func TestFieldsAreNumberedFromTheSecondItem(t *testing.T) {
	for number, want := range map[int]string{0: "Quantity", 1: "Quantity", 2: "Quantity2", 12: "Quantity12"} {
		m := ledger.Modification{Address: theOrder, Reason: ledger.ReasonOrderUpdate, Items: []ledger.ItemChange{
			{Number: number, SKU: "A", Quantity: new(int64(-1))},
		}}
		if got := rejectedFields(m.Validate(ordered, program.Account{})); !slices.Equal(got, []string{want}) {
			t.Errorf("item %d is rejected for %v, want %s", number, got, want)
		}
	}
}

func TestModificationLimitOfActionIsBounded(t *testing.T) {
	account := program.Account{ModificationLimit: 100}
	for limit, valid := range map[int]bool{
		99: false, 100: true, 101: true, ledger.MaxModificationLimit: true, ledger.MaxModificationLimit + 1: false,
	} {
		a, err := ledger.Action{}.WithModificationLimit(limit, account)
		if (err == nil) != valid || valid && a.ModificationLimit != limit {
			t.Errorf("limit %d: action has %d, error %v; want valid %t", limit, a.ModificationLimit, err, valid)
		}
	}
}

// An EventDate can be a few minutes in the future, and a contract can begin before it
// but after the acceptance of a modification.
func TestAmendmentBeforeContractIsPricedByTrackedTerms(t *testing.T) {
	m := exampleAccount("USD", program.LevelItem, rate("4"))
	reference, err := m.Reference(ordered)
	if err != nil {
		t.Fatal(err)
	}
	c := report("1 × 2 = 20.00")
	c.EventDate = ordered.Add(4 * time.Minute)
	contract := reference.Contracts[1]
	contract.Start = ordered.Add(3 * time.Minute)
	reference.Contracts[1] = contract
	if err := reference.Prepare(); err != nil {
		t.Fatal(err)
	}
	applied(t, m, 1, c)
	change := applied(t, m, 2, setQuantity("1", 1))
	if got := change.Action.Payout; got != 40 || change.Basis.Terms.Version != 1 {
		t.Errorf("payout is %d, basis %+v", got, change.Basis)
	}
}

// The conversion already has the disposition, so that the code changes the locking date
// alone.
func TestApproveCodeOfConversionLocksWhenRepeated(t *testing.T) {
	m := exampleAccount("USD", program.LevelItem, rate("4"))
	reference, err := m.Reference(ordered)
	if err != nil {
		t.Fatal(err)
	}
	e := reference.EventTypes[sale]
	e.Dispositions = []program.Disposition{{Code: "OKAY", Effect: program.EffectApprove}}
	reference.EventTypes[sale] = e
	c := report("1 × 2 = 20.00")
	c.Disposition = "OKAY"
	applied(t, m, 1, c)
	change := applied(t, m, 2, ledger.Modification{Address: theOrder, Reason: "OKAY"})
	if at := ordered.Add(2 * time.Minute); len(change.Updates) != 1 || !change.Action.LockingDate.Equal(at) {
		t.Errorf("%d updates, locking at %s, want %s", len(change.Updates), change.Action.LockingDate, at)
	}
}

func TestRejectionNamesItsField(t *testing.T) {
	r := &ledger.Rejection{Code: ledger.CodeMalformed, Field: "Amount", Message: "Must not be negative."}
	if got := r.Error(); got != "MALFORMED: Amount: Must not be negative." {
		t.Error(got)
	}
	r.Field = ""
	if got := r.Error(); got != "MALFORMED: Must not be negative." {
		t.Error(got)
	}
}

func TestCodesApplyToConversionsOrAmendments(t *testing.T) {
	for code, want := range map[ledger.Code]struct{ conversion, amendment bool }{
		ledger.CodeConversionDuplicate: {true, false},
		ledger.CodePartnerNotActive:    {true, false},
		ledger.CodeActionLocked:        {false, true},
		ledger.CodeParked:              {false, false},
		"UNKNOWN":                      {false, false},
	} {
		if got := code.AppliesTo(ledger.KindConversion); got != want.conversion {
			t.Errorf("%s applies to conversions: %t", code, got)
		}
		if got := code.AppliesTo(ledger.KindReversal); got != want.amendment {
			t.Errorf("%s applies to reversals: %t", code, got)
		}
	}
}

func TestPredefinedReasons(t *testing.T) {
	for code, want := range map[string]bool{
		"ORDER_UPDATE": true, "RESET": true, "REJECTED": true, "IR_BLANK": true, "RECALC_COMM": true, "UNDO": true,
		"HOLD": false, "reset": false,
	} {
		if got := ledger.IsPredefinedReason(code); got != want {
			t.Errorf("%s is predefined: %t", code, got)
		}
	}
}

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

func (l failingLookup) Action(int64) (ledger.Action, error) { return ledger.Action{}, l.fail("Action") }

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
		"Action":        ledger.Reversal{Address: ledger.Address{Action: ledger.ActionID{Campaign: 1, EventType: 2, Number: 3}}, Reason: "OTHER"},
		"Change":        ledger.Undo{Submission: 1},
	} {
		t.Run(method, func(t *testing.T) {
			lookup := failingLookup{exampleAccount("USD", program.LevelItem, rate("4")), method}
			s := ledger.Submission{Number: 1, Accepted: ordered.Add(time.Hour), Command: command}
			if _, err := ledger.Decide(lookup, s, ledger.ApplyContext{At: s.Accepted, Update: 1}); !errors.Is(err, errLookup) {
				t.Errorf("error is %v, want that of the lookup", err)
			}
		})
	}
}

func TestEventOfSubmission(t *testing.T) {
	id := ledger.ActionID{Campaign: 1, EventType: 2, Number: 3}
	pending, reversed := ledger.Action{ID: id}, ledger.Action{ID: id, Reversed: true}
	for name, c := range map[string]struct {
		before, after ledger.Action
		want          program.Event
	}{
		"a new action is tracked":                {ledger.Action{}, pending, program.EventTracked},
		"a new action without units is tracked":  {ledger.Action{}, reversed, program.EventTracked},
		"a change is a modification":             {pending, pending, program.EventModified},
		"the last item's reversal is a reversal": {pending, reversed, program.EventReversed},
		"a change of a reversed action":          {reversed, reversed, program.EventModified},
		"the restoration of an item":             {reversed, pending, program.EventModified},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ledger.EventOf(c.before, c.after); got != c.want {
				t.Errorf("event is %s, want %s", got, c.want)
			}
		})
	}
}

func TestCommandsAreDecodedByKind(t *testing.T) {
	for kind, want := range map[ledger.Kind]ledger.Command{
		ledger.KindConversion:   ledger.Conversion{Note: "x"},
		ledger.KindModification: ledger.Modification{Note: "x"},
		ledger.KindReversal:     ledger.Reversal{Note: "x"},
		ledger.KindUndo:         ledger.Undo{Note: "x"},
	} {
		got, err := ledger.DecodeCommand(kind, []byte(`{"Note":"x"}`))
		if diff := cmp.Diff(want, got); diff != "" || err != nil || got.Kind() != kind {
			t.Errorf("%s: error %v, (-want +got):\n%s", kind, err, diff)
		}
	}
}

func TestRulesCompareNumericallyOnlyTheOrderTotal(t *testing.T) {
	for name, c := range map[string]struct {
		rule    program.Rule
		matches bool
	}{
		"a total above the value":   {program.Rule{Variable: program.OrderTotal, Operator: program.GreaterThan, Values: []string{"19.99"}}, true},
		"a total below the value":   {program.Rule{Variable: program.OrderTotal, Operator: program.LessThan, Values: []string{"20.01"}}, true},
		"text is never greater":     {program.Rule{Variable: program.OrderCurrency, Operator: program.GreaterThan, Values: []string{"19.99"}}, false},
		"text is never less":        {program.Rule{Variable: program.OrderCurrency, Operator: program.LessThan, Values: []string{"20.01"}}, false},
		"a value that is no number": {program.Rule{Variable: program.OrderTotal, Operator: program.GreaterThan, Values: []string{"x"}}, false},
		"an unknown operator":       {program.Rule{Variable: program.OrderTotal, Operator: "NEAR", Values: []string{"20"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			m := exampleAccount("USD", program.LevelItem, rate("4"))
			reference, err := m.Reference(ordered)
			if err != nil {
				t.Fatal(err)
			}
			terms := reference.Terms[program.TermsOf{Contract: 1, EventType: sale}]
			terms[0].Groups = []program.Group{{ID: 7, Rules: []program.Rule{c.rule}, Payout: rate("50")}}
			want := int64(0)
			if c.matches {
				want = 7
			}
			if got := applied(t, m, 1, report("1 × 2 = 20.00")).Updates[0].Group; got != want {
				t.Errorf("priced by group %d, want %d", got, want)
			}
		})
	}
}
