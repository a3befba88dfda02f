package ledger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// These tests cover cases that the random sequences of package oracle don't reach.

// rejectedFields returns the fields of the rejections.
func rejectedFields(rejections []*rejection.Rejection) (fields []string) {
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

func TestModificationLimitOfActionCanOnlyBeRaised(t *testing.T) {
	account := program.Account{ModificationLimit: 100}
	for _, c := range []struct {
		present, limit int
		valid          bool
	}{
		{0, 99, false},
		{0, 100, true},
		{0, 101, true},
		{0, ledger.MaxModificationLimit, true},
		{0, ledger.MaxModificationLimit + 1, false},
		{200, 199, false},
		{200, 200, true},
		{200, 201, true},
		{50, 99, false},
		{50, 100, true},
	} {
		a, err := ledger.Action{ModificationLimit: c.present}.WithModificationLimit(c.limit, account)
		if (err == nil) != c.valid || c.valid && a.ModificationLimit != c.limit {
			t.Errorf("limit %d after %d: action has %d, error %v; want valid %t", c.limit, c.present, a.ModificationLimit, err, c.valid)
		}
		if present := max(c.present, 100); err != nil && !strings.Contains(err.Error(), fmt.Sprintf("the present limit is %d", present)) {
			t.Errorf("limit %d after %d: error %v names no present limit", c.limit, c.present, err)
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
	r := &rejection.Rejection{Code: rejection.CodeMalformed, Field: "Amount", Message: "Must not be negative."}
	if got := r.Error(); got != "MALFORMED: Amount: Must not be negative." {
		t.Error(got)
	}
	r.Field = ""
	if got := r.Error(); got != "MALFORMED: Must not be negative." {
		t.Error(got)
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
