package ledger_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/oracle"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// lockedA is the order of terms A after locking.
const lockedA = "12345 × 2 = 19.27 pays 0.77, 67890 × 1 = 2.72 pays 0.11; 21.99 pays 0.88, APPROVED"

// lateAccount returns the account of the examples, with terms that accept late returns for 60
// days. Change can change the terms.
func lateAccount(change func(t *program.Terms), level program.Level, payouts ...program.Payout) *oracle.Memory {
	m := exampleAccount("USD", level, payouts...)
	ref, err := m.Reference(ordered)
	if err != nil {
		panic(err)
	}
	for _, versions := range ref.Terms {
		for i := range versions {
			versions[i].LateReturns = 60
			change(&versions[i])
		}
	}
	e := ref.EventTypes[sale]
	e.Dispositions = []program.Disposition{
		{Code: "HOLD", Effect: program.EffectModify}, {Code: "OKAY", Effect: program.EffectApprove}, {Code: "FRAUD", Effect: program.EffectReject},
	}
	ref.EventTypes[sale] = e
	return m
}

// step is a submission on a day, and its result: its adjustments, a rejection code or "".
type step struct {
	day     string
	command ledger.Command
	want    string
}

// formatAdjustments formats adjustments like the examples.
func formatAdjustments(adjustments []ledger.Adjustment) string {
	var lines []string
	for _, d := range adjustments {
		delta := d.Delta()
		lines = append(lines, fmt.Sprintf("%s %d→%d %s %s %s on %s", d.SKU, d.From.Quantity, d.To.Quantity,
			d.Currency.Format(delta.Amount), d.Currency.Format(delta.Payout), d.Reason, d.Effective.In(losAngeles).Format("01-02")))
	}
	return strings.Join(lines, ", ")
}

var losAngeles = func() *time.Location {
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		panic(err)
	}
	return zone
}()

func lateAmount(total string) ledger.Command {
	return ledger.Modification{Address: theOrder, Reason: "OTHER", Amount: decimal(total)}
}

func reverse(reason string) ledger.Command { return ledger.Reversal{Address: theOrder, Reason: reason} }

// TestLateReturnsAreAdjustments has the worked examples of docs/rules.md, section 11. The
// orders lock on 11 October and clear on 20 November.
func TestLateReturnsAreAdjustments(t *testing.T) {
	unchanged := func(*program.Terms) {}
	orderA := report("12345 × 2 = 19.27", "67890 × 1 = 2.72")
	for name, c := range map[string]struct {
		account *oracle.Memory
		order   ledger.Conversion
		steps   []step
		// want is the effective action.
		want string
	}{
		"a return before clearing takes effect when the action clears": {
			lateAccount(unchanged, program.LevelItem, rate("4")), orderA,
			[]step{
				{"11-12", setQuantity("12345", 1), "12345 2→1 -9.63 -0.38 ORDER_UPDATE on 11-20"},
				{"11-13", setQuantity("12345", 2), "12345 1→2 9.63 0.38 ORDER_UPDATE on 11-20"},
				{"11-14", setQuantity("12345", 3), "ADJUSTMENT_TOO_HIGH"},
			},
			lockedA,
		},
		"a return after clearing takes effect at once": {
			lateAccount(func(t *program.Terms) { t.Clearing.Days = new(10) }, program.LevelItem, rate("4")), orderA,
			[]step{{"11-12", setQuantity("12345", 1), "12345 2→1 -9.63 -0.38 ORDER_UPDATE on 11-12"}},
			"12345 × 1 = 9.64 pays 0.39, 67890 × 1 = 2.72 pays 0.11; 12.36 pays 0.50, APPROVED",
		},
		"the last modification before locking changes the action": {
			lateAccount(unchanged, program.LevelItem, rate("4")), orderA,
			[]step{
				{"10-10", setQuantity("12345", 1), "updates"},
				{"10-11", setQuantity("12345", 2), "ADJUSTMENT_TOO_HIGH"},
				{"10-11", setQuantity("12345", 0), "12345 1→0 -9.64 -0.39 ORDER_UPDATE on 11-20"},
			},
			"12345 × 0 = 0.00 pays 0.00, 67890 × 1 = 2.72 pays 0.11; 2.72 pays 0.11, APPROVED",
		},
		"a return moves the share of another item up": {
			lateAccount(unchanged, program.LevelOrder, flat("5.00")), report("a × 1 = 30.00", "b × 1 = 10.00"),
			[]step{{"11-12", setQuantity("b", 0), "a 1→1 0.00 1.25 RECALC_COMM on 11-20, b 1→0 -10.00 -1.25 ORDER_UPDATE on 11-20"}},
			"a × 1 = 30.00 pays 5.00, b × 0 = 0.00 pays 0.00; 30.00 pays 5.00, APPROVED",
		},
		"a smaller order in a better group is paid no more": {
			lateAccount(func(t *program.Terms) {
				t.Groups = []program.Group{{ID: 1, Payout: rate("10"), Rules: []program.Rule{
					{Variable: program.OrderTotal, Operator: program.LessThan, Values: []string{"35"}},
				}}}
			}, program.LevelItem, rate("5")), report("a × 1 = 30.00", "b × 1 = 10.00"),
			[]step{
				{"11-12", setQuantity("b", 0), "a 1→1 0.00 0.50 RECALC_COMM on 11-20, b 1→0 -10.00 -0.50 ORDER_UPDATE on 11-20"},
				{"11-13", setQuantity("a", 0), "a 1→0 -30.00 -2.00 ORDER_UPDATE on 11-20"},
			},
			"a × 0 = 0.00 pays 0.00, b × 0 = 0.00 pays 0.00; 0.00 pays 0.00, REVERSED",
		},
		"a backdated order can be too old for a return": {
			lateAccount(func(t *program.Terms) { t.From = time.Time{} }, program.LevelItem, rate("4")), func() ledger.Conversion {
				c := orderA
				c.EventDate = ordered.AddDate(0, -3, 0)
				return c
			}(),
			[]step{{"09-10", reverse("REJECTED"), "ADJUSTMENT_TOO_LATE"}},
			"12345 × 2 = 19.27 pays 0.77, 67890 × 1 = 2.72 pays 0.11; 21.99 pays 0.88, APPROVED",
		},
		"a backdated order enters when it was accepted": {
			lateAccount(func(t *program.Terms) { t.From, t.Clearing.Days, t.LateReturns = time.Time{}, new(1), 365 }, program.LevelItem, rate("4")), func() ledger.Conversion {
				c := orderA
				c.EventDate = ordered.AddDate(0, -3, 0)
				return c
			}(),
			[]step{{"09-10", reverse("REJECTED"), "12345 2→0 -19.27 -0.77 REJECTED on 09-10, 67890 1→0 -2.72 -0.11 REJECTED on 09-10"}},
			"12345 × 0 = 0.00 pays 0.00, 67890 × 0 = 0.00 pays 0.00; 0.00 pays 0.00, REVERSED",
		},
		"late returns are priced by the terms that priced the action last": {
			lateAccount(unchanged, program.LevelItem, rate("4"), rate("10")), orderA,
			[]step{
				{"09-20", setQuantity("67890", 0), "updates"}, // 10 %
				{"11-12", setQuantity("12345", 1), "12345 2→1 -9.63 -0.97 ORDER_UPDATE on 11-20"},
			},
			"12345 × 1 = 9.64 pays 0.96, 67890 × 0 = 0.00 pays 0.00; 9.64 pays 0.96, APPROVED",
		},
		"an order that nothing changed is priced by the terms that tracked it": {
			lateAccount(unchanged, program.LevelItem, rate("4"), rate("10")), orderA,
			[]step{{"11-12", setQuantity("12345", 1), "12345 2→1 -9.63 -0.38 ORDER_UPDATE on 11-20"}},
			"12345 × 1 = 9.64 pays 0.39, 67890 × 1 = 2.72 pays 0.11; 12.36 pays 0.50, APPROVED",
		},
		"a RESET restores the terms, too": {
			lateAccount(unchanged, program.LevelItem, rate("4"), rate("10")), orderA,
			[]step{
				{"09-20", setQuantity("67890", 0), "updates"}, // 10 %
				{"09-21", ledger.Modification{Address: theOrder, Reason: "RESET"}, "updates"},
				{"11-12", setQuantity("12345", 1), "12345 2→1 -9.63 -0.38 ORDER_UPDATE on 11-20"},
			},
			"12345 × 1 = 9.64 pays 0.39, 67890 × 1 = 2.72 pays 0.11; 12.36 pays 0.50, APPROVED",
		},
		"an adjustment is undone once": {
			lateAccount(unchanged, program.LevelItem, rate("4")), orderA,
			[]step{
				{"09-11", setQuantity("67890", 0), "updates"},                                     // submission 2
				{"11-12", setQuantity("12345", 1), "12345 2→1 -9.63 -0.38 ORDER_UPDATE on 11-20"}, // submission 3
				{"11-13", ledger.Undo{Submission: 2}, "ACTION_LOCKED"},
				{"11-13", ledger.Undo{Submission: 3}, "12345 1→2 9.63 0.38 UNDO on 11-20"},
				{"11-13", ledger.Undo{Submission: 3}, "ALREADY_UNDONE"},
			},
			"12345 × 2 = 19.27 pays 0.77, 67890 × 0 = 0.00 pays 0.00; 19.27 pays 0.77, APPROVED",
		},
		"an action that was reversed by adjustments allows only the undo": {
			lateAccount(unchanged, program.LevelItem, rate("4")), orderA,
			[]step{
				{"11-12", reverse("FRAUD"), "12345 2→0 -19.27 -0.77 FRAUD on 11-20, 67890 1→0 -2.72 -0.11 FRAUD on 11-20"},
				{"11-13", reverse("FRAUD"), ""},
				{"11-13", setQuantity("12345", 1), "ACTION_REVERSED"},
				{"11-13", ledger.Undo{Submission: 2}, "12345 0→2 19.27 0.77 UNDO on 11-20, 67890 0→1 2.72 0.11 UNDO on 11-20"},
			},
			lockedA,
		},
		"an amount of the whole action is split": {
			lateAccount(unchanged, program.LevelItem, rate("4")), orderA,
			[]step{
				{"11-12", lateAmount("10"), "12345 2→2 -10.51 -0.42 OTHER on 11-20, 67890 1→1 -1.48 -0.06 OTHER on 11-20"},
				{"11-13", lateAmount("10"), ""},
				{"11-13", lateAmount("22"), "ADJUSTMENT_TOO_HIGH"},
			},
			"12345 × 2 = 8.76 pays 0.35, 67890 × 1 = 1.24 pays 0.05; 10.00 pays 0.40, APPROVED",
		},
		"only quantities and amounts change after locking": {
			lateAccount(unchanged, program.LevelItem, rate("4")), orderA,
			[]step{
				{"11-12", itemChange(ledger.ItemChange{SKU: "12345", Category: new("Shoes")}), "ACTION_LOCKED"},
				{"11-12", itemChange(ledger.ItemChange{SKU: "12345", Name: new("Shoe"), Quantity: new(int64(1))}), "ACTION_LOCKED"},
				{"11-12", itemChange(ledger.ItemChange{SKU: "12345", Rebate: decimal("1"), Quantity: new(int64(1))}), "ACTION_LOCKED"},
				{"11-12", ledger.Modification{Address: theOrder, Reason: "OTHER", Amount: decimal("1"), CustomerStatus: new("VIP")}, "ACTION_LOCKED"},
				{"11-12", ledger.Modification{Address: theOrder, Reason: "HOLD"}, "ACTION_LOCKED"},
				{"11-12", ledger.Modification{Address: theOrder, Reason: "OKAY", Amount: decimal("1")}, "ACTION_LOCKED"},
				{"11-12", ledger.Modification{Address: theOrder, Reason: "RESET"}, "RESET_NOT_ADJUSTABLE"},
				{"11-12", ledger.Modification{Address: theOrder, Reason: "HOLD", Amount: decimal("21.99")}, ""},
				{"12-10", setQuantity("12345", 2), ""},
				{"12-11", setQuantity("12345", 2), "ADJUSTMENT_TOO_LATE"},
				{"12-11", ledger.Modification{Address: theOrder, Reason: "RESET"}, "ADJUSTMENT_TOO_LATE"},
				{"12-11", itemChange(ledger.ItemChange{SKU: "none", Quantity: new(int64(1))}), "ITEM_NOT_FOUND"},
			},
			lockedA,
		},
		"an action that was reversed before locking gets nothing back": {
			lateAccount(unchanged, program.LevelItem, rate("4")), orderA,
			[]step{
				{"09-11", setQuantity("12345", 0), "updates"},
				{"09-11", setQuantity("67890", 0), "updates"},
				{"11-12", setQuantity("12345", 1), "ADJUSTMENT_TOO_HIGH"},
				{"11-12", ledger.Undo{Submission: 2}, "ACTION_LOCKED"},
			},
			"12345 × 0 = 0.00 pays 0.00, 67890 × 0 = 0.00 pays 0.00; 0.00 pays 0.00, REVERSED",
		},
		"terms that refuse late returns": {
			lateAccount(func(t *program.Terms) { t.LateReturns = 0 }, program.LevelItem, rate("4")), orderA,
			[]step{
				{"10-11", setQuantity("12345", 1), "ACTION_LOCKED"},
				{"10-11", ledger.Modification{Address: theOrder, Reason: "RESET"}, "ACTION_LOCKED"},
			},
			lockedA,
		},
		"adjustments count towards the limit": {
			func() *oracle.Memory {
				m := lateAccount(unchanged, program.LevelItem, rate("4"))
				ref, _ := m.Reference(ordered)
				ref.Account.ModificationLimit = 2
				return m
			}(), orderA,
			[]step{
				{"09-11", setQuantity("67890", 0), "updates"},
				{"11-12", setQuantity("12345", 1), "12345 2→1 -9.63 -0.38 ORDER_UPDATE on 11-20"},
				{"11-12", setQuantity("12345", 2), "MODIFICATION_LIMIT_REACHED"},
				{"11-12", reverse("OTHER"), "12345 1→0 -9.64 -0.39 OTHER on 11-20"},
			},
			"12345 × 0 = 0.00 pays 0.00, 67890 × 0 = 0.00 pays 0.00; 0.00 pays 0.00, REVERSED",
		},
	} {
		t.Run(name, func(t *testing.T) { checkSteps(t, c.account, c.order, c.steps, c.want) })
	}
}

// checkSteps applies the conversion and the steps. It checks that a locked action never changes
// and that its adjustments continue its chain.
func checkSteps(t *testing.T, m *oracle.Memory, order ledger.Conversion, steps []step, want string) {
	t.Helper()
	tracked, err := m.Apply(ledger.Submission{Number: 1, Accepted: ordered, Command: order}, ordered)
	if err != nil {
		t.Fatal(err)
	}
	last := tracked.Action.Last
	for i, s := range steps {
		at, err := time.ParseInLocation("2006-01-02", "2026-"+s.day, losAngeles)
		if err != nil {
			t.Fatal(err)
		}
		at = at.UTC()
		if at.Before(ordered) {
			at = ordered
		}
		before := m.Actions[0]
		c, err := m.Apply(ledger.Submission{Number: int64(i) + 2, Accepted: at, Command: s.command}, at)
		got := formatAdjustments(c.Adjustments)
		if rejected := (*rejection.Rejection)(nil); errors.As(err, &rejected) {
			got = string(rejected.Code)
		} else if err != nil {
			t.Fatal(err)
		}
		if len(c.Updates) > 0 {
			got, last = "updates", m.Actions[0].Last
		} else if diff := cmp.Diff(before, m.Actions[0]); diff != "" {
			t.Errorf("step %d changes the locked action:\n%s", i, diff)
		}
		if got != s.want {
			t.Errorf("step %d is %q, want %q", i, got, s.want)
		}
		for _, d := range c.Adjustments {
			if d.Previous != last.Hash || d.Number != last.Number+1 || d.Hash != d.Sum() {
				t.Errorf("adjustment %s doesn't continue the chain", d.ID())
			}
			last = d.ChainPosition
		}
	}
	effective, err := m.Effective(m.Actions[0])
	if err != nil {
		t.Fatal(err)
	}
	if got := format(effective.Action, ordered.AddDate(1, 0, 0)); got != want {
		t.Errorf("effective action is\n%s, want\n%s", got, want)
	}
}

func TestALockedActionSaysWhatCanStillChange(t *testing.T) {
	for name, c := range map[string]struct {
		days int
		want string
	}{
		"terms that refuse late returns": {0, "The action locked at 2026-10-11T00:00:00-07:00; it can no longer be changed."},
		"terms that accept them": {60, "The action locked at 2026-10-11T00:00:00-07:00; " +
			"since then only quantities and amounts can be reduced, by themselves, and such reductions be undone."},
	} {
		t.Run(name, func(t *testing.T) {
			m := lateAccount(func(t *program.Terms) { t.LateReturns = c.days }, program.LevelItem, rate("4"))
			locked := ordered.AddDate(0, 2, 0)
			if _, err := m.Apply(ledger.Submission{Number: 1, Accepted: ordered, Command: report("12345 × 2 = 19.27")}, ordered); err != nil {
				t.Fatal(err)
			}
			command := itemChange(ledger.ItemChange{SKU: "12345", Category: new("Shoes")})
			_, err := m.Apply(ledger.Submission{Number: 2, Accepted: locked, Command: command}, locked)
			if rejected := (*rejection.Rejection)(nil); !errors.As(err, &rejected) || rejected.Message != c.want {
				t.Errorf("rejected with %v, want %q", err, c.want)
			}
		})
	}
}

func TestAStaleLateReturnNamesTheNewestRecord(t *testing.T) {
	m := lateAccount(func(*program.Terms) {}, program.LevelItem, rate("4"))
	tracked, err := m.Apply(ledger.Submission{Number: 1, Accepted: ordered, Command: report("12345 × 2 = 19.27")}, ordered)
	if err != nil {
		t.Fatal(err)
	}
	locked := ordered.AddDate(0, 2, 0)
	known := tracked.Updates[0].ID()
	stale := known
	stale.Number--
	late := func(expected ids.UpdateID, quantity int64) ledger.Modification {
		command := itemChange(ledger.ItemChange{SKU: "12345", Quantity: &quantity}).(ledger.Modification)
		command.Expected = expected
		return command
	}
	for i, c := range []struct {
		command ledger.Modification
		want    string // part of the message, or ""
	}{
		{late(stale, 1), "The newest update is " + known.String() + ";"},
		{late(known, 1), ""},
		{late(known, 0), "The newest update is " + known.Action.String() + ".A"},
	} {
		_, err := m.Apply(ledger.Submission{Number: int64(i) + 2, Accepted: locked, Command: c.command}, locked)
		rejected := (*rejection.Rejection)(nil)
		if errors.As(err, &rejected); (rejected == nil) != (c.want == "") || rejected != nil && !strings.Contains(rejected.Message, c.want) {
			t.Errorf("command %d is rejected with %v, want %q", i, err, c.want)
		}
	}
}

func TestAReversedActionSaysWhatRestoresIt(t *testing.T) {
	for name, c := range map[string]struct {
		reversed time.Time
		want     string
	}{
		"before locking": {ordered, "The action is reversed; send Reason=RESET first to restore it."},
		"after locking":  {ordered.AddDate(0, 2, 0), "The action is reversed; undo that reversal first to restore it."},
	} {
		t.Run(name, func(t *testing.T) {
			m := lateAccount(func(*program.Terms) {}, program.LevelItem, rate("4"))
			for i, command := range []ledger.Command{report("12345 × 2 = 19.27"), reverse("OTHER"), setQuantity("12345", 1)} {
				at := c.reversed
				if i == 0 {
					at = ordered
				}
				_, err := m.Apply(ledger.Submission{Number: int64(i) + 1, Accepted: at, Command: command}, at)
				rejected := (*rejection.Rejection)(nil)
				if errors.As(err, &rejected); i < 2 && err != nil || i == 2 && (rejected == nil || rejected.Message != c.want) {
					t.Errorf("command %d is rejected with %v, want %q", i, err, c.want)
				}
			}
		})
	}
}
