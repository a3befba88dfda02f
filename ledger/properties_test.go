package ledger_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/trueup-ledger/trueup/internal/oracle"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// The campaign, event type and partner of the examples.
const shop, sale, partnerOne = 1000, 2240, 501

// drawOrder draws an order of one to four items.
func drawOrder(t *rapid.T) ledger.Conversion {
	c := report()
	for i := range rapid.IntRange(1, 4).Draw(t, "lines") {
		c.Lines = append(c.Lines, ledger.ConversionLine{
			Number: i + 1, SKU: fmt.Sprint(i), Quantity: new(rapid.Int64Range(1, 50).Draw(t, "quantity")),
			Amount: new(money.Decimal(rapid.Int64Range(0, 1e9).Draw(t, "amount"))),
		})
	}
	return c
}

// drawAccount draws an account with terms of one level and payout.
func drawAccount(t *rapid.T) *oracle.Memory {
	payouts := []program.Payout{rate("4"), rate("7.5"), rate("33.3333"), flat("0.25"), flat("5")}
	level := rapid.SampledFrom([]program.Level{program.LevelItem, program.LevelOrder}).Draw(t, "level")
	currency := rapid.SampledFrom([]money.Currency{"USD", "JPY", "KWD", "CLF"}).Draw(t, "currency")
	return exampleAccount(currency, level, rapid.SampledFrom(payouts).Draw(t, "payout"))
}

func itemStates(a ledger.Action) (states []ledger.ItemState) {
	for _, item := range a.Items {
		states = append(states, item.ItemState)
	}
	return states
}

func TestOriginalQuantityRestoresTheAmount(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m, c := drawAccount(rt), drawOrder(rt)
		before := applied(t, m, 1, c).Action
		line := rapid.SampledFrom(c.Lines).Draw(rt, "line")
		number := int64(1)
		for range rapid.IntRange(1, 4).Draw(rt, "changes") {
			number++
			applied(t, m, number, setQuantity(line.SKU, rapid.Int64Range(0, 60).Draw(rt, "quantity")))
		}
		after := applied(t, m, number+1, setQuantity(line.SKU, *line.Quantity)).Action
		if diff := cmp.Diff(itemStates(before), itemStates(after)); diff != "" || after.Totals != before.Totals {
			rt.Fatalf("(-before +after):\n%s", diff)
		}
	})
}

func TestOrderOfTwoReturnsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m, c := drawAccount(rt), drawOrder(rt)
		if rapid.Bool().Draw(rt, "fixed payout") {
			c.Payout = new(money.Decimal(rapid.Int64Range(0, 1e8).Draw(rt, "payout")))
		}
		reference, err := m.Reference(ordered)
		if err != nil {
			rt.Fatal(err)
		}
		other := oracle.NewMemory(oracle.History{{From: ordered, Reference: reference}}, nil)
		var returns []ledger.Command
		for range 2 {
			line := rapid.SampledFrom(c.Lines).Draw(rt, "line")
			returned := rapid.Int64Range(0, *line.Quantity/2).Draw(rt, "returned")
			returns = append(returns, itemChange(ledger.ItemChange{SKU: line.SKU, QuantityDelta: new(-returned)}))
		}
		applied(t, m, 1, c)
		applied(t, other, 1, c)
		applied(t, m, 2, returns[0])
		applied(t, other, 2, returns[1])
		first, second := applied(t, m, 3, returns[1]).Action, applied(t, other, 3, returns[0]).Action
		if diff := cmp.Diff(itemStates(first), itemStates(second)); diff != "" {
			rt.Fatalf("(-one order +other order):\n%s", diff)
		}
	})
}

// An amount of the whole action that is nearly 0 loses no proportions.
func TestATinyAmountKeepsTheProportions(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := drawOrder(rt)
		m, other := exampleAccount("USD", program.LevelItem, rate("4")), exampleAccount("USD", program.LevelItem, rate("4"))
		applied(t, m, 1, c)
		applied(t, other, 1, c)
		for i, amount := range rapid.SliceOfN(rapid.SampledFrom([]string{"0.01", "0.02", "7.00", "9999.99"}), 1, 4).Draw(rt, "amounts") {
			applied(t, m, int64(i+2), setAmount(amount))
		}
		first, second := applied(t, m, 9, setAmount("100.00")).Action, applied(t, other, 9, setAmount("100.00")).Action
		if diff := cmp.Diff(itemStates(second), itemStates(first)); diff != "" {
			rt.Fatalf("(-at once +after other amounts):\n%s", diff)
		}
	})
}

// By version 1 of the rules, the undo of a modification that preceded the reversal restores
// an item, but the action stays marked as reversed as a whole.
func TestReversalReversesItemThatUndoRestored(t *testing.T) {
	m := exampleAccount("USD", program.LevelItem, rate("4"))
	applied(t, m, 1, report("1 × 2 = 20.00", "2 × 1 = 10.00"))
	applied(t, m, 2, setQuantity("1", 0))
	applied(t, m, 3, ledger.Reversal{Address: theOrder, Reason: "REJECTED"})
	if _, err := m.Apply(ledger.Submission{Number: 4, Accepted: ordered, Rules: 1, Command: ledger.Undo{Submission: 2}}, ordered); err != nil {
		t.Fatal(err)
	}
	got := format(applied(t, m, 5, ledger.Reversal{Address: theOrder, Reason: "REJECTED"}).Action, ordered)
	want := "1 × 0 = 0.00 pays 0.00, 2 × 0 = 0.00 pays 0.00; 0.00 pays 0.00, REVERSED"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Payouts of different times can add up to too many digits. An undo must not combine them,
// even though it prices the action again.
func TestUndoDoesNotAddUpPayoutsOfDifferentTimes(t *testing.T) {
	m := exampleAccount("USD", program.LevelOrder, flat("900000000000"))
	applied(t, m, 1, report("1 × 1 = 10.00", "2 × 1 = 10.00"))
	applied(t, m, 2, setQuantity("1", 0))
	got := format(applied(t, m, 3, ledger.Undo{Submission: 2}).Action, ordered)
	want := "1 × 1 = 10.00 pays 450000000000.00, 2 × 1 = 10.00 pays 450000000000.00; 20.00 pays 900000000000.00, PENDING"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
