package ledger_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/oracle"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// The worked examples of docs/rules.md, section 10.

// ordered is the EventDate of the examples.
var ordered = time.Date(2026, 9, 10, 12, 0, 0, 0, time.UTC)

func decimal(s string) *money.Decimal {
	d, err := money.ParseDecimal(s)
	if err != nil {
		panic(err)
	}
	return &d
}

func rate(s string) program.Payout { return program.Payout{Rate: decimal(s)} }
func flat(s string) program.Payout { return program.Payout{Flat: decimal(s)} }

// exampleAccount returns an account with one partner. Its terms have a version for each
// payout, which take effect a day apart.
func exampleAccount(currency money.Currency, level program.Level, payouts ...program.Payout) *oracle.Memory {
	of := program.TermsOf{Contract: 1, EventType: sale}
	ref := &program.Reference{
		Account:    program.Account{ID: 1, Currency: currency, Zone: "America/Los_Angeles", ModificationLimit: program.DefaultModificationLimit},
		Campaigns:  map[int64]program.Campaign{shop: {ID: shop, Pricing: program.PricingCurrent}},
		EventTypes: map[int64]program.EventType{sale: {ID: sale, Campaign: shop, State: program.StateActive, DuplicateDays: 365}},
		Partners:   map[int64]program.Partner{partnerOne: {ID: partnerOne, State: program.StateActive}},
		Contracts:  map[int64]program.Contract{1: {ID: 1, Campaign: shop, Partner: partnerOne}},
		Terms:      make(map[program.TermsOf][]program.Terms),
	}
	for i, payout := range payouts {
		ref.Terms[of] = append(ref.Terms[of], program.Terms{
			TermsKey: program.TermsKey{TermsOf: of, Version: i + 1}, From: ordered.AddDate(0, 0, i-1).Add(time.Hour),
			Level: level, Default: payout, Locking: program.Locking{Days: 30},
		})
	}
	if err := ref.Prepare(); err != nil {
		panic(err)
	}
	return oracle.NewMemory(oracle.History{{From: ordered, Reference: ref}}, nil)
}

// report returns a conversion with lines such as "sku × quantity = amount".
func report(lines ...string) ledger.Conversion {
	c := ledger.Conversion{Campaign: shop, EventType: sale, EventDate: ordered, Order: "order", Partner: partnerOne}
	for i, text := range lines {
		var sku, amount string
		var quantity int64
		if _, err := fmt.Sscanf(text, "%s × %d = %s", &sku, &quantity, &amount); err != nil {
			panic(err)
		}
		c.Lines = append(c.Lines, ledger.ConversionLine{Number: i + 1, SKU: sku, Quantity: &quantity, Amount: decimal(amount)})
	}
	return c
}

// format formats an action like the examples.
func format(a ledger.Action, at time.Time) string {
	var items []string
	for _, item := range a.Items {
		items = append(items, fmt.Sprintf("%s × %d = %s pays %s",
			item.SKU, item.Quantity, a.Currency.Format(item.Amount), a.Currency.Format(item.Payout)))
	}
	return fmt.Sprintf("%s; %s pays %s, %s", strings.Join(items, ", "),
		a.Currency.Format(a.Amount), a.Currency.Format(a.Payout), a.State(at))
}

func itemChange(c ledger.ItemChange) ledger.Command {
	return ledger.Modification{Address: theOrder, Reason: "ORDER_UPDATE", Items: []ledger.ItemChange{c}}
}

func setQuantity(sku string, q int64) ledger.Command {
	return itemChange(ledger.ItemChange{SKU: sku, Quantity: &q})
}

var theOrder = ledger.Address{EventType: sale, Order: "order"}

const trackedA = "12345 × 2 = 19.27 pays 0.77, 67890 × 1 = 2.72 pays 0.11; 21.99 pays 0.88, PENDING"

// example is a command and the action that it results in.
type example struct {
	// from is "tracked" to start from the conversion, or "previous" to start from the
	// result of the previous example.
	from    string
	name    string
	command ledger.Command
	want    string
	deltas  string
}

var examplesOfTermsA = []example{
	{
		"tracked", "a lower quantity is priced from the line", setQuantity("12345", 1),
		"12345 × 1 = 9.64 pays 0.39, 67890 × 1 = 2.72 pays 0.11; 12.36 pays 0.50, PENDING", "-9.63, -0.38",
	},
	{"previous", "the old quantity restores the old amount", setQuantity("12345", 2), trackedA, "9.63, 0.38"},
	{
		"tracked", "an amount keeps the quantity", itemChange(ledger.ItemChange{SKU: "12345", Amount: decimal("15.00")}),
		"12345 × 2 = 15.00 pays 0.60, 67890 × 1 = 2.72 pays 0.11; 17.72 pays 0.71, PENDING", "-4.27, -0.17",
	},
	{
		"previous", "a reported amount becomes the line", setQuantity("12345", 1),
		"12345 × 1 = 7.50 pays 0.30, 67890 × 1 = 2.72 pays 0.11; 10.22 pays 0.41, PENDING", "-7.50, -0.30",
	},
	{
		"tracked", "a quantity of 0 reverses the item", setQuantity("12345", 0),
		"12345 × 0 = 0.00 pays 0.00, 67890 × 1 = 2.72 pays 0.11; 2.72 pays 0.11, PENDING", "-19.27, -0.77",
	},
	{
		"previous", "reversing the last item reverses the action", setQuantity("67890", 0),
		"12345 × 0 = 0.00 pays 0.00, 67890 × 0 = 0.00 pays 0.00; 0.00 pays 0.00, REVERSED", "-2.72, -0.11",
	},
	{
		"previous", "restoring an item restores the action", setQuantity("67890", 1),
		"12345 × 0 = 0.00 pays 0.00, 67890 × 1 = 2.72 pays 0.11; 2.72 pays 0.11, PENDING", "2.72, 0.11",
	},
	{"previous", "RESET restores the tracked state", ledger.Modification{Address: theOrder, Reason: "RESET"}, trackedA, "19.27, 0.77"},
	{
		"tracked", "a sub-total delta changes the line", itemChange(ledger.ItemChange{SKU: "12345", AmountDelta: decimal("-5.00")}),
		"12345 × 2 = 14.27 pays 0.57, 67890 × 1 = 2.72 pays 0.11; 16.99 pays 0.68, PENDING", "-5.00, -0.20",
	},
	{
		"tracked", "a new total is split over the items",
		ledger.Modification{Address: theOrder, Reason: "ORDER_UPDATE", Amount: decimal("10.00")},
		"12345 × 2 = 8.76 pays 0.35, 67890 × 1 = 1.24 pays 0.05; 10.00 pays 0.40, PENDING", "-11.99, -0.48",
	},
}

func TestExamplesOfTermsA(t *testing.T) {
	var account *oracle.Memory
	number := int64(0)
	for _, row := range examplesOfTermsA {
		t.Run(row.name, func(t *testing.T) {
			if row.from == "tracked" {
				account, number = exampleAccount("USD", program.LevelItem, rate("4")), 1
				a := applied(t, account, number, report("12345 × 2 = 19.27", "67890 × 1 = 2.72")).Action
				if diff := cmp.Diff(trackedA, format(a, ordered)); diff != "" {
					t.Fatalf("tracked (-want +got):\n%s", diff)
				}
			}
			number++
			a := applied(t, account, number, row.command).Action
			if diff := cmp.Diff(row.want, format(a, ordered)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			deltas := a.Currency.Format(a.Delta.Amount) + ", " + a.Currency.Format(a.Delta.Payout)
			if diff := cmp.Diff(row.deltas, deltas); diff != "" {
				t.Errorf("deltas (-want +got):\n%s", diff)
			}
		})
	}
}

// applied applies a command number minutes after the order. It fails the test if the
// command is rejected.
func applied(t *testing.T, account *oracle.Memory, number int64, command ledger.Command) ledger.Change {
	t.Helper()
	at := ordered.Add(time.Duration(number) * time.Minute)
	change, err := account.Apply(ledger.Submission{Number: number, Accepted: at, Command: command}, at)
	if err != nil {
		t.Fatal(err)
	}
	return change
}

func TestExampleOfChangedTerms(t *testing.T) {
	account := exampleAccount("USD", program.LevelItem, rate("4"), rate("10"))
	c := report("12345 × 2 = 19.27", "67890 × 1 = 2.72")
	if diff := cmp.Diff(trackedA, format(applied(t, account, 1, c).Action, ordered)); diff != "" {
		t.Fatalf("tracked (-want +got):\n%s", diff)
	}
	change := applied(t, account, 24*60, setQuantity("67890", 0))
	want := "12345 × 2 = 19.27 pays 1.93, 67890 × 0 = 0.00 pays 0.00; 19.27 pays 1.93, PENDING"
	if diff := cmp.Diff(want, format(change.Action, ordered)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var updates []string
	for _, u := range change.Updates {
		updates = append(updates, fmt.Sprintf("%s %s %d %d %s", u.SKU, u.Disposition, u.Delta.Amount, u.Delta.Payout, u.Terms))
	}
	wantUpdates := []string{"12345 RECALC_COMM 0 116 1/2240/2", "67890 ORDER_UPDATE -272 -11 1/2240/2"}
	if diff := cmp.Diff(wantUpdates, updates); diff != "" {
		t.Errorf("updates (-want +got):\n%s", diff)
	}
}

var examplesOfOtherTerms = map[string]struct {
	currency money.Currency
	level    program.Level
	payout   program.Payout
	lines    []string
	commands []ledger.Command
	want     []string
}{
	"terms B: an order's payout is split by the largest remainders": {
		"USD", program.LevelOrder, rate("7.5"),
		[]string{"1 × 1 = 11.11", "2 × 1 = 11.11", "3 × 1 = 11.11"},
		[]ledger.Command{setQuantity("1", 0)},
		[]string{
			"1 × 1 = 11.11 pays 0.84, 2 × 1 = 11.11 pays 0.83, 3 × 1 = 11.11 pays 0.83; 33.33 pays 2.50, PENDING",
			"1 × 0 = 0.00 pays 0.00, 2 × 1 = 11.11 pays 0.84, 3 × 1 = 11.11 pays 0.83; 22.22 pays 1.67, PENDING",
		},
	},
	"terms C: a flat payout stays while the total is positive": {
		"USD", program.LevelOrder, flat("5.00"),
		[]string{"1 × 1 = 30.00", "2 × 1 = 10.00"},
		[]ledger.Command{setQuantity("2", 0), setQuantity("1", 0)},
		[]string{
			"1 × 1 = 30.00 pays 3.75, 2 × 1 = 10.00 pays 1.25; 40.00 pays 5.00, PENDING",
			"1 × 1 = 30.00 pays 5.00, 2 × 0 = 0.00 pays 0.00; 30.00 pays 5.00, PENDING",
			"1 × 0 = 0.00 pays 0.00, 2 × 0 = 0.00 pays 0.00; 0.00 pays 0.00, REVERSED",
		},
	},
	"terms D: a flat payout is for each unit": {
		"USD", program.LevelItem, flat("0.25"),
		[]string{"1 × 3 = 30.00"},
		[]ledger.Command{setQuantity("1", 2)},
		[]string{
			"1 × 3 = 30.00 pays 0.75; 30.00 pays 0.75, PENDING",
			"1 × 2 = 20.00 pays 0.50; 20.00 pays 0.50, PENDING",
		},
	},
	"yen have no minor digits": {
		"JPY", program.LevelItem, rate("4"),
		[]string{"1 × 3 = 2999"},
		[]ledger.Command{setQuantity("1", 2)},
		[]string{
			"1 × 3 = 2999 pays 120; 2999 pays 120, PENDING",
			"1 × 2 = 1999 pays 80; 1999 pays 80, PENDING",
		},
	},
}

func TestExamplesOfOtherTerms(t *testing.T) {
	for name, c := range examplesOfOtherTerms {
		t.Run(name, func(t *testing.T) {
			account := exampleAccount(c.currency, c.level, c.payout)
			var got []string
			for i, command := range append([]ledger.Command{report(c.lines...)}, c.commands...) {
				got = append(got, format(applied(t, account, int64(i+1), command).Action, ordered))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
